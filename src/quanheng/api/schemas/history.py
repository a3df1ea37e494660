"""What an instrument has behind it: verifications and placements."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import CHANGED_AT, PROVENANCE, Instant, PageOut, shown
from quanheng.apps.instruments.enums import Provenance, Result, VerificationKind
from quanheng.apps.registry.enums import PremisesKind

VERIFICATION = {
    "id": 501,
    "instrument_id": 1024,
    "kind": "subsequent",
    "verified_on": "2026-01-01",
    "valid_until": "2026-12-31",
    "result": "passed",
    "certificate_number": "川检2026001",
    "institute": "成都市计量检定测试院",
    "provenance": "received",
    "regulation": "JJG 539-2016",
    "voided_on": None,
    "void_reason": "",
    "in_error": False,
    "disputed_at": None,
    "dispute": "",
    "asks_back": False,
    "recorded_at": "2026-01-02T09:00:00+08:00",
    "changed_at": "2026-01-02T09:00:00+08:00",
}


class VerificationOut(Schema):
    """One verification of one instrument."""

    model_config = shown(VERIFICATION)
    id: int
    instrument_id: int
    kind: VerificationKind
    verified_on: date
    valid_until: date | None
    result: Result
    certificate_number: str
    institute: str
    provenance: Provenance = Field(description=PROVENANCE)
    regulation: str
    voided_on: date | None = Field(description=gettext_noop("因铅封破损、启封或证书注销失效的日期"))
    void_reason: str
    in_error: bool = Field(description=gettext_noop("登记有误，已作废，视为从未登记"))
    disputed_at: Instant | None = Field(
        description=gettext_noop("申请作废（本平台出具的，申请注销）的时间；没有待决定的申请时为空")
    )
    asks_back: bool = Field(description=gettext_noop("申请撤销送修登记、恢复该检定；其余为申请作废或注销"))
    dispute: str = Field(description=gettext_noop("申请作废或注销的理由"))
    recorded_at: Instant
    changed_at: Instant = Field(description=CHANGED_AT)


class VerificationPage(PageOut):
    """Verifications, oldest record first."""

    model_config = shown({"items": [VERIFICATION], "next": None, "next_cursor": None})
    items: list[VerificationOut]


PLACEMENT = {
    "id": 9,
    "instrument_id": 1024,
    "entity_id": 87,
    "root_id": 7,
    "premises": "market",
    "place": "A11",
    "first_day": "2024-01-01",
    "last_day": "2024-12-31",
    "changed_at": "2025-01-01T09:00:00+08:00",
}


class PlacementOut(Schema):
    """Where an instrument was in use before."""

    model_config = shown(PLACEMENT)
    id: int
    instrument_id: int
    entity_id: int
    root_id: int
    premises: PremisesKind
    place: str
    first_day: date
    last_day: date
    changed_at: Instant = Field(description=CHANGED_AT)


class PlacementPage(PageOut):
    """Past placements."""

    model_config = shown({"items": [PLACEMENT], "next": None, "next_cursor": None})
    items: list[PlacementOut]
