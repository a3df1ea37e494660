"""The list of regulated entities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.registry import acts
from quanheng.apps.registry.enums import EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.queries import entities, with_name
from quanheng.apps.registry.services.confirm_entity import confirm_entity
from quanheng.apps.registry.services.confirm_unchanged import confirm_unchanged, why_not
from quanheng.apps.registry.staleness import unconfirmed_files
from quanheng.kit.acts import may
from quanheng.kit.lists import (
    BulkAct,
    Choice,
    Column,
    Flag,
    List,
    ListActor,
    Outcome,
    Pick,
    Refused,
    Search,
    one_by_one,
)
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.instruments.lists import in_area
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.registry.models import Entity

STATE_TONES = {EntityState.DRAFT: Tone.DUE, EntityState.CONFIRMED: Tone.OK, EntityState.CLOSED: Tone.QUIET}
CREDIT_GRADES = [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")]


def entity_state(entity: Entity) -> State:
    """The badge of an entity's file."""
    state = EntityState(entity.state)
    return State(state.label, STATE_TONES[state])


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySearch(Search):
    """A part of the name, the credit code, the stall's number, the entity's code, as the header searches."""

    def apply(self, rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:
        return with_name(rows, value, actor)


def _inside(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(Q(pk=int(value)) | Q(root_id=int(value)))


def _refusal(row: Entity, actor: Any) -> str | None:
    if not may(acts.ENTITY_CONFIRMED, actor, row):
        return str(_("您的岗位不能办理此事项"))
    return None if row.state == EntityState.DRAFT else str(_("不是待确认的档案"))


def _confirm(rows: Sequence[Entity], actor: Any, at: datetime, _data: dict[str, Any]) -> Outcome:
    return one_by_one(rows, lambda row: confirm_entity(entity_id=row.pk, by=actor, at=at))


def _unchanged(rows: Sequence[Entity], actor: Any, at: datetime, _data: dict[str, Any]) -> Outcome:
    refused = confirm_unchanged(entity_ids=[row.pk for row in rows], by=actor, at=at)
    kept = {row.pk: row for row in rows}
    return Outcome(len(rows) - len(refused), [Refused(kept[pk], why.message) for pk, why in refused.items()])


def _not_to_confirm(row: Entity, actor: Any) -> str | None:
    if not may(acts.ENTITY_UNCHANGED, actor, row):
        return str(_("您的岗位不能办理此事项"))
    refusal = why_not(row)
    return refusal.message if refusal else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed(Flag):
    """Whether nobody has said for a period that the file is still so."""

    def apply(self, rows: QuerySet[Any], value: bool, actor: ListActor) -> QuerySet[Any]:  # noqa: ARG002 - as every filter
        stale = unconfirmed_files(timezone.localdate())
        return rows.filter(stale if value else ~stale)


class EntityList(List["Entity"]):
    """One file per entity."""

    key = "entities"
    title = _("主体档案")
    intro = _("一主体一档：市场和摊位、公司和站点，以及名下器具。")
    by_area = True
    roles = OFFICERS | ENTITY_ROLES
    columns = (
        Column("name", _("名称"), sort=True, lead=True),
        Column("premises", _("场所类型")),
        Column("kind", _("主体类型")),
        Column("parent__name", _("上级主体")),
        Column("stall_number", _("摊位号"), shown=False),
        Column("credit_code", _("统一社会信用代码"), code=True),
        Column("area__full_name", _("行政区划")),
        Column("address", _("经营地址"), shown=False),
        Column("state", _("档案状态"), value=entity_state),
        Column("credit_grade", _("信用等级"), sort=True, shown=False),
        Column("under_focus", _("重点监管"), shown=False),
        Column("hospital_grade", _("医院等级"), shown=False),
        Column("above_scale", _("规模以上"), shown=False),
        Column("code", _("主体码"), code=True, shown=False),
        Column("registered_at", _("建档时间"), sort=True, shown=False),
        Column("confirmed_on", _("最近确认日期"), shown=False),
    )
    filters = (
        EntitySearch(label=_("名称（任何一段）、信用代码或摊位号")),
        Pick(key="area", label=_("行政区划"), source="areas", narrow=in_area),
        Choice(key="premises", label=_("场所类型"), choices=PremisesKind.choices),
        Choice(key="kind", label=_("主体类型"), choices=EntityKind.choices),
        Choice(key="state", label=_("档案状态"), choices=EntityState.choices),
        Pick(key="inside", label=_("市场或上级"), source="entities", narrow=_inside, first=False),
        Choice(key="credit_grade", label=_("信用等级"), choices=CREDIT_GRADES, first=False),
        Flag(key="under_focus", label=_("重点监管"), first=False),
        Unconfirmed(key="unconfirmed", label=_("超期未确认"), first=False),
        Flag(key="above_scale", label=_("规模以上"), first=False),
    )
    bulk_acts = (
        BulkAct(
            key="confirm", label=_("确认档案"), run=_confirm, check=_refusal, icon="check", most=2_000,
            admits=lambda actor: may(acts.ENTITY_CONFIRMED, actor),
        ),
        BulkAct(
            key="unchanged", label=acts.ENTITY_UNCHANGED.label, run=_unchanged, check=_not_to_confirm,
            icon="check", most=2_000, admits=lambda actor: may(acts.ENTITY_UNCHANGED, actor),
        ),
    )  # fmt: skip
    empty_title = _("暂无主体档案")
    empty_text = _("可以逐个建档；导入台账时，新的主体会自动建档，等待确认。")

    def rows(self, actor: Any) -> QuerySet[Entity]:
        return entities(actor).select_related("parent", "area")

    def row_url(self, row: Entity) -> str:
        return page_of("entity_page", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:
        if not may(acts.ENTITY_REGISTERED, actor):
            return ()
        return (Link(_("新建档案"), reverse("entity_new"), "plus", primary=True),)
