"""Who may do which act of the exchange."""

from __future__ import annotations

from typing import Protocol

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.apps.audit.enums import Verb
from quanheng.kit.refusal import NotYours

BY_FILE = OFFICERS - {Role.INSPECTOR}

WHO: dict[Verb, frozenset[Role]] = {
    Verb.EXCHANGE_RUN: BY_FILE,
    Verb.PLATFORM_ALARM_TAKEN_UP: OFFICERS,
    Verb.PLATFORM_ALARM_CLOSED: OFFICERS,
    Verb.PLATFORM_EVENT_DISMISSED: BY_FILE,
}


class InArea(Protocol):
    """A row that belongs to an area."""

    @property
    def area_id(self) -> int: ...


def may(verb: Verb, by: Actor, row: InArea | None = None) -> bool:
    """Answer a template: may this actor do this (to this row)?"""
    if by.scope.everything:
        return True  # the system itself
    if by.role not in WHO.get(verb, frozenset()):
        return False
    return row is None or by.scope.covers_area(row.area_id)


def check(verb: Verb, by: Actor, row: InArea | None = None) -> None:
    """Raise NotYours with a reason where `may` would say no."""
    if not may(verb, by, row):
        role = by.role.label if by.role else "未登录"
        raise NotYours(
            "not_yours", f"“{role}”岗位不能办理“{verb.label}”，或它不在您的管辖范围内。", verb=verb.value
        )
