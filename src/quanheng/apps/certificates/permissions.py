"""Who may do which act of verification. When it may be done is in regulation/verification_procedure.py."""

from __future__ import annotations

from typing import Protocol

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.audit.enums import Verb
from quanheng.kit.refusal import NotYours

RECEPTION = frozenset({Role.INSTITUTE_CLERK, Role.INSTITUTE_MANAGER})

WHO: dict[Verb, frozenset[Role]] = {
    Verb.VERIFICATION_APPLIED: ENTITY_ROLES | (OFFICERS - {Role.INSPECTOR}),
    Verb.VERIFICATION_WITHDRAWN: ENTITY_ROLES | (OFFICERS - {Role.INSPECTOR}),
    Verb.VERIFICATION_ACCEPTED: RECEPTION,
    Verb.VERIFICATION_REBOOKED: RECEPTION | ENTITY_ROLES,
    Verb.VERIFICATION_RETURNED: RECEPTION,
    Verb.INSTRUMENT_RECEIVED: RECEPTION | {Role.VERIFIER},
    Verb.EXAMINATION_RECORDED: frozenset({Role.VERIFIER}),
    Verb.EXAMINATION_CHECKED: frozenset({Role.CHECKER}),
    Verb.EXAMINATION_SENT_BACK: frozenset({Role.CHECKER, Role.APPROVER}),
    Verb.CERTIFICATE_ISSUED: frozenset({Role.APPROVER}),
    Verb.CERTIFICATE_CHANGE_ASKED: INSTITUTE_STAFF,
    Verb.CERTIFICATE_CHANGE_REFUSED: frozenset({Role.APPROVER}),
    Verb.CERTIFICATE_AMENDED: frozenset({Role.APPROVER}),
    Verb.CERTIFICATE_REPLACED: frozenset({Role.APPROVER}),
    Verb.CERTIFICATE_REVOKED: frozenset({Role.APPROVER}),
    Verb.INSTITUTE_CHANGED: frozenset({Role.INSTITUTE_MANAGER, Role.PROVINCE_OFFICER}),
}


class OfInstitute(Protocol):
    """A row that an institute works on."""

    @property
    def institute_id(self) -> int: ...


def may(verb: Verb, by: Actor, row: OfInstitute | None = None) -> bool:
    """Answer a template: may this actor do this (to this row)?

    People of an institute work on what was applied for at their own institute; what others may reach is said
    by their scope, which `visible_to` and row-level security hold.
    """
    if by.scope.everything:
        return True  # the system itself
    if by.role not in WHO.get(verb, frozenset()):
        return False
    return row is None or not by.is_institute or row.institute_id == by.agency_id


def check(verb: Verb, by: Actor, row: OfInstitute | None = None) -> None:
    """Raise NotYours with a reason where `may` would say no."""
    if not may(verb, by, row):
        role = by.role.label if by.role else "未登录"
        raise NotYours(
            "not_yours",
            f"“{role}”岗位不能办理“{verb.label}”，或这项业务不归您所在的机构办理。",
            verb=verb.value,
        )
