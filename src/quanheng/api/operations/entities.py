"""Reading entities, and revealing their people with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Status

from quanheng.api import versions
from quanheng.api.cursors import order_of, page_of
from quanheng.api.operations.changes import SincePaging, may_be_gone, only_changed
from quanheng.api.operations.declaring import Counting, Paging, holder_of, reads, sorting, writes
from quanheng.api.schemas.entities import ContactOut, ContactPage, EntityOut, EntityPage, RevealIn
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.area_queries import interval_of_code
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder
from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.registry import refusals as of_registry
from quanheng.apps.registry.enums import ContactDuty, EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.queries import contacts_of, entities
from quanheng.apps.registry.services.reveal_contact import reveal_contact
from quanheng.kit.fields import mask_name, mask_phone
from quanheng.kit.scope import ScopedQuerySet

if TYPE_CHECKING:
    from quanheng.apps.registry.models import Contact, Entity

router = Router(tags=["entities"])

PERSONS_NAME_LENGTH = 4  # a sole trader with a name this short has no shop sign: it is the trader's own


NARROWING = ("area", "parent_id", "credit_code", "name_begins")


class EntityFilters(SincePaging, Counting):
    """Filters of the list; they narrow it down together."""

    sort: str = sorting("id", "name")

    area: str | None = Field(None, pattern=r"^\d{2,12}$", description=gettext_noop("区划代码，含其下辖"))
    kind: EntityKind | None = None
    premises: PremisesKind | None = None
    state: EntityState | None = None
    parent_id: int | None = Field(None, description=gettext_noop("上级主体：市场的摊位、公司的网点"))
    credit_code: str | None = Field(None, max_length=18)
    name_begins: str | None = Field(None, min_length=2, max_length=120, description=gettext_noop("名称开头"))


@router.get(
    "/entities",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            EntityPage,
            gettext_noop("主体列表"),
            gettext_noop("按编号顺序列出密钥范围内的主体。"),
        )
    ),
)
def list_entities(request: HttpRequest, filters: Query[EntityFilters]) -> dict[str, Any]:
    holder = holder_of(request)
    rows = _filtered(filters, holder.actor)
    rows = only_changed(rows, ChangeKind.ENTITY, filters.changed_since, holder.actor)
    is_narrow = any(getattr(filters, name) is not None for name in NARROWING)
    order = order_of(rows, filters.sort, holder.actor, is_narrow=is_narrow)
    page = page_of(
        request, rows, cursor=filters.cursor, limit=filters.limit, order=order, totals=filters.totals
    )
    return page | {"items": [entity_out(entity, holder) for entity in page["items"]]}


@router.get(
    "/entities/{int:entity_id}",
    **reads(
        KeyScope.READ_LEDGER,
        EntityOut,
        gettext_noop("一个主体"),
        gettext_noop("主体档案，不含人员。ETag 为版本；带 If-None-Match 而无变化时返回 304。"),
        headers=("ETag",),
    ),
)
def get_entity(request: HttpRequest, entity_id: int, response: HttpResponse) -> Any:
    holder = holder_of(request)
    entity = _one(entity_id, holder.actor)
    if versions.is_unchanged(request, response, entity.version):
        return HttpResponse(status=304, headers={"ETag": versions.tag(entity.version)})
    return entity_out(entity, holder)


@router.get(
    "/entities/{int:entity_id}/contacts",
    **reads(
        KeyScope.READ_PERSONAL,
        ContactPage,
        gettext_noop("主体的人员"),
        gettext_noop("姓名和电话已脱敏；查看全文见 reveal。"),
    ),
)
def list_contacts(request: HttpRequest, entity_id: int, paging: Query[Paging]) -> dict[str, Any]:
    actor = holder_of(request).actor
    entity = _one(entity_id, actor)
    rows = contacts_of(entity, actor)
    page = page_of(request, rows, cursor=paging.cursor, limit=paging.limit)
    return page | {"items": [_masked(contact) for contact in page["items"]]}


@router.post(
    "/contacts/{int:contact_id}/reveal",
    operation_id="reveal_contact",
    **writes(
        KeyScope.READ_PERSONAL,
        ContactOut,
        gettext_noop("查看个人信息全文"),
        gettext_noop("返回一名人员的姓名和电话全文。事由和查看人记入操作日志（个人信息保护法第五十一条）。"),
        status=200,
    ),
)
def reveal(request: HttpRequest, contact_id: int, body: RevealIn) -> Any:
    actor = holder_of(request).actor
    contact = reveal_contact(contact_id=contact_id, reason=body.reason, by=actor, at=timezone.now())
    return Status(
        200, ContactOut(id=contact.pk, duty=ContactDuty(contact.duty), name=contact.name, phone=contact.phone)
    )


def _filtered(filters: EntityFilters, by: Actor) -> ScopedQuerySet[Entity]:
    rows = entities(by).select_related("area")
    if filters.area is not None:
        first, last = interval_of_code(filters.area)
        rows = rows.filter(area_id__gte=first, area_id__lte=last)
    if filters.name_begins is not None:
        rows = rows.filter(name__startswith=filters.name_begins)
    exact = filters.dict(
        exclude={"area", "name_begins", "cursor", "limit", "changed_since", "sort", "totals"},
        exclude_none=True,
    )
    return rows.filter(**exact)


def _one(entity_id: int, by: Actor) -> Entity:
    entity = entities(by).select_related("area").filter(pk=entity_id).first()
    if entity is None:
        raise of_registry.ENTITY_NOT_FOUND()
    return entity


def entity_out(entity: Entity, holder: KeyHolder) -> EntityOut:
    """Show an entity; a name that is a person's only to keys that may see personal data."""
    columns = {name: getattr(entity, name) for name in EntityOut.model_fields if not name.startswith("area_")}
    if _is_persons_name(entity) and KeyScope.READ_PERSONAL not in holder.scopes:
        columns["name"] = mask_name(entity.name)
    return EntityOut(**columns, area_code=entity.area.code, area_name=entity.area.full_name)


def _is_persons_name(entity: Entity) -> bool:
    short = len(entity.name) <= PERSONS_NAME_LENGTH
    return entity.kind == EntityKind.STALL or (entity.kind == EntityKind.SOLE_TRADER and short)


def _masked(contact: Contact) -> ContactOut:
    return ContactOut(
        id=contact.pk,
        duty=ContactDuty(contact.duty),
        name=mask_name(contact.name),
        phone=mask_phone(contact.phone),
    )
