"""Load the shipped catalogue and periods. Adds what is missing and leaves what the office has changed
since.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources

from django.db import transaction

from quanheng.apps.instruments.models import CatalogueItem, VerificationPeriod


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows the load added."""

    items: int
    periods: int


@transaction.atomic
def load_catalogue() -> Loaded:
    """Load items of SAMR notice 42 of 2020 and their verification periods, all flagged as unverified.

    Source: data/README.md. Running it again adds nothing; an item that the office has given periods of its
    own keeps them.
    """
    before = CatalogueItem.objects.count(), VerificationPeriod.objects.count()
    for row in _rows("catalogue.csv"):
        _load_item(row)
    items = dict(CatalogueItem.objects.values_list("slug", "id"))
    VerificationPeriod.objects.bulk_create(
        [_period(row, items) for row in _rows("verification-periods.csv")], ignore_conflicts=True
    )
    return Loaded(CatalogueItem.objects.count() - before[0], VerificationPeriod.objects.count() - before[1])


def _load_item(row: dict[str, str]) -> None:
    parent = CatalogueItem.objects.get(slug=row["parent"]) if row["parent"] else None
    CatalogueItem.objects.get_or_create(
        slug=row["slug"],
        defaults={
            "name": row["name"],
            "parent": parent,
            "synonyms": [word for word in row["synonyms"].split("|") if word],
            "supervision": row["supervision"],
            "mode": row["mode"],
            "category": row["category"],
            "medical_class": int(row["medical_class"]) if row["medical_class"] else None,
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": _day(row["valid_to"]),
            "source": row["source"],
            "verified": row["verified"] == "1",
        },
    )


def _period(row: dict[str, str], items: dict[str, int]) -> VerificationPeriod:
    return VerificationPeriod(
        item_id=items[row["item"]],
        regulation=row["regulation"],
        months=int(row["months"]) if row["months"] else None,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        source=row["source"],
        verified=row["verified"] == "1",
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    file = resources.files("quanheng.apps.instruments") / "data" / name
    yield from csv.DictReader(file.read_text(encoding="utf-8").splitlines())
