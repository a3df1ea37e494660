"""How long a verification of a catalogue item holds, by the rows in force on the day."""

from __future__ import annotations

from datetime import date

from quanheng.apps.instruments.models import VerificationPeriod
from quanheng.kit.dated import holding_on


def period_months(item_id: int, on: date) -> int | None:
    """Return the months of the newest period row in force on the day; None where one verification is for
    life.
    """
    row = VerificationPeriod.objects.filter(holding_on(on), item_id=item_id).order_by("-valid_from").first()
    return row.months if row else None


def longest_period(item_id: int, on: date) -> int | None:
    """Return the months that a verification of a day may hold at most; None where the table names no period.

    A day from before the first row of the table is bounded by that row: who could choose a day without a rule
    could choose any validity.
    """
    rows = VerificationPeriod.objects.filter(item_id=item_id)
    row = rows.filter(holding_on(on)).order_by("-valid_from").first() or rows.order_by("valid_from").first()
    return row.months if row else None


def regulations_of(item_id: int) -> list[str]:
    """Return the verification regulations that the table names for an item, the newest first."""
    rows = VerificationPeriod.objects.filter(item_id=item_id).exclude(regulation="")
    return list(dict.fromkeys(rows.order_by("-valid_from").values_list("regulation", flat=True)))


def regulation_in_force(item_id: int, on: date) -> str:
    """Return the verification regulation of an item on a day; '' where the table names none."""
    rows = VerificationPeriod.objects.filter(holding_on(on), item_id=item_id)
    return rows.order_by("-valid_from", "-pk").values_list("regulation", flat=True).first() or ""
