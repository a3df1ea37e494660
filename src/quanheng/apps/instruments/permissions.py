"""Who reads the ledger, who opens a seal for what. Who may do which act stands with the act, in acts.py."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.enums import SealEnd

LEDGER_READERS = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF  # an auditor reads acts and figures, no rows

# Whoever uses an instrument never opens its seal: that is what the seal is against.
OPENERS: dict[SealEnd, frozenset[Role]] = {
    SealEnd.VERIFICATION: INSTITUTE_STAFF,
    SealEnd.ADJUSTMENT: INSTITUTE_STAFF | {Role.REPAIRER},
    SealEnd.REPAIR: OFFICERS | {Role.REPAIRER},
}


def may_open_for(ended_as: SealEnd, by: Actor) -> bool:
    """Answer a form: may this actor open a seal for this?"""
    return by.scope.everything or by.role in OPENERS.get(ended_as, frozenset())


def check_opener(ended_as: SealEnd, by: Actor) -> None:
    """Raise NotYours where `may_open_for` would say no."""
    if not may_open_for(ended_as, by):
        role = by.role.label if by.role else _("未登录")
        raise refusals.NOT_YOURS_TO_UNSEAL(role=role, purpose=ended_as)
