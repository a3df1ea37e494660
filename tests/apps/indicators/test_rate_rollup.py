"""The rollup behind the indicators stays exact whatever acts are done, in whatever order.

For each indicator the rollup, the count of the streets, the lists of rows and the rule itself are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.models import Area
from quanheng.apps.indicators.declared.t1 import T1
from quanheng.apps.indicators.queries import counts
from quanheng.apps.indicators.queries.behind import instruments_behind
from quanheng.apps.instruments.enums import InstrumentState, Provenance, Result
from quanheng.apps.instruments.indicators import Indicator, Part, indicators
from quanheng.apps.instruments.models import Instrument, Placement, RateChange, Seal, Verification
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.issue_codes import issue_codes
from quanheng.apps.instruments.services.ledger_batch import open_ledger
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.record_verification import (
    VerificationResult,
    enter_verification,
    record_verification,
)
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.apps.instruments.services.replace_code import replace_code
from quanheng.apps.instruments.services.resume_use import resume_use
from quanheng.apps.instruments.services.scrap import scrap
from quanheng.apps.instruments.services.seal_up import seal_up
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.instruments.services.void_record import ask_to_void, decide_to_void
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.provenance import is_proven
from quanheng.regulation.rates import Span, Step, Use, count_on, is_counted
from quanheng.regulation.verification_rate import Verified, proven_days, trusted_days
from tests.factories import (
    make_area,
    make_entity,
    make_institute,
    make_instrument,
    make_item,
    make_placement,
    make_seal,
    make_verification,
)

pytestmark = pytest.mark.usefixtures("everything")

SELECTION = counts.Selection(T1, ("market", "hospital"))
TODAY = date(2026, 11, 23)


@pytest.fixture
def province() -> list[Entity]:
    """Three entities in three streets of two counties of two cities."""
    make_institute("院")
    counties = [make_area(level=AreaLevel.COUNTY), make_area(level=AreaLevel.COUNTY)]
    streets = [make_area(level=AreaLevel.STREET, parent=county) for county in [*counties, counties[0]]]
    return [
        make_entity(area=street, premises=premises)
        for street, premises in zip(streets, ("market", "hospital", "market"), strict=True)
    ]


def counted_by_definition(day: date) -> dict[tuple[int, str, int], Step]:
    """Count every instrument of the ledger by the rule itself: (street, premises, item) → the counts."""
    return count_on(day, [(uses_of(it), *days_of(it)) for it in Instrument.objects.unscoped()])


def uses_of(it: Instrument) -> Iterable[Use[tuple[int, str, int]]]:
    if Instrument.objects.unscoped().filter(parent=it).exists():
        return
    for past in Placement.objects.unscoped().filter(instrument=it).order_by("id"):
        yield Use(past.first_day, past.last_day, (past.area_id, past.premises, it.item_id))
    if it.placed_on and is_counted(it.state):
        yield Use(it.placed_on, None, (it.area_id, it.premises, it.item_id))


def days_of(it: Instrument) -> tuple[list[Span], list[Span]]:
    said = list(verifications_of(it))
    return proven_days(said), trusted_days(said)


def verifications_of(it: Instrument) -> Iterable[Verified]:
    for row in Verification.objects.unscoped().filter(instrument=it, in_error=False).order_by("id"):
        passed, in_service = row.result == "passed", row.kind == "in_service"
        yield Verified(
            row.verified_on, passed, row.valid_until, row.voided_on, in_service, is_proven(row.provenance)
        )


def three(count: counts.Count) -> Step:
    return count.denominator, count.numerator, count.variant


def check_all_days() -> None:
    """Compare the rollup, the plain query and the definition on days of the past and of the future."""
    for offset in (-1500, -400, -90, -31, -30, -7, -1, 0, 1, 30, 200, 365, 900):
        day = TODAY + timedelta(days=offset)
        expected = counted_by_definition(day)
        in_use, verified, claimed = (sum(count[column] for count in expected.values()) for column in range(3))
        for level in (1, 2, 3):
            areas = list(Area.objects.filter(level=level).values_list("id", flat=True))
            counted = counts.total(counts.cells_on(day, areas, level, SELECTION))
            assert three(counted) == (in_use, verified, claimed), (day, level)
        streets = {
            (cell.area_id, cell.premises, cell.item_id): three(cell.count)
            for cell in counts.street_cells_on(day, 0, 10**12, SELECTION)
        }
        assert streets == expected, day
        for part, number in {
            "in_use": in_use,
            "verified": verified,
            "claimed": claimed,
            "gap": in_use - verified,
        }.items():
            behind = instruments_behind(part, day, 0, 10**12, SELECTION, actor=SYSTEM)
            assert behind.count() == number, (day, part)


def check_every_indicator() -> None:
    """Whatever is declared: rollup, streets and rows say the same on days of the past and of the future."""
    for indicator in indicators():
        selection = counts.whole(indicator)
        for offset in (-400, -90, -31, -1, 0, 1, 200):
            day = TODAY + timedelta(days=offset)
            street = counts.total(counts.street_cells_on(day, 0, 10**12, selection))
            for level in (1, 2, 3):
                areas = list(Area.objects.filter(level=level).values_list("id", flat=True))
                assert counts.total(counts.cells_on(day, areas, level, selection)) == street, (indicator, day)
            numbers = dict(zip(PARTS_IN_ORDER, (*three(street), street.gap), strict=True))
            for role, part in parts_by_role(indicator).items():
                behind = instruments_behind(part.key, day, 0, 10**12, selection, actor=SYSTEM)
                assert behind.count() == numbers[role], (indicator.key, part.key, day)


PARTS_IN_ORDER = ("denominator", "numerator", "variant", "gap")


def parts_by_role(indicator: Indicator) -> dict[str, Part]:
    roles = {"denominator": indicator.in_use, "numerator": indicator.holding, "gap": indicator.gap}
    return roles | ({"variant": indicator.variant.part} if indicator.variant else {})


def declare(it: Instrument, said: VerificationResult, at: datetime) -> None:
    """Enter what a user declares."""
    with open_ledger([it.pk], by=SYSTEM, at=at) as ledger:
        enter_verification(ledger, it.pk, said)


def void(it: Instrument, at: datetime) -> None:
    """Void the newest verification as recorded in error, by two people."""
    row = Verification.objects.unscoped().filter(instrument=it, in_error=False).order_by("id").last()
    if row is not None:
        about: dict[str, Any] = {"instrument_id": it.pk, "verification_id": row.pk, "at": at}
        ask_to_void(reason="误录", by=replace(SYSTEM, user_id=1), **about)
        decide_to_void(agreed=True, by=replace(SYSTEM, user_id=2), **about)


def random_act(rng: Random, it: Instrument, entities: list[Entity], at: datetime) -> None:
    """Do one act that an office might do; what the rules refuse is not done."""
    on = TODAY - timedelta(days=rng.randrange(60))
    earlier = at - timedelta(days=rng.randrange(60))
    common: dict[str, Any] = {"instrument_id": it.pk, "by": SYSTEM, "at": at}
    seal = Seal.objects.unscoped().filter(instrument=it, broken_on=None).first()
    acts: list[Callable[[], object]] = [
        lambda: record_verification(
            verified_on=on, valid_until=on + timedelta(days=rng.randrange(400)), institute="院",
            result=rng.choice([Result.PASSED, Result.PASSED, Result.FAILED]),
            certificate_number=f"C{rng.random()}", **common,
        ),
        lambda: declare(it, VerificationResult(on, Result.PASSED, "", "", Provenance.DECLARED), at),
        lambda: void(it, at),
        lambda: stop_use(reason="停", on=on, **common),
        lambda: resume_use(reason="启", on=on, **common),
        lambda: seal_up(reason="封", on=on, **common),
        lambda: scrap(reason="废", on=on, **common) if rng.random() < 0.2 else None,
        lambda: send_to_repair(reason="修", on=on, **common),
        lambda: record_repair(repairer="修", work="修", on=on, **common),
        lambda: move_instrument(entity_id=rng.choice(entities).pk, place=str(rng.random()), on=on, **common),
        lambda: break_seal(seal_id=seal.pk, reason="破", on=on, **common) if seal else None,
        lambda: issue_codes(chosen=Instrument.objects.unscoped().filter(pk=it.pk), by=SYSTEM, at=earlier),
        lambda: replace_code(instrument_id=it.pk, reason="掉", by=SYSTEM, at=at),
    ]  # fmt: skip
    try:
        rng.choice(acts)()
    except RuleBroken:
        return


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_acts_leave_the_rollup_exact_on_every_day(
    province: list[Entity], at: datetime, seed: int
) -> None:
    rng = Random(seed)
    instruments = []
    for _ in range(8):
        it = make_instrument(rng.choice(province), placed_on=TODAY - timedelta(days=100))
        make_verification(it)
        make_seal(it, applied_on=TODAY - timedelta(days=200))
        rate_changes.add([it.pk])
        instruments.append(it)
    for number in range(40):
        random_act(rng, rng.choice(instruments), province, at)
        if number % 13 == 0:
            rate_changes.fold()
    check_all_days()
    check_every_indicator()
    rate_changes.fold()
    assert not RateChange.objects.filter(grain=0).exists()
    check_all_days()
    check_every_indicator()
    assert rate_changes.compare() == []


def test_a_whole_is_counted_by_its_parts_from_the_day_it_has_any(province: list[Entity]) -> None:
    dispenser = make_instrument(province[0], placed_on=TODAY)
    rate_changes.add([dispenser.pk])
    check_all_days()
    nozzles = [make_instrument(province[0], parent=dispenser, placed_on=TODAY) for _ in range(2)]
    rate_changes.add([nozzle.pk for nozzle in nozzles])
    check_all_days()
    with rate_changes.tracking([nozzle.pk for nozzle in nozzles]):
        Instrument.objects.unscoped().filter(parent=dispenser).delete()
    check_all_days()
    assert counts.total(counts.cells_on(TODAY, [510_000_000_000], 1, SELECTION)).denominator == 1


def test_an_import_undone_leaves_nothing_in_the_rollup(province: list[Entity]) -> None:
    it = make_instrument(province[0], placed_on=TODAY - timedelta(days=10))
    make_verification(it)
    rate_changes.add([it.pk])
    rate_changes.fold()
    with rate_changes.tracking([it.pk]):
        Instrument.objects.unscoped().filter(pk=it.pk).delete()
    check_all_days()
    assert rate_changes.compare() == []


def test_placements_that_overlap_count_once_where_the_instrument_went_last(province: list[Entity]) -> None:
    it = make_instrument(province[0], placed_on=TODAY - timedelta(days=5))
    make_placement(
        it, area=province[1].area, premises="hospital", first_day=TODAY - timedelta(days=30), last_day=TODAY
    )
    rate_changes.add([it.pk])
    cells = counts.cells_on(TODAY, [province[0].area_id // 10**6 * 10**6], 3, SELECTION)
    assert counts.total(cells).denominator == 1
    assert counts.total(counts.cells_on(TODAY, [510_000_000_000], 1, SELECTION)).denominator == 1


def test_what_is_only_calibrated_is_not_counted(province: list[Entity]) -> None:
    ventilator = make_item("ventilator", supervision="", mode="calibration")
    it = make_instrument(province[1], item=ventilator, placed_on=TODAY)
    rate_changes.add([it.pk])
    assert counts.cells_on(TODAY, [510_000_000_000], 1, SELECTION) == []


def test_a_rollup_that_was_falsified_is_found_and_mended(province: list[Entity]) -> None:
    it = make_instrument(province[0], placed_on=TODAY)
    make_verification(it)
    rate_changes.add([it.pk])
    rate_changes.fold()
    RateChange.objects.filter(grain=1, denominator=1).update(denominator=7)
    RateChange.objects.filter(grain=3, numerator=1).delete()
    differences = rate_changes.compare()
    assert {row.denominator for row in differences if row.grain == 1} == {-6}
    rate_changes.mend(differences)
    assert rate_changes.compare() == []
    check_all_days()


def test_an_act_that_is_refused_changes_no_count(province: list[Entity], at: datetime) -> None:
    it = make_instrument(province[0], state=InstrumentState.SCRAPPED, placed_on=None)
    rate_changes.add([it.pk])
    with pytest.raises(RuleBroken):
        stop_use(instrument_id=it.pk, reason="停", on=TODAY, by=SYSTEM, at=at)
    assert not RateChange.objects.exists()
