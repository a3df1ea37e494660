"""确认信息无变化: many rows at once, as the pages do; what cannot be confirmed is told, the others are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Router

from quanheng.api.operations.declaring import holder_of, writes
from quanheng.api.schemas.unchanged import ConfirmedOut, UnchangedEntitiesIn, UnchangedInstrumentsIn
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.instruments.services import confirm_unchanged as of_instruments
from quanheng.apps.registry.services import confirm_unchanged as of_entities
from quanheng.kit.refusal import RuleBroken

router = Router()
SAID = gettext_noop("确认与登记一致、没有变化，一次最多 1000 条；不能确认的逐条说明，其余照办。")


@router.post(
    "/instruments/confirm-unchanged",
    tags=["instruments"],
    **writes(KeyScope.WRITE_LEDGER, ConfirmedOut, gettext_noop("确认器具无变化"), SAID, status=200),
)
def confirm_instruments_unchanged(request: HttpRequest, body: UnchangedInstrumentsIn) -> dict[str, Any]:
    ids = set(body.instrument_ids)
    by = holder_of(request).actor
    return _told(ids, of_instruments.confirm_unchanged(instrument_ids=ids, by=by, at=timezone.now()))


@router.post(
    "/entities/confirm-unchanged",
    tags=["entities"],
    **writes(KeyScope.WRITE_LEDGER, ConfirmedOut, gettext_noop("确认档案无变化"), SAID, status=200),
)
def confirm_entities_unchanged(request: HttpRequest, body: UnchangedEntitiesIn) -> dict[str, Any]:
    ids = set(body.entity_ids)
    by = holder_of(request).actor
    return _told(ids, of_entities.confirm_unchanged(entity_ids=ids, by=by, at=timezone.now()))


def _told(ids: Collection[int], refused: Mapping[int, RuleBroken]) -> dict[str, Any]:
    rows = [{"id": pk, "code": why.code, "detail": why.message} for pk, why in sorted(refused.items())]
    return {"confirmed": len(ids) - len(refused), "refused": rows}
