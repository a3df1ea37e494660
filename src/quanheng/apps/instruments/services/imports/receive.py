"""上传台账: the file is kept under its hash and waits for a worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.registry.queries import open_entity
from quanheng.kit.acts import check
from quanheng.kit.uploads import keep_upload


def receive_upload(
    *, name: str, chunks: Iterable[bytes], area_id: int | None = None, entity_id: int | None = None,
    premises: str = "", commit_without_asking: bool = False, key_id: int | None = None, by: Actor,
    at: datetime,
) -> ImportRun:  # fmt: skip
    """Keep an uploaded ledger and open a run for it.

    Args:
        area_id: where entities without an area column are; the actor's own seat when None.
        entity_id: the entity that every row belongs to, when the sheet names none.
        key_id: the key of the API through which it came.
        premises: what kind of place the sheet is about, where its columns do not tell.

    Raises:
        RuleBroken: wrong_kind_of_file, file_too_large, empty_file, no_area.
        NotYours: the actor may not import, or not for this entity.
    """
    check(acts.IMPORT_COMMITTED, by)
    entity_id = entity_id or by.scope.entity_id
    if entity_id is not None:
        place = open_entity(entity_id)
        if not place.reached_by(by):
            raise refusals.IMPORT_NOT_YOURS()
        area_id, premises = place.area_id, premises or place.premises
    area_id = area_id or by.area_id
    if area_id is None:
        raise refusals.NO_AREA()
    path, digest = keep_upload(name, chunks)
    with transaction.atomic():
        return ImportRun.objects.unscoped().create(
            file_name=Path(name).name[-200:], file_hash=digest, file_path=path.name, area_id=area_id,
            entity_id=entity_id, premises=premises, requested_by_id=by.user_id, uploader_name=by.name,
            uploader_role=by.role or "system", appointment_id=by.appointment_id, requested_at=at,
            stage=ImportStage.UPLOADED, commit_without_asking=commit_without_asking, key_id=key_id,
        )  # fmt: skip
