"""Who may do which act to an entity's file."""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.audit.enums import Verb
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours

WHO: dict[Verb, frozenset[Role]] = {
    Verb.ENTITY_REGISTERED: OFFICERS | {Role.MARKET_OPERATOR},
    Verb.ENTITY_CONFIRMED: OFFICERS - {Role.INSPECTOR},
    Verb.ENTITY_CLOSED: OFFICERS - {Role.INSPECTOR},
    Verb.ENTITY_CHANGED: OFFICERS | ENTITY_ROLES,
    Verb.PERSONAL_DATA_REVEALED: OFFICERS | ENTITY_ROLES,
}


def may(verb: Verb, by: Actor, entity: Entity | None = None) -> bool:
    """Answer a template: may this actor do this (to this entity)?"""
    if by.scope.everything:
        return True  # the system itself
    if by.role not in WHO.get(verb, frozenset()):
        return False
    if entity is None:
        return True
    return by.scope.covers_area(entity.area_id) or (
        by.scope.entity_id is not None and by.scope.entity_id in (entity.pk, entity.root_id)
    )


def check(verb: Verb, by: Actor, entity: Entity | None = None) -> None:
    """Raise NotYours with a reason where `may` would say no."""
    if not may(verb, by, entity):
        role = by.role.label if by.role else "未登录"
        raise NotYours(
            "not_yours", f"“{role}”岗位不能办理“{verb.label}”，或该主体不在您的管辖范围内。", verb=verb.value
        )
