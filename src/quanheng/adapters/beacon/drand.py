"""Rounds of drand chains, verified with the public key of the rule pack by pairings on BLS12-381.

The library `py-arkworks-bls12381` does the arithmetic of the curve; what drand signs is said here. Fetching a
round is left to whoever draws: `https://api.drand.sh/<chain hash>/public/<round>` and its mirrors give the
signature, and 48 bytes can be typed in where no network is.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from py_arkworks_bls12381 import GT, G1Point, G2Point

from quanheng.packs.rule_pack import RulePacks
from quanheng.regulation.draw.commitment import BEACON_RULE, DEMONSTRATION_RULE

G1_SUITE = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # RFC 9380, 8.8.1


def message_of(number: int) -> bytes:
    """Return what a chain signs of a round: SHA-256 of its number, 8 bytes, highest first."""
    return sha256(number.to_bytes(8, "big")).digest()


def quicknet_fits(public_key: bytes, number: int, signature: bytes) -> bool:
    """Say whether a signature is that of a round of an unchained chain with signatures on G1.

    The signature is the message's point times the private key, so that
    e(signature, generator) = e(point, public key).

    Args:
        public_key: a point of G2, compressed, 96 bytes.
        signature: a point of G1, compressed, 48 bytes.
    """
    message = message_of(number)
    try:  # bytes that are no point of the curve, or none of its prime-order subgroup
        signed, key = G1Point.from_compressed_bytes(signature), G2Point.from_compressed_bytes(public_key)
    except ValueError:
        return False
    return GT.pairing_check([signed, -G1Point.hash_to_curve(message, G1_SUITE)], [G2Point(), key])


SCHEMES: dict[str, Callable[[bytes, int, bytes], bool]] = {"bls-unchained-g1-rfc9380": quicknet_fits}


def verify_round(packs: RulePacks, *, demonstration: bool = False) -> Callable[[str, int, bytes], bool]:
    """Return what tells whether a signature is that of a round of a chain (`regulation.draw.seed`).

    Args:
        packs: the editions of `draw/beacon` are the chains that are known; no other one is believed.
        demonstration: the database is a demonstration's, where its own chain, which everybody signs, is
            believed as well.
    """
    known = packs.editions(BEACON_RULE) + (packs.editions(DEMONSTRATION_RULE) if demonstration else [])
    chains = {pack.table("chain").values["chain_hash"]: pack for pack in known}

    def verify(chain_hash: str, number: int, signature: bytes) -> bool:
        if chain_hash not in chains:
            return False
        chain = chains[chain_hash].table("chain").values
        return SCHEMES[chain["scheme"]](bytes.fromhex(chain["public_key"]), number, signature)

    return verify
