"""主体建档: one file per regulated entity. A market operator adds stalls to its own market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.services import record
from quanheng.apps.registry import permissions
from quanheng.apps.registry.enums import EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.regulation.identifiers import CreditCodeFault, parse_credit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFacts:
    """What is known of an entity when its file is opened."""

    kind: EntityKind
    premises: PremisesKind
    name: str
    area_id: int
    credit_code: str = ""
    parent_id: int | None = None
    stall_number: str = ""
    address: str = ""
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    industry_code: str = ""
    above_scale: bool = False
    hospital_grade: str = ""
    annual_energy_tce: Decimal | None = None


def register_entity(*, facts: EntityFacts, by: Actor, at: datetime) -> Entity:
    """Open a file. An officer's file is confirmed at once; anybody else's waits for the office as a draft.

    Raises:
        RuleBroken: no_name, bad_credit_code, credit_code_taken, stall_without_market, stall_taken.
        NotYours: the area or the market is outside the actor's scope.
    """
    with transaction.atomic():
        permissions.check(Verb.ENTITY_REGISTERED, by)
        parent = _parent(facts, by)
        code = _credit_code(facts.credit_code)
        _check_facts(facts, code, parent)
        if not (by.scope.covers_area(facts.area_id) or parent is not None):
            raise NotYours("not_yours", "该区划不在您的管辖范围内。")
        entity = Entity(
            **{name: getattr(facts, name) for name in facts.__slots__ if name not in {"credit_code", "parent_id"}},
            credit_code=code, parent=parent, registered_at=at,
            state=EntityState.CONFIRMED if by.is_officer or by.scope.everything else EntityState.DRAFT,
        )  # fmt: skip
        entity.root_id = (parent.root_id or parent.pk) if parent else None
        entity.save()
        if parent is None:
            Entity.objects.unscoped().filter(pk=entity.pk).update(root_id=entity.pk)
            entity.root_id = entity.pk
        record(
            Verb.ENTITY_REGISTERED, by=by, at=at, area_id=entity.area_id, entity_id=entity.pk,
            root_id=entity.root_id, subject=entity.name[:80],
            after={"name": entity.name, "credit_code": code, "kind": entity.kind, "state": entity.state},
        )  # fmt: skip
    return entity


def _parent(facts: EntityFacts, by: Actor) -> Entity | None:
    if facts.parent_id is None:
        return None
    parent = Entity.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=facts.parent_id).first()
    if parent is None:
        raise RuleBroken("parent_not_found", "没有找到上级主体（市场或公司），或它不在您的管辖范围内。")
    return parent


def _credit_code(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return parse_credit_code(text)
    except CreditCodeFault as fault:
        raise RuleBroken("bad_credit_code", str(fault), credit_code=text) from None


def _check_facts(facts: EntityFacts, code: str | None, parent: Entity | None) -> None:
    everyone = Entity.objects.unscoped()
    if not facts.name.strip():
        raise RuleBroken("no_name", "请填写主体名称。")
    if code and everyone.filter(credit_code=code).exists():
        raise RuleBroken("credit_code_taken", f"统一社会信用代码 {code} 已建档，请勿重复建档。")
    if facts.kind != EntityKind.STALL:
        return
    if parent is None:
        raise RuleBroken("stall_without_market", "摊位须归属一个市场，请先选择市场。")
    if everyone.filter(parent=parent, stall_number=facts.stall_number, kind=EntityKind.STALL).exists():
        raise RuleBroken("stall_taken", f"摊位号 {facts.stall_number} 在该市场已登记。")
