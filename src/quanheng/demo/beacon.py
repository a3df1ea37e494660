"""演示信标: the rounds of the demonstration's own chain, signed here, as a public beacon would publish them.

The key follows from a sentence that everybody reads below: whoever likes makes any round, past or to come. It
proves nothing about who was drawn, and is believed in a demonstration's database alone
(`adapters.beacon.verify_round`).
"""

from __future__ import annotations

from hashlib import sha256

from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from quanheng.adapters.beacon.drand import G1_SUITE, message_of

SENTENCE = "权衡演示信标：任何人都可以签出任何一轮，不能证明任何抽查。"
KEY = Scalar.from_be_bytes_mod_order(sha256(SENTENCE.encode()).digest())


def public_key() -> str:
    """Return the point of G2 that verifies the rounds, compressed, in hexadecimal."""
    return bytes((G2Point() * KEY).to_compressed_bytes()).hex()


def signature_of(number: int) -> str:
    """Return the signature of a round: 96 hexadecimal digits."""
    point = G1Point.hash_to_curve(message_of(number), G1_SUITE) * KEY
    return bytes(point.to_compressed_bytes()).hex()
