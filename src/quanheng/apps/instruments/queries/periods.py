"""How long a verification of a catalogue item holds, by the rows in force on the day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from quanheng.apps.instruments.models import VerificationPeriod


def period_months(item_id: int, on: date) -> int | None:
    """Return the months of the newest period row in force on the day; None where one verification is for
    life.
    """
    row = (
        VerificationPeriod.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), item_id=item_id, valid_from__lte=on
        )
        .order_by("-valid_from")
        .first()
    )
    return row.months if row else None


def regulation_in_force(item_id: int, on: date) -> str:
    """Return the verification regulation of an item on a day; '' where the table names none."""
    rows = VerificationPeriod.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), item_id=item_id, valid_from__lte=on
    )
    return rows.order_by("-valid_from").values_list("regulation", flat=True).first() or ""
