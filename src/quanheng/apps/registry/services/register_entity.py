"""主体建档: one file per regulated entity. A market operator adds stalls to its own market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.models import Entity
from quanheng.kit.acts import check
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.identifiers import CreditCodeFault, parse_credit_code

NORMALISED = {"credit_code", "parent_id"}


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
        RuleBroken: no_name, bad_credit_code, credit_code_taken, parent_not_found, stall_without_market,
            no_stall_number, stall_taken, stall_elsewhere.
        NotYours: the area or the market is outside the actor's scope.
    """
    with transaction.atomic():
        check(acts.ENTITY_REGISTERED, by)
        parent = _parent(facts, by)
        _check_reach(facts, parent, by)
        code = read_credit_code(facts.credit_code, by=by)
        _check_facts(facts, parent)
        entity = Entity(
            **{name: getattr(facts, name) for name in facts.__slots__ if name not in NORMALISED},
            credit_code=code, parent=parent, registered_at=at,
            state=EntityState.CONFIRMED if by.is_officer or by.scope.everything else EntityState.DRAFT,
        )  # fmt: skip
        entity.root_id = (parent.root_id or parent.pk) if parent else None
        entity.save()
        if parent is None:
            entity.root_id = entity.pk
            entity.save(update_fields=["root"])
        record(
            acts.ENTITY_REGISTERED, by=by, at=at, area_id=entity.area_id, entity_id=entity.pk,
            root_id=entity.root_id, subject=entity.name[:80],
            after={"name": entity.name, "credit_code": code, "kind": entity.kind, "state": entity.state},
        )  # fmt: skip
    return entity


def _parent(facts: EntityFacts, by: Actor) -> Entity | None:
    if facts.parent_id is None:
        return None
    seen = Entity.objects.visible_to(by).exclude(state=EntityState.CLOSED)
    parent = seen.select_for_update(of=("self",)).filter(pk=facts.parent_id).first()
    if parent is None:
        raise refusals.PARENT_NOT_FOUND()
    return parent


def _check_reach(facts: EntityFacts, parent: Entity | None, by: Actor) -> None:
    """An officer opens files in their area; an operator adds stalls to the market it acts for."""
    own = parent is not None and by.entity_id is not None and by.entity_id == (parent.root_id or parent.pk)
    if not (by.scope.covers_area(facts.area_id) or own):
        raise refusals.OUT_OF_REACH()


def read_credit_code(text: str, *, by: Actor, of: int | None = None) -> str | None:
    """Return a credit code in its normal form, None for an empty text.

    Looked up in the whole province, whoever asks: one entity, one file.

    Args:
        by: an officer answers for a code of the old Xiamen kind, whose last check differs.
        of: the entity that may already have it.

    Raises:
        RuleBroken: bad_credit_code, credit_code_taken.
    """
    if not text.strip():
        return None
    try:
        code = parse_credit_code(text, on_an_officers_word=not by.is_entity)
    except CreditCodeFault as fault:
        raise refusals.CREDIT_CODE_FAULTS[fault.code](credit_code=text, **fault.facts) from None
    with acting_in(EVERYTHING):
        taken = Entity.objects.unscoped().filter(credit_code=code).exclude(pk=of or 0).exists()
    if taken:
        raise refusals.CREDIT_CODE_TAKEN(code=code)
    return code


def _check_facts(facts: EntityFacts, parent: Entity | None) -> None:
    if not facts.name.strip():
        raise refusals.NO_NAME()
    if facts.kind != EntityKind.STALL:
        return
    if parent is None:
        raise refusals.STALL_WITHOUT_MARKET()
    if facts.area_id != parent.area_id:
        raise refusals.STALL_ELSEWHERE()
    check_stall_number(facts.stall_number, parent.pk)


def check_stall_number(number: str, market_id: int, *, of: int | None = None) -> None:
    """A stall has a number, once per market.

    Raises:
        RuleBroken: no_stall_number, stall_taken.
    """
    if not number.strip():
        raise refusals.NO_STALL_NUMBER()
    stalls = Entity.objects.unscoped().filter(parent_id=market_id, kind=EntityKind.STALL)
    if stalls.filter(stall_number=number).exclude(pk=of or 0).exists():
        raise refusals.STALL_TAKEN(number=number)
