"""Who may do which act to an instrument. When it may be done is in regulation/instrument_states.py."""

from __future__ import annotations

from typing import Protocol

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import SealEnd
from quanheng.kit.refusal import NotYours

LEDGER_OFFICERS = OFFICERS - {Role.INSPECTOR}

WHO: dict[Verb, frozenset[Role]] = {
    Verb.INSTRUMENT_REGISTERED: OFFICERS | ENTITY_ROLES,
    Verb.INSTRUMENT_CHANGED: OFFICERS | ENTITY_ROLES,
    Verb.CHANGE_PROPOSED: OFFICERS | ENTITY_ROLES,
    Verb.CHANGE_ACCEPTED: LEDGER_OFFICERS,
    Verb.CHANGE_RETURNED: LEDGER_OFFICERS,
    Verb.FILING_SUBMITTED: OFFICERS | ENTITY_ROLES,
    Verb.FILING_ACCEPTED: LEDGER_OFFICERS,
    Verb.FILING_RETURNED: LEDGER_OFFICERS,
    # An office reads it from the paper; the approver's is the last step of an institute's own procedure.
    Verb.VERIFICATION_RECORDED: LEDGER_OFFICERS | {Role.APPROVER},
    Verb.VERIFICATION_CONFIRMED: LEDGER_OFFICERS,
    Verb.VERIFICATION_DISPUTED: LEDGER_OFFICERS,
    Verb.VERIFICATION_UPHELD: LEDGER_OFFICERS,
    Verb.VERIFICATION_VOIDED: LEDGER_OFFICERS,
    Verb.CERTIFICATE_AMENDED: frozenset({Role.APPROVER}),  # what each means to the ledger
    Verb.CERTIFICATE_REPLACED: frozenset({Role.APPROVER}),
    Verb.CERTIFICATE_REVOKED: frozenset({Role.APPROVER}),
    Verb.SEAL_APPLIED: OFFICERS | INSTITUTE_STAFF,
    Verb.SEAL_BROKEN: OFFICERS | INSTITUTE_STAFF,
    Verb.SEAL_OPENED: OFFICERS | INSTITUTE_STAFF | {Role.REPAIRER},
    Verb.SEAL_CORRECTED: LEDGER_OFFICERS,  # never whoever puts seals on
    Verb.INSTRUMENT_MOVED: OFFICERS | ENTITY_ROLES,
    Verb.USE_STOPPED: OFFICERS | ENTITY_ROLES,
    Verb.USE_RESUMED: OFFICERS | ENTITY_ROLES,
    Verb.SEALED_UP: OFFICERS | ENTITY_ROLES,
    Verb.SENT_TO_REPAIR: OFFICERS | ENTITY_ROLES,
    Verb.REPAIRED: OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF,
    Verb.CHECKED: OFFICERS,
    Verb.SCRAPPED: LEDGER_OFFICERS | ENTITY_ROLES,
    Verb.LOCKED: OFFICERS | INSTITUTE_STAFF,
    Verb.UNLOCKED: OFFICERS | INSTITUTE_STAFF,
    Verb.IMPOUNDED: OFFICERS,
    Verb.RELEASED: OFFICERS,
    Verb.RULES_CHANGED: frozenset({Role.PROVINCE_OFFICER}),
    Verb.CODES_ISSUED: LEDGER_OFFICERS,
    Verb.CODE_BOUND: OFFICERS | INSTITUTE_STAFF | {Role.MARKET_OPERATOR},
    Verb.CODE_REPLACED: OFFICERS,
    Verb.LABELS_PRINTED: OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF,
    Verb.IMPORT_COMMITTED: OFFICERS | {Role.MARKET_OPERATOR, Role.INSTRUMENT_USER},
    Verb.IMPORT_UNDONE: OFFICERS | {Role.MARKET_OPERATOR, Role.INSTRUMENT_USER},
}

# Who opens a seal for what. Whoever uses an instrument never does: that is what the seal is against.
OPENERS: dict[SealEnd, frozenset[Role]] = {
    SealEnd.VERIFICATION: INSTITUTE_STAFF,
    SealEnd.ADJUSTMENT: INSTITUTE_STAFF | {Role.REPAIRER},
    SealEnd.REPAIR: OFFICERS | {Role.REPAIRER},
}


class Placed(Protocol):
    """A row that belongs to an area and to an entity."""

    @property
    def area_id(self) -> int: ...
    @property
    def entity_id(self) -> int: ...
    @property
    def root_id(self) -> int: ...


def may(verb: Verb, by: Actor, row: Placed | None = None) -> bool:
    """Answer a template: may this actor do this (to this row)?"""
    if by.scope.everything:
        return True  # the system itself
    if by.role not in WHO.get(verb, frozenset()):
        return False
    return row is None or reaches(by, row)


def reaches(by: Actor, row: Placed) -> bool:
    """Say whether a row lies in the actor's scope."""
    scope = by.scope
    return (
        scope.everything
        or scope.covers_area(row.area_id)
        or (scope.entity_id is not None and scope.entity_id in (row.entity_id, row.root_id))
    )


def check(verb: Verb, by: Actor, row: Placed | None = None) -> None:
    """Raise NotYours with a reason where `may` would say no."""
    if not may(verb, by, row):
        role = by.role.label if by.role else "未登录"
        raise NotYours(
            "not_yours", f"“{role}”岗位不能办理“{verb.label}”，或该器具不在您的管辖范围内。", verb=verb.value
        )


def may_open_for(ended_as: SealEnd, by: Actor) -> bool:
    """Answer a form: may this actor open a seal for this?"""
    return by.scope.everything or by.role in OPENERS.get(ended_as, frozenset())


def check_opener(ended_as: SealEnd, by: Actor) -> None:
    """Raise NotYours where `may_open_for` would say no."""
    if not may_open_for(ended_as, by):
        role = by.role.label if by.role else "未登录"
        who = "因检定启封由检定机构办理，因维修启封由维修单位或监管人员办理。"
        raise NotYours("not_yours", f"“{role}”岗位不能{ended_as.label}。{who}", purpose=ended_as.value)
