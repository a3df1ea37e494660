"""Regulated entities and their people."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import CHANGED_AT, TOTAL, CountedPageOut, Instant, PageOut, shown, strict
from quanheng.apps.registry.enums import ContactDuty, EntityKind, EntityState, PremisesKind

ENTITY = {
    "id": 7,
    "kind": "market_operator",
    "premises": "market",
    "name": "青羊农贸市场",
    "credit_code": "91510105MA61XXXX1A",
    "parent_id": None,
    "root_id": 7,
    "stall_number": "",
    "area_code": "510105000000",
    "area_name": "成都市青羊区",
    "address": "青羊北路 1 号",
    "industry_code": "5221",
    "above_scale": False,
    "hospital_grade": "",
    "integrity_pledge": True,
    "under_focus": False,
    "code": None,
    "state": "confirmed",
    "registered_at": "2026-01-02T09:00:00+08:00",
    "version": 1,
    "changed_at": "2026-01-02T09:00:00+08:00",
}


class EntityOut(Schema):
    """A regulated entity's file, without its people."""

    model_config = shown(ENTITY)
    id: int
    kind: EntityKind
    premises: PremisesKind
    name: str = Field(
        description=gettext_noop("名称；以人名为字号的摊位和个体户，没有 read:personal 权限时只显示姓")
    )
    credit_code: str | None = Field(description=gettext_noop("统一社会信用代码"))
    parent_id: int | None
    root_id: int | None
    stall_number: str
    area_code: str
    area_name: str
    address: str
    industry_code: str = Field(description=gettext_noop("行业代码（GB/T 4754-2017）"))
    above_scale: bool = Field(description=gettext_noop("规模以上"))
    hospital_grade: str
    integrity_pledge: bool = Field(description=gettext_noop("诚信计量承诺"))
    under_focus: bool = Field(description=gettext_noop("重点监管"))
    code: str | None = Field(description=gettext_noop("主体码"))
    state: EntityState
    registered_at: Instant
    version: int
    changed_at: Instant = Field(description=CHANGED_AT)


class EntityPage(CountedPageOut):
    """Entities, and the address of the next page."""

    model_config = shown({"items": [ENTITY], "next": None, "next_cursor": None, "total": TOTAL})
    items: list[EntityOut]


CONTACT = {"id": 3, "duty": "metrology_manager", "name": "张**", "phone": "138****5678"}


class ContactOut(Schema):
    """A person of an entity; masked, unless revealed with a reason."""

    model_config = shown(CONTACT)
    id: int
    duty: ContactDuty
    name: str
    phone: str


class ContactPage(PageOut):
    """People of an entity, masked."""

    model_config = shown({"items": [CONTACT], "next": None, "next_cursor": None})
    items: list[ContactOut]


class RevealIn(Schema):
    """Why somebody needs to see a person's name and phone; it goes into the log of acts."""

    model_config = strict({"reason": "联系计量负责人安排到期检定"})
    reason: str = Field(min_length=2, max_length=500)
