"""Reading, registering and correcting instruments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Status

from quanheng.api import versions
from quanheng.api.cursors import order_of, page_of
from quanheng.api.operations.changes import SincePaging, may_be_gone, only_changed
from quanheng.api.operations.declaring import (
    Counting,
    Paging,
    expanding,
    holder_of,
    reads,
    sorting,
    writes,
)
from quanheng.api.operations.entities import entity_out
from quanheng.api.operations.seen import holder_who_saw
from quanheng.api.schemas.history import PlacementPage
from quanheng.api.schemas.instruments import (
    CataloguePage,
    DeletedOut,
    InstrumentChanges,
    InstrumentIn,
    InstrumentOut,
    InstrumentPage,
    MoveIn,
)
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder
from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.queries import exchange
from quanheng.apps.instruments.queries.catalogue import items_in_force
from quanheng.apps.instruments.services.delete_draft import delete_draft
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.register_instrument import change_instrument, register_instrument
from quanheng.apps.registry.enums import PremisesKind
from quanheng.apps.registry.queries import entities

router = Router(tags=["instruments"])


NARROWING = ("area", "entity_id", "root_id", "import_id", "serial_number", "code")
SORTS = ("id", "registered_at", "verified_on", "valid_until", "manufacturer")


class InstrumentFilters(SincePaging, Counting):
    """Filters of the list; they narrow it down together."""

    sort: str = sorting(*SORTS)
    expand: str = expanding("entity")

    area: str | None = Field(None, pattern=r"^\d{2,12}$", description=gettext_noop("区划代码，含其下辖"))
    entity_id: int | None = Field(None, description=gettext_noop("使用单位"))
    root_id: int | None = Field(None, description=gettext_noop("市场或公司，含其摊位、网点"))
    premises: PremisesKind | None = Field(None, description=gettext_noop("场所类型"))
    item: str | None = Field(None, max_length=60, description=gettext_noop("目录项标识"))
    state: list[InstrumentState] = Field([], description=gettext_noop("可以写几个：state=a&state=b"))
    import_id: int | None = Field(None, description=gettext_noop("由这次导入新增的"))
    serial_number: str | None = Field(None, max_length=60)
    code: str | None = Field(None, max_length=32, description=gettext_noop("器具码"))
    seal_broken: bool | None = None
    seal_opened: bool | None = None
    due_by: date | None = Field(None, description=gettext_noop("在用，且最迟到这一天检定不再作数"))


@router.get(
    "/instruments",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            InstrumentPage,
            gettext_noop("器具列表"),
            gettext_noop(
                "按编号顺序列出密钥范围内的器具。翻页用 next；翻页期间新增的器具不会造成重复或遗漏。"
            ),
        )
    ),
)
def list_instruments(request: HttpRequest, filters: Query[InstrumentFilters]) -> dict[str, Any]:
    how = {"cursor", "limit", "changed_since", "state", "totals", "sort", "expand"}
    wanted = exchange.Wanted(**filters.dict(exclude=how), states=filters.state)
    holder = holder_of(request)
    actor = holder.actor
    rows = exchange.instruments(wanted, actor)
    rows = only_changed(rows, ChangeKind.INSTRUMENT, filters.changed_since, actor)
    is_narrow = any(getattr(filters, name) is not None for name in NARROWING)
    order = order_of(rows, filters.sort, actor, is_narrow=is_narrow)
    page = page_of(
        request, rows, cursor=filters.cursor, limit=filters.limit, order=order, totals=filters.totals
    )
    if filters.expand:
        bring_entities(page["items"], holder)
    return page


def bring_entities(rows: Iterable[Any], holder: KeyHolder) -> None:
    """Lay beside each row its entity, where the key reaches it."""
    found = entities(holder.actor).select_related("area").in_bulk({row.entity_id for row in rows})
    told = {number: entity_out(entity, holder) for number, entity in found.items()}
    for row in rows:
        row.brought_entity = told.get(row.entity_id)


@router.get(
    "/instruments/{int:instrument_id}",
    **reads(
        KeyScope.READ_LEDGER,
        InstrumentOut,
        gettext_noop("一台器具"),
        gettext_noop("台账内容与当日可信状态。ETag 含版本和判定日；带 If-None-Match 而无变化时返回 304。"),
        headers=("ETag",),
    ),
)
def get_instrument(request: HttpRequest, instrument_id: int, response: HttpResponse) -> Any:
    row = exchange.instrument(instrument_id, holder_of(request).actor)
    if versions.is_unchanged(request, response, row.version, timezone.localdate()):
        return HttpResponse(status=304, headers={"ETag": response["ETag"]})
    return row


@router.post(
    "/instruments",
    operation_id="register_instrument",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("登记器具"),
        gettext_noop("登记为草稿；提交备案见 POST /api/v1/filings。同一制造单位的出厂编号只能登记一次。"),
        headers=("ETag", "Location"),
    ),
)
def register(request: HttpRequest, body: InstrumentIn, response: HttpResponse) -> Any:
    holder, now = holder_of(request), timezone.now()
    facts = facts_of_body(body.dict(exclude={"entity_id"}), request)
    row = register_instrument(entity_id=body.entity_id, facts=facts, by=holder.actor, at=now)
    response["ETag"] = versions.tag(row.version, timezone.localdate(now))
    response["Location"] = f"{request.path}/{row.pk}"
    return Status(201, exchange.instrument(row.pk, holder.actor))


@router.patch(
    "/instruments/{int:instrument_id}",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("更正登记内容"),
        gettext_noop("只改所发送的字段。必须用 If-Match 带上读取时的 ETag；其间已被他人修改的返回 412。"),
        status=200,
        headers=("ETag",),
        version_required=True,
    ),
)
def correct_instrument(
    request: HttpRequest, instrument_id: int, body: InstrumentChanges, response: HttpResponse
) -> Any:
    holder, version, now = holder_of(request), versions.seen_version(request), timezone.now()
    changes = facts_of_body(body.dict(exclude_unset=True), request)
    row = change_instrument(
        instrument_id=instrument_id, changes=changes, version=version, by=holder.actor, at=now
    )
    response["ETag"] = versions.tag(row.version, timezone.localdate(now))
    return exchange.instrument(instrument_id, holder.actor)


@router.post(
    "/instruments/{int:instrument_id}/move",
    operation_id="move_instrument",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("变更使用地点或使用单位"),
        gettext_noop("整机连同其部件、检定和铅封一起转移；原来的记录留在原单位。可带 If-Match。"),
    ),
)
def move(request: HttpRequest, instrument_id: int, body: MoveIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    move_instrument(instrument_id=instrument_id, **body.dict(), by=holder.actor, at=timezone.now())
    return Status(201, exchange.instrument(instrument_id, holder.actor))


def facts_of_body(facts: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Turn the item's slug into its number, and see that the whole machine is one that the key reaches."""
    if "item" in facts:
        facts["item_id"] = exchange.item_id_of(facts.pop("item"))
    if facts.get("parent_id") is not None:
        exchange.instrument(facts["parent_id"], holder_of(request).actor)
    return facts


