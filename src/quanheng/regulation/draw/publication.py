"""Did the commitment stand in the public log before the seed was known?

Who could commit after the seed is known would choose the result. The entry says when it was written; who
keeps the log could write another time into it. What proves it is a checkpoint over the entry that was signed,
by the log and by its witnesses, before the seed was known: `signed_at`. Where there is none, compare the log
with a mirror that was copied before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.verification import Difference, Verification

VERB = "draw_committed"


@dataclass(frozen=True, slots=True)
class Publication:
    """The entry of the public log in which a commitment stands; that it is in the log was verified.

    Args:
        index: of the entry.
        at: when it was written, as the log says.
        signed_at: the earliest time beside a signature of the checkpoint that proves it; None where unknown.
    """

    index: int
    draw_id: str
    digest: str
    at: datetime
    signed_at: datetime | None = None


def read_publication(entry: bytes, index: int, signed_at: datetime | None = None) -> Publication:
    """Read an entry of the public log.

    Raises:
        CaseFault: it tells of no commitment.
    """
    try:
        told = json.loads(entry)
        facts, at = told["facts"], datetime.fromisoformat(told["at"])
        publication = Publication(index, str(facts["draw_id"]), str(facts["digest"]), at, signed_at)
        is_ours = told["verb"] == VERB and at.tzinfo is not None
    except (ValueError, KeyError, TypeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise CaseFault(
            "log", "no_commitment", tell("公开记录第 {index} 条不是抽查承诺。", index=index), index=index
        )
    return publication


def with_publication(found: Verification, publication: Publication | None) -> Verification:
    """Return the verification with what the public log says against the draw."""
    return replace(found, differences=(*_differences(found, publication), *found.differences))


def _differences(found: Verification, publication: Publication | None) -> Iterator[Difference]:
    if publication is None:
        message = "没有出示承诺在公开记录中的证明；承诺若在种子公布之后才作出，结果就可以挑选。"
        yield Difference("log", "", "", message)
        return
    for field, stated, there in (
        ("log.draw_id", found.draw_id, publication.draw_id),
        ("log.digest", found.commitment_digest, publication.digest),
    ):
        if stated != there:
            message = tell(
                "公开记录第 {index} 条是 {there}，证明中是 {stated}：不是同一承诺。",
                index=publication.index,
                there=there,
                stated=stated,
            )
            yield Difference(field, stated, there, message)
    if found.known_at is not None and publication.at >= found.known_at:
        at, known = publication.at.isoformat(), found.known_at.isoformat()
        message = tell(
            "公开记录第 {index} 条写于 {at}，种子在 {known} 已公布：承诺作出得太晚。",
            index=publication.index,
            at=at,
            known=known,
        )
        yield Difference("log.at", known, at, message)


def was_signed_before(found: Verification, publication: Publication) -> bool:
    """Was the checkpoint that proves the entry signed before the seed was known?"""
    return (
        found.known_at is not None
        and publication.signed_at is not None
        and publication.signed_at < found.known_at
    )
