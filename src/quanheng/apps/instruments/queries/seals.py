"""Which numbers of seals are in use, wherever; and which instrument carries one, as far as one may know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from quanheng.apps.instruments.enums import SealPosition
from quanheng.apps.instruments.models import CatalogueItem, Instrument, Seal
from quanheng.kit.scope import Actor
from quanheng.packs.shipped import shipped
from quanheng.regulation.seal_positions import positions_of

POSITIONS_RULE = "seal-positions"


@dataclass(frozen=True, slots=True)
class Carrier:
    """The instrument that carries a seal.

    Args:
        name: what it is called; empty where the actor does not see it.
    """

    instrument_id: int
    name: str = ""


def fitting_positions(item: CatalogueItem, on: date) -> list[SealPosition]:
    """Return where a seal may sit on an instrument of a kind, by the rows of the day; the usual one first."""
    return [SealPosition(one) for one in positions_of(position_rows(on), item.category, item.slug)]


def position_rows(on: date) -> Sequence[Mapping[str, Any]]:
    """Return the rows of the day for `regulation.seal_positions`."""
    rows: Sequence[Mapping[str, Any]] = (
        shipped().in_force(POSITIONS_RULE, on).table("positions").values["rows"]
    )
    return rows


def numbers_by_position(instrument_id: int) -> dict[str, str]:
    """Return position → number of the seals of an instrument that are whole, as far as one sees them."""
    rows = Seal.objects.unscoped().filter(instrument=instrument_id, broken_on=None)
    return dict(rows.values_list("position", "number"))


def has_disputed_seal(by: Actor) -> Q:
    """Return the condition that a whole seal of an instrument bears a number that another whole one bears."""
    seals = Seal.objects.visible_to(by).filter(number_disputed=True, broken_on=None)
    return Q(pk__in=seals.values("instrument_id"))


def carriers(numbers: Collection[str], by: Actor) -> dict[str, Carrier]:
    """Return key of a number → who carries a whole seal with it (regulation.seal_numbers).

    The database looks beyond the actor's scope; what it finds there is not named.
    """
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, instrument FROM seal_numbers_in_use(%s)", [list(numbers)])
        found: dict[str, int] = dict(cursor.fetchall())
    seen = Instrument.objects.visible_to(by).filter(pk__in=found.values())
    names = {row.pk: str(row) for row in seen}
    return {key: Carrier(pk, names.get(pk, "")) for key, pk in found.items()}
