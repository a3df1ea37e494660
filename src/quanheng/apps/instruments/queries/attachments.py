"""Reading attached files: who sees which, and whether what is kept is what its act says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from quanheng.apps.audit.log.checking import Finding
from quanheng.apps.audit.queries import ToldFiles, acts_naming
from quanheng.apps.instruments.models import Attachment
from quanheng.kit.attached_files import digest_of, read_kept

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.kit.scope import ScopedQuerySet

SHOWN = 60
TELLING = ("photos", "files")  # facts of an act that name files by their digests


def attachments(by: Actor) -> ScopedQuerySet[Attachment]:
    """Return the attached files that an actor sees; what was withdrawn is the office's alone."""
    rows = Attachment.objects.visible_to(by)
    return rows if by.is_officer or by.scope.everything else rows.filter(withdrawn_at=None)


def attachment(pk: int, by: Actor) -> Attachment | None:
    """Return one of them. Whose it was may lie where the actor does not reach: it is read apart."""
    return attachments(by).select_related("instrument").filter(pk=pk).first()


def of_instrument(instrument_id: int, by: Actor) -> list[Attachment]:
    """Return the files of an instrument, the newest first."""
    return list(attachments(by).filter(instrument_id=instrument_id).order_by("-pk")[:SHOWN])


def of_entity(entity_id: int, by: Actor) -> list[Attachment]:
    """Return the files of an entity itself, the newest first; those of its instruments are on their pages."""
    return list(attachments(by).filter(entity_id=entity_id, instrument=None).order_by("-pk")[:SHOWN])


def of_act(act: ToldFiles, by: Actor) -> list[Attachment]:
    """Return the files that came with an act."""
    if not any(act.after.get(name) for name in TELLING):
        return []
    digests = [digest for name in TELLING for digest in act.after.get(name, ())]
    rows = attachments(by).filter(entity_id=act.entity_id or 0, attached_at=act.at, digest__in=digests)
    return list(rows.order_by("pk"))


def as_attached(row: Attachment) -> bytes | None:
    """Return a file's content where it is still what its act says; None where it was exchanged or is gone."""
    data = read_kept(row.name)
    return data if data is not None and digest_of(data) == row.digest else None


def check_attachments() -> Iterator[Finding]:
    """Yield what is not as an act says: files that were exchanged or are gone, rows changed or slipped in.

    Every row is read, and every act that names files. The scope must let everything through.
    """
    told = _told()
    for row in Attachment.objects.unscoped().order_by("pk").iterator():
        where = f"attachment {row.pk}"
        if not told[row.attached_at, row.digest]:
            yield Finding(where, "没有操作记录登记过这份照片或文件。")
        told[row.attached_at, row.digest] -= 1
        if row.forgotten_at is not None:
            continue
        data = read_kept(row.name)
        if data is None:
            yield Finding(where, "文件缺失。")
        elif digest_of(data) != row.digest:
            yield Finding(where, "文件已被替换，与登记时的摘要不符。")
    for at, digest in (+told).elements():
        yield Finding(f"act of {at:%Y-%m-%d %H:%M:%S}", f"登记过的照片或文件已不在库中，摘要 {digest}。")


def _told() -> Counter[tuple[datetime, str]]:
    """Return what acts say that they attached, when and with which digest; one picture may come twice."""
    return Counter(
        (at, digest)
        for at, after in acts_naming(*TELLING)
        for name in TELLING
        for digest in after.get(name, ())
    )
