"""The commitment of a draw in the public log: put there at once, proved by a file, and looked up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from quanheng.adapters.log_name import kept_name
from quanheng.adapters.public_log import log_folder, log_key, log_key_file, log_name, seal_into_folder, verify
from quanheng.apps.audit.commit_draw import commitment_act
from quanheng.apps.audit.log.proving import index_of, prove
from quanheng.apps.audit.log.sealing import AT_MOST
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.draw.publication import Publication, read_publication
from quanheng.regulation.transparency.evidence import Evidence, check_evidence, parse_evidence
from quanheng.regulation.transparency.notes import Key, Signed


def keeps_log() -> bool:
    """Does this installation keep a public log? Asking makes no key."""
    return bool(log_key_file().exists() and kept_name(Path(settings.DATA_DIR)))


def proof_of_act(act_id: int, *, at: datetime) -> str | None:
    """Take what waits into the log and return the proof of an act; None where another machine keeps the log.

    Raises:
        LogForked, CaseFault: the log stands still.
    """
    if not keeps_log():
        return None
    while seal_into_folder(at=at).added == AT_MOST:
        pass
    with acting_in(EVERYTHING):
        index = index_of(act_id)
    if index is None:
        return None
    found = prove(index, log_folder())
    return Evidence(index, found.evidence.proof, found.evidence.checkpoint, extra=found.entry).to_text()


def read_log_proof(text: str, keys: Sequence[Key]) -> Publication:
    """Return what a proof from the log says of a commitment, verified without a network.

    Args:
        keys: of the log first; then those of witnesses, and the one that signs with the time.

    Raises:
        CaseFault: it proves nothing, or nothing of a commitment.
    """
    evidence = parse_evidence(text)
    _, signed = check_evidence(evidence.extra, evidence, keys[0].name, keys, verify)
    return read_publication(evidence.extra, evidence.index, _earliest(signed))


def own_keys() -> list[Key]:
    """Return the keys of this installation's log; none where it keeps no log."""
    return [log_key().public, log_key().timed] if keeps_log() else []


def published_commitment(draw_id: str) -> Publication | None:
    """Return what this installation's published log says of a draw; None where it says nothing."""
    with acting_in(EVERYTHING, read_only=True):
        act = commitment_act(draw_id)
        index = None if act is None else index_of(act.pk)
    if index is None or not keeps_log():
        return None
    try:
        found = prove(index, log_folder())
        _, signed = check_evidence(found.entry, found.evidence, log_name(), own_keys(), verify)
        return read_publication(found.entry, index, _earliest(signed))
    except CaseFault:  # what cannot be shown is not there
        return None


def _earliest(signed: Sequence[Signed]) -> datetime | None:
    times = [one.time for one in signed if one.time is not None]
    return datetime.fromtimestamp(min(times), UTC) if times else None
