"""Instruments and their history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import (
    CURSOR,
    NEXT,
    PROVENANCE,
    CountedPageOut,
    Instant,
    PageOut,
    Quantity,
    partial,
    shown,
    strict,
)
from quanheng.api.schemas.entities import EntityOut
from quanheng.apps.instruments.enums import (
    InstrumentState,
    MarkGeneration,
    Provenance,
    Result,
    Use,
)
from quanheng.apps.instruments.queries.ledger import current_of, trust_of
from quanheng.apps.registry.enums import PremisesKind
from quanheng.regulation.trust import Grade, Reason

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

CURRENT = {"counts": True, "until": "2026-12-31", "ended_on": None, "why": None}
TRUST = {"grade": "green", "reason": "valid", "days_left": 38}
REGISTERED = {
    "item": "digital-indicating-scale",
    "name": "电子计价秤",
    "model": "ACS-30",
    "serial_number": "SN0001",
    "manufacturer": "衡器厂",
    "accuracy_class": "Ⅲ",
    "max_capacity_g": "30000",
    "e_g": "10",
    "use": "trade",
    "place": "A12",
    "in_use_since": "2025-01-01",
}
INSTRUMENT = {
    **REGISTERED,
    "id": 1024,
    "entity_id": 88,
    "root_id": 7,
    "parent_id": None,
    "area_code": "510104000000",
    "area_name": "成都市锦江区",
    "premises": "market",
    "type_approval_number": "2019F123-51",
    "min_capacity_g": "200",
    "d_g": "10",
    "measuring_range": "",
    "longitude": None,
    "latitude": None,
    "manufactured_on": "2024-11-02",
    "software_version": "",
    "generation": "one_code",
    "production_code": "",
    "repair_code": "",
    "verification_code": "",
    "state": "in_use",
    "return_reason": "",
    "seal_broken": False,
    "seal_opened": False,
    "disputed_on": None,
    "locked": False,
    "impounded": False,
    "verified_on": "2026-01-01",
    "valid_until": "2026-12-31",
    "trusted_until": "2026-12-31",
    "result": "passed",
    "certificate_number": "川检2026001",
    "institute": "成都市计量检定测试院",
    "provenance": "received",
    "code": "Q10W40J2GB1G6GW3RG24913R",
    "registered_at": "2025-01-02T09:00:00+08:00",
    "changed_at": "2026-01-02T09:00:00+08:00",
    "version": 3,
    "trust": TRUST,
    "verification": CURRENT,
}


class CurrentOut(Schema):
    """What the newest verification is worth today; `valid_until` says what its certificate said."""

    model_config = shown(CURRENT)
    counts: bool = Field(description=gettext_noop("最近一次检定是否作数"))
    until: date | None = Field(description=gettext_noop("作数的最后一天；长期有效或不作数时为空"))
    ended_on: date | None = Field(description=gettext_noop("不作数的第一天；作数时为空"))
    why: Reason | None = Field(description=gettext_noop("不作数的原因，如铅封破损、启封；作数时为空"))


class TrustOut(Schema):
    """Whether the instrument may be trusted today, as the scan page says it."""

    model_config = shown(TRUST)
    grade: Grade = Field(
        description=gettext_noop("green 有效、amber 即将到期、未核实或复核中、red 不得使用、grey 未在用")
    )
    reason: Reason = Field(description=gettext_noop("原因"))
    days_left: int | None = Field(
        description=gettext_noop("距有效期届满的天数；过期为负；不按日期判断时为空")
    )


class InstrumentOut(Schema):
    """A measuring instrument in the ledger."""

    model_config = shown(INSTRUMENT)
    id: int
    entity_id: int = Field(description=gettext_noop("使用单位"))
    root_id: int = Field(description=gettext_noop("顶层主体：摊位所在市场、网点所属公司"))
    parent_id: int | None = Field(description=gettext_noop("所属整机，如加油枪所属加油机"))
    area_code: str = Field(description=gettext_noop("行政区划代码"))
    area_name: str = Field(description=gettext_noop("行政区划全称"))
    premises: PremisesKind = Field(description=gettext_noop("场所类型"))
    item: str = Field(description=gettext_noop("目录项标识"))
    name: str
    model: str
    serial_number: str
    manufacturer: str
    type_approval_number: str
    accuracy_class: str
    max_capacity_g: Quantity | None = Field(description=gettext_noop("最大秤量，克"))
    min_capacity_g: Quantity | None = Field(description=gettext_noop("最小秤量，克"))
    e_g: Quantity | None = Field(description=gettext_noop("检定分度值 e，克"))
    d_g: Quantity | None = Field(description=gettext_noop("实际分度值 d，克"))
    measuring_range: str
    use: Use
    place: str = Field(description=gettext_noop("安装位置：摊位号、科室、加油机号、油枪号"))
    longitude: Quantity | None
    latitude: Quantity | None
    manufactured_on: date | None
    in_use_since: date | None
    software_version: str
    generation: MarkGeneration
    production_code: str
    repair_code: str
    verification_code: str
    state: InstrumentState
    return_reason: str
    seal_broken: bool
    seal_opened: bool = Field(description=gettext_noop("铅封已依法启封，尚未重新检定"))
    disputed_on: date | None = Field(
        description=gettext_noop("申请作废或注销、等待另一人决定的起始日期；没有时为空")
    )
    locked: bool
    impounded: bool
    verified_on: date | None
    valid_until: date | None
    trusted_until: date | None = Field(
        description=gettext_noop("检定作数的最后一天：有效期至，或铅封破损、启封的前一天")
    )
    result: Result | None
    certificate_number: str
    institute: str
    provenance: Provenance | None = Field(description=PROVENANCE)
    code: str | None = Field(description=gettext_noop("器具码"))
    registered_at: Instant
    changed_at: Instant
    version: int = Field(description=gettext_noop("版本，即 ETag"))
    trust: TrustOut
    verification: CurrentOut

    @staticmethod
    def resolve_area_code(row: Instrument) -> str:
        return row.area.code

    @staticmethod
    def resolve_area_name(row: Instrument) -> str:
        return row.area.full_name

    @staticmethod
    def resolve_item(row: Instrument) -> str:
        return row.item.slug

    @staticmethod
    def resolve_result(row: Instrument) -> str | None:
        return row.result or None

    @staticmethod
    def resolve_provenance(row: Instrument) -> str | None:
        return row.provenance or None

    @staticmethod
    def resolve_trust(row: Instrument) -> Any:
        return trust_of(row, timezone.localdate())

    @staticmethod
    def resolve_verification(row: Instrument) -> Any:
        now = current_of(row, timezone.localdate())
        return {"counts": now.counts, "until": now.until, "ended_on": now.since, "why": now.why}


class ListedInstrumentOut(InstrumentOut):
    """An instrument of a list, with what was asked for along with it."""

    model_config = shown(INSTRUMENT)
    entity: EntityOut | None = Field(
        None, description=gettext_noop("使用单位，只在 expand=entity 时返回；不在密钥范围内的为空")
    )

    @staticmethod
    def resolve_entity(row: Any) -> EntityOut | None:
        """Return what the operation brought along, never what the row could fetch by itself."""
        return getattr(row, "brought_entity", None)


class InstrumentPage(CountedPageOut):
    """Instruments, and the address of the next page."""

    model_config = shown({"items": [INSTRUMENT], "next": NEXT, "next_cursor": CURSOR, "total": None})
    items: list[ListedInstrumentOut]


Grams = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=3)]
Division = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=4)]
Degrees = Annotated[Decimal, Field(ge=-180, le=180, max_digits=9, decimal_places=6)]


class InstrumentFacts(Schema):
    """What may be registered and corrected."""

    item: str = Field(max_length=60, description=gettext_noop("目录项标识，见 GET /api/v1/catalogue"))
    name: str = Field(min_length=1, max_length=80)
    serial_number: str = Field(min_length=1, max_length=60, description=gettext_noop("出厂编号"))
    manufacturer: str = Field("", max_length=120)
    model: str = Field("", max_length=80)
    type_approval_number: str = Field("", max_length=60)
    accuracy_class: str = Field("", max_length=20)
    max_capacity_g: Grams | None = Field(None, description=gettext_noop("最大秤量，克"))
    min_capacity_g: Grams | None = Field(None, description=gettext_noop("最小秤量，克"))
    e_g: Division | None = Field(None, description=gettext_noop("检定分度值 e，克"))
    d_g: Division | None = Field(None, description=gettext_noop("实际分度值 d，克"))
    measuring_range: str = Field("", max_length=80)
    use: Use = Use.TRADE
    longitude: Degrees | None = None
    latitude: Degrees | None = None
    manufactured_on: date | None = None
    in_use_since: date | None = None
    software_version: str = Field("", max_length=40)
    generation: MarkGeneration = MarkGeneration.ONE_CODE
    production_code: str = Field("", max_length=60)
    repair_code: str = Field("", max_length=60)
    verification_code: str = Field("", max_length=60)


class InstrumentIn(InstrumentFacts):
    """An instrument to register."""

    model_config = strict({"entity_id": 88, **REGISTERED})
    entity_id: int = Field(description=gettext_noop("使用单位"))
    place: str = Field(
        "", max_length=80, description=gettext_noop("安装位置：摊位号、科室、加油机号、油枪号")
    )
    parent_id: int | None = Field(None, description=gettext_noop("所属整机"))


class InstrumentChanges(InstrumentFacts):
    """Facts to correct: only those that are sent change. Where it stands changes by moving it, not here."""

    model_config = partial({"model": "ACS-15", "max_capacity_g": "15000"})
    item: str = Field("", max_length=60)
    name: str = Field("", min_length=1, max_length=80)
    serial_number: str = Field("", min_length=1, max_length=60)


class DeletedOut(Schema):
    """What is gone."""

    model_config = shown({"deleted": 1024})
    deleted: int


class MoveIn(Schema):
    """Where an instrument goes."""

    model_config = strict({"entity_id": 89, "place": "B07", "on": "2026-11-23", "reason": "摊位调整"})
    entity_id: int = Field(description=gettext_noop("新的使用单位；只变更位置的，填现在的使用单位"))
    place: str = Field(max_length=80, description=gettext_noop("安装位置：摊位号、科室、加油机号、油枪号"))
    on: date = Field(description=gettext_noop("从这一天起"))
    reason: str = Field("", max_length=200)


CATALOGUE_ITEM = {
    "slug": "digital-indicating-scale",
    "name": "非自动衡器",
    "synonyms": ["电子秤", "计价秤"],
    "category": "scale",
    "supervision": "PV",
    "mode": "periodic",
    "source": "市场监管总局公告2020年第42号",
    "verified": True,
}


class CatalogueItemOut(Schema):
    """An item of the catalogue of compulsorily managed instruments."""

    model_config = shown(CATALOGUE_ITEM)
    slug: str = Field(description=gettext_noop("标识"))
    name: str
    synonyms: list[str] = Field(description=gettext_noop("俗称"))
    category: str
    supervision: str = Field(description=gettext_noop("监管方式：P 型式批准，V 强制检定"))
    mode: str = Field(description=gettext_noop("检定方式"))
    source: str = Field(description=gettext_noop("来源"))
    verified: bool = Field(description=gettext_noop("已与原文核对"))


class CataloguePage(PageOut):
    """Items of the catalogue in force today."""

    model_config = shown({"items": [CATALOGUE_ITEM], "next": None, "next_cursor": None})
    items: list[CatalogueItemOut]
