"""The person who acts: one role in one scope at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.kit.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf rows are read and acts are done.

    Args:
        user_id: None for the system and for the public.
        role: the role in which the person acts now; None for the system.
        scope: the rows that this role reaches.
        area_id: seat of the agency, or the entity's area: what the act log files the act under.
        appointment_id: the appointment by which the person holds the role.
        entity_name: the entity for which an operator or a user of instruments acts.
        is_chief: the person keeps the accounts of their entity or agency.
    """

    user_id: int | None
    name: str
    role: Role | None
    scope: Scope
    area_id: int | None = None
    agency_id: int | None = None
    agency_name: str = ""
    appointment_id: int | None = None
    entity_name: str = ""
    is_chief: bool = False

    @property
    def entity_id(self) -> int | None:
        return self.scope.entity_id

    @property
    def is_officer(self) -> bool:
        return self.role in OFFICERS

    @property
    def is_institute(self) -> bool:
        return self.role in INSTITUTE_STAFF

    @property
    def is_entity(self) -> bool:
        return self.role in ENTITY_ROLES

    def in_scope(self, scope: Scope) -> Self:
        """Return the same person with other rows in reach."""
        return replace(self, scope=scope)


SYSTEM = Actor(user_id=None, name="系统", role=None, scope=EVERYTHING)
