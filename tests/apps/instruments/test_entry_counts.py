"""The counts of what was entered stay exact whatever statement changes the ledger."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.instruments.models import EntryCount, Instrument
from quanheng.apps.instruments.services import entry_counts
from quanheng.apps.registry.models import Entity
from tests.factories import make_area, make_code, make_entity, make_instrument

pytestmark = pytest.mark.usefixtures("everything")

IN_TIME = datetime.fromisoformat("2026-06-30T23:59:59+08:00")
TOO_LATE = datetime.fromisoformat("2026-07-01T00:00:00+08:00")


def kept() -> dict[tuple[int, int], tuple[int, ...]]:
    """Add folded and fresh rows up; areas in which nothing is left count as not there."""
    rows: Any = EntryCount.objects.values("area_id", "item_id").annotate(
        **{f"sum_{name}": Sum(name) for name in entry_counts.COUNTS}
    )
    found = {
        (row["area_id"], row["item_id"]): tuple(row[f"sum_{name}"] for name in entry_counts.COUNTS)
        for row in rows
    }
    return {key: counts for key, counts in found.items() if any(counts)}


def by_definition() -> dict[tuple[int, int], tuple[int, ...]]:
    """Count every instrument in Python."""
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for it in Instrument.objects.unscoped().exclude(state="scrapped"):
        own = (
            it.registered_at < TOO_LATE, True, it.code is not None,
            it.state not in ("draft", "filing", "returned"), it.serial_number == "", it.manufacturer == "",
            it.verified_on is None,
        )  # fmt: skip
        before = found.get((it.area_id, it.item_id), (0,) * len(own))
        found[it.area_id, it.item_id] = tuple(a + b for a, b in zip(before, own, strict=True))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_any_row_of_statements_leaves_exact_counts(seed: int, stall: Entity) -> None:
    rng = Random(seed)
    elsewhere = make_entity(area=make_area(level=AreaLevel.STREET))
    changes: list[dict[str, Any]] = [
        {"state": "scrapped"}, {"state": "draft"}, {"state": "in_use"}, {"serial_number": ""},
        {"manufacturer": ""}, {"verified_on": None, "valid_until": None}, {"registered_at": TOO_LATE},
        {"area_id": elsewhere.area_id}, {"verified_on": date(2026, 1, 1)},
    ]  # fmt: skip
    for _ in range(25):
        ids = list(Instrument.objects.unscoped().order_by("pk").values_list("pk", flat=True))
        deed = rng.random()
        if deed < 0.4 or not ids:
            owner = rng.choice([stall, elsewhere])
            it = make_instrument(owner, registered_at=rng.choice([IN_TIME, TOO_LATE]))
            if rng.random() < 0.5:
                make_code(it)
        elif deed < 0.85:
            one = Instrument.objects.unscoped().filter(pk=rng.choice(ids))
            # Two without a serial number of one maker are refused; what is refused counts for nothing.
            with suppress(IntegrityError), transaction.atomic():
                one.update(**rng.choice(changes))
        elif deed < 0.95:
            entry_counts.fold()
        else:
            Instrument.objects.unscoped().filter(pk=rng.choice(ids), code=None).delete()
    assert kept() == by_definition()
    assert entry_counts.recount() == 0


def test_folding_leaves_one_row_for_an_area_and_item(stall: Entity) -> None:
    make_instrument(stall)
    make_instrument(stall)
    before = kept()
    assert entry_counts.fold() == 1
    assert EntryCount.objects.get().now == 2
    make_instrument(stall)
    entry_counts.fold()
    assert EntryCount.objects.get().now == 3
    assert before != kept() == by_definition()


def test_a_change_that_counts_nothing_leaves_no_row(stall: Entity) -> None:
    it = make_instrument(stall)
    entry_counts.fold()
    Instrument.objects.unscoped().filter(pk=it.pk).update(place="7 号摊")
    assert not EntryCount.objects.filter(folded=False).exists()


def test_a_recount_mends_what_was_lost(stall: Entity) -> None:
    make_instrument(stall)
    EntryCount.objects.all().delete()
    assert entry_counts.recount() == 1
    assert kept() == by_definition()
