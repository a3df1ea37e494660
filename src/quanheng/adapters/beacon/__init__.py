"""The public randomness beacon: is a signature that of a round? (drand, BLS12-381), without a network."""

from quanheng.adapters.beacon.drand import verify_round

__all__ = ["verify_round"]
