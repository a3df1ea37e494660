"""添加照片和附件: files that belong to an instrument or to an entity; their digests stand in the act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.attached import refusals
from quanheng.apps.instruments.models import Attachment, Instrument
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.registry.services.entity_acts import ENTITIES
from quanheng.kit.acts import Verb
from quanheng.kit.attached_files import KeptFile

MOST_AT_ONCE = 6


def attach_to_instrument(
    *, instrument_id: int, files: Sequence[KeptFile], title: str = "", by: Actor, at: datetime
) -> None:
    """Attach files to an instrument.

    Raises:
        RuleBroken: instrument_not_found, no_files, too_many_files.
    """
    _check(files)
    with act_on(acts.ATTACHED, instrument_id, by=by, at=at) as act:
        keep_rows(files, act.instrument, acts.ATTACHED, title=title, by=by, at=at)
        act.facts |= {"title": title.strip(), "files": [file.digest for file in files]}


def attach_to_entity(
    *, entity_id: int, files: Sequence[KeptFile], title: str = "", by: Actor, at: datetime
) -> None:
    """Attach files to the file of an entity.

    Raises:
        RuleBroken: entity_not_found, no_files, too_many_files.
    """
    _check(files)
    with act_on_row(ENTITIES, acts.ATTACHED, entity_id, by=by, at=at) as act:
        _keep(files, act.row.pk, None, verb=acts.ATTACHED, title=title, by=by, at=at)
        act.facts |= {"title": title.strip(), "files": [file.digest for file in files]}


def keep_rows(
    files: Sequence[KeptFile], instrument: Instrument, verb: Verb, *, title: str = "", by: Actor, at: datetime
) -> None:
    """Write the rows of files that come with an act on an instrument; their digests are the act's to tell."""
    _keep(files, instrument.entity_id, instrument, verb=verb, title=title, by=by, at=at)


def _keep(
    files: Sequence[KeptFile], entity_id: int, instrument: Instrument | None, *, verb: Verb, title: str,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    used = Attachment.objects.unscoped().filter(name__in=[file.name for file in files])
    if used.exists() or len({file.name for file in files}) < len(files):
        raise refusals.FILE_USED()
    rows = (
        Attachment(
            instrument=instrument, entity_id=entity_id, kind=file.kind, title=title.strip(), name=file.name,
            digest=file.digest, verb=verb, attached_by=by.user_id, attached_by_name=by.name, attached_at=at,
        )
        for file in files
    )  # fmt: skip
    try:
        with transaction.atomic():
            Attachment.objects.unscoped().bulk_create(rows)
    except IntegrityError:  # the same file at this moment, or where the actor does not see it
        raise refusals.FILE_USED() from None


def _check(files: Sequence[KeptFile]) -> None:
    if not files:
        raise refusals.NO_FILES()
    if len(files) > MOST_AT_ONCE:
        raise refusals.TOO_MANY_FILES(most=MOST_AT_ONCE)
