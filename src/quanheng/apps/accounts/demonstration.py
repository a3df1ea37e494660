"""Whether this is a demonstration's database, and where the accounts of a demonstration work: only there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.apps import apps
from django.conf import settings

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.models import Demonstration, User
from quanheng.kit.database import as_owner
from quanheng.kit.scope import EVERYTHING, acting_in

ELSEWHERE = refusals.DEMONSTRATION_ACCOUNT()


def is_demonstration() -> bool:
    """Say whether the mark of a demonstration stands in this database."""
    return Demonstration.objects.exists()


class Marked(Protocol):
    """Somebody, with the mark of an account of a demonstration."""

    @property
    def is_demonstration(self) -> bool: ...


def works_here(person: Marked) -> bool:
    """Say whether an account may be used: one of a demonstration only there, and never in production."""
    return not person.is_demonstration or (not settings.IS_PRODUCTION and is_demonstration())


def mark_demonstration(*, at: datetime) -> None:
    """Mark the database as a demonstration's, for good, before anything of the demonstration is in it.

    Only the owner of the database may write the mark (migration 0006).

    Raises:
        RuleBroken: not_in_production, not_a_demonstration: rows of somebody else are in it.
    """
    if settings.IS_PRODUCTION:
        raise refusals.NOT_IN_PRODUCTION()
    if is_demonstration():
        return
    with acting_in(EVERYTHING):
        ledgers = (apps.get_model("registry", "Entity"), apps.get_model("instruments", "Instrument"))
        taken = User.objects.exists() or any(ledger.objects.unscoped().exists() for ledger in ledgers)
    if taken:
        raise refusals.NOT_A_DEMONSTRATION()
    with as_owner():
        Demonstration.objects.create(pk=1, made_at=at)
