"""Rounds of drand chains, verified by the library `drand-verify` with the public key of the rule pack.

Fetching a round is left to whoever draws: `https://api.drand.sh/<chain hash>/public/<round>` and its mirrors
give the signature, and 48 bytes can be typed in where no network is.
"""

from __future__ import annotations

from collections.abc import Callable

import drand_verify

from quanheng.packs.rule_pack import RulePacks

BEACON_RULE = "draw/beacon"
SCHEMES: dict[str, Callable[[int, str, str], str]] = {
    "bls-unchained-g1-rfc9380": drand_verify.verify_quicknet,
}


def verify_round(packs: RulePacks) -> Callable[[str, int, bytes], bool]:
    """Return what tells whether a signature is that of a round of a chain (`regulation.draw.seed`).

    Args:
        packs: the editions of `draw/beacon` are the chains that are known; no other one is believed.
    """
    chains = {pack.table("chain").values["chain_hash"]: pack for pack in packs.editions(BEACON_RULE)}

    def verify(chain_hash: str, number: int, signature: bytes) -> bool:
        if chain_hash not in chains:
            return False
        chain = chains[chain_hash].table("chain").values
        try:
            SCHEMES[chain["scheme"]](number, signature.hex(), chain["public_key"])
        except ValueError:  # the library's word for: no signature of this round
            return False
        return True

    return verify