@router.delete(
    "/instruments/{int:instrument_id}",
    operation_id="delete_draft",
    **writes(
        KeyScope.WRITE_LEDGER,
        DeletedOut,
        gettext_noop("删除草稿"),
        gettext_noop("只能删除草稿和被退回的器具，连同所申报的检定和铅封。操作日志留有原内容。"),
        status=200,
    ),
)
def delete(request: HttpRequest, instrument_id: int) -> Any:
    holder = holder_who_saw(request, instrument_id)
    delete_draft(instrument_id=instrument_id, by=holder.actor, at=timezone.now())
    return {"deleted": instrument_id}


@router.get(
    "/instruments/{int:instrument_id}/placements",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            PlacementPage,
            gettext_noop("位置历史"),
            gettext_noop("该器具以前的使用地点；现在的地点在器具本身。"),
        )
    ),
)
def list_placements(request: HttpRequest, instrument_id: int, paging: Query[SincePaging]) -> dict[str, Any]:
    actor = holder_of(request).actor
    rows = exchange.placements(instrument_id, actor)
    rows = only_changed(rows, ChangeKind.PLACEMENT, paging.changed_since, actor)
    return page_of(request, rows, cursor=paging.cursor, limit=paging.limit)


@router.get(
    "/catalogue",
    **reads(
        KeyScope.READ_LEDGER,
        CataloguePage,
        gettext_noop("强制管理目录"),
        gettext_noop("现行实施强制管理的计量器具目录项，登记时使用该项的标识。"),
    ),
)
def list_catalogue(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    rows = items_in_force(timezone.localdate())
    return page_of(request, rows, cursor=paging.cursor, limit=paging.limit)
