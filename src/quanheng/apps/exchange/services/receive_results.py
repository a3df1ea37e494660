"""上传检定结果: the file is kept under its hash and waits for a worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import province_id
from quanheng.apps.exchange import acts
from quanheng.apps.exchange.enums import Content, Direction
from quanheng.apps.exchange.mapping import ECQS, mapping_of
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.kit.acts import check
from quanheng.kit.uploads import keep_upload


def receive_results(*, name: str, chunks: Iterable[bytes], by: Actor, at: datetime) -> ExchangeRun:
    """Keep an uploaded sheet of verification results and open a run for it.

    Raises:
        RuleBroken: wrong_kind_of_file, file_too_large, empty_file, mapping_unreadable.
        NotYours: the actor does not exchange files.
    """
    check(acts.EXCHANGE_RUN, by)
    mapping = mapping_of(ECQS, timezone.localdate(at))
    path, digest = keep_upload(name, chunks)
    return ExchangeRun.objects.unscoped().create(
        direction=Direction.IN, content=Content.RESULTS, area_id=by.area_id or province_id(),
        mapping=mapping.name, mapping_digest=mapping.pack.digest, file_name=Path(name).name[-200:],
        file_path=path.name, file_hash=digest, file_bytes=path.stat().st_size, requested_by_id=by.user_id,
        appointment_id=by.appointment_id, requested_at=at,
    )  # fmt: skip
