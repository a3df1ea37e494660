"""What the database itself wrote into a row that was just changed."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def fresh(row: M) -> M:
    """Return a row with the instant of its change: the database stamps it, whoever wrote."""
    row.refresh_from_db(fields=["changed_at"])
    return row
