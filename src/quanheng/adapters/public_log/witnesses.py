"""Asking witnesses to cosign a checkpoint (C2SP tlog-witness).

A witness keeps the last checkpoint that it saw of a log. It cosigns the next one only with a proof that the
log grew out of it: a log that shows different histories to different people needs every witness's help.
A witness that is slow, away or wrong is left out; the log goes on without it.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field

from quanheng.adapters.calls import Answer, NotReached, Patience, call
from quanheng.adapters.public_log.key import verify
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import parse_checkpoint
from quanheng.regulation.transparency.notes import COSIGNATURE, Key, Note, Signature, check_note, parse_note
from quanheng.regulation.transparency.tiles import Fetch, TileReader

log = logging.getLogger("quanheng.witnesses")

PATIENCE = Patience(silent=5.0, whole=20.0, most=10_000)
CONFLICT = 409  # the witness stands at another size, and says at which


@dataclass
class Witness:
    """Somebody outside who cosigns.

    Args:
        key: what the witness publishes; its algorithm is that of cosignatures.
        address: https address below which the witness listens.
    """

    key: Key
    address: str
    seen: int = field(default=0, init=False)  # entries of the last checkpoint that it cosigned

    def __post_init__(self) -> None:
        if self.key.algorithm != COSIGNATURE:
            raise CaseFault("key", "no_witness", "见证方的公钥应为联署公钥（算法 4）。")
        if not self.address.startswith(("https://", "http://127.0.0.1")):
            raise CaseFault("address", "not_https", "见证方的地址应以 https:// 开头。")


def parse_witnesses(text: str) -> list[Witness]:
    """Read `KEY ADDRESS`, several separated by semicolons. Raises CaseFault."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        key, _, address = part.partition(" ")
        found.append(Witness(Key.from_text(key), address.strip().rstrip("/")))
    return found


def cosigned(checkpoint: str, witnesses: Sequence[Witness], fetch: Fetch) -> str:
    """Return the signed checkpoint with the cosignatures of those witnesses that gave a good one."""
    note = parse_note(checkpoint)
    size = parse_checkpoint(note.text).size
    for witness in witnesses:
        try:
            note = note.with_signatures(*_ask(witness, note, size, fetch))
        except (NotReached, CaseFault, ValueError) as fault:
            log.warning("witness %s did not cosign: %s", witness.key.name, fault)
        else:
            witness.seen = size
    return note.to_text()


def _ask(witness: Witness, note: Note, size: int, fetch: Fetch) -> list[Signature]:
    answer = _post(witness, note, size, fetch)
    if answer.status == CONFLICT:
        witness.seen = int(answer.body[:30].decode("ascii"))
        answer = _post(witness, note, size, fetch)
    if not answer.is_good:
        raise NotReached(f"HTTP {answer.status}")
    given = parse_note(f"{note.text}\n{answer.body.decode()}")
    check_note(given, [witness.key], verify)
    wanted = (witness.key.name, witness.key.key_id)
    return [signature for signature in given.signatures if (signature.name, signature.key_id) == wanted]


def _post(witness: Witness, note: Note, size: int, fetch: Fetch) -> Answer:
    proof = TileReader(size, fetch).consistency_proof(witness.seen) if witness.seen else []
    lines = [f"old {witness.seen}", *(b64encode(hash_).decode() for hash_ in proof), "", note.to_text()]
    body = "\n".join(lines).encode()
    return call("POST", f"{witness.address}/add-checkpoint", body=body, patience=PATIENCE)
