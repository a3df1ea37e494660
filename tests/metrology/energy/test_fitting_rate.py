"""Meters fitted where the rule asks for them (GB 17167, 4.3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quanheng.metrology.energy.fitting_rate import Fitting, MeteringLevel, fitting_rates, is_main
from quanheng.packs.case_fault import CaseFault
from tests.metrology.energy.packs import FITTING

WHOLE, SUBUNIT, EQUIPMENT = MeteringLevel


@pytest.mark.parametrize(
    ("fitting", "rate", "least", "is_met"),
    [
        (Fitting("electricity", WHOLE, 4, 4), 100, 100, True),
        (Fitting("electricity", WHOLE, 4, 3), 75, 100, False),
        (Fitting("electricity", EQUIPMENT, 40, 38), 95, 95, True),
        (Fitting("electricity", EQUIPMENT, 40, 37), Decimal("92.5"), 95, False),
        (Fitting("steam", SUBUNIT, 5, 4), 80, 80, True),
        (Fitting("recovered_energy", EQUIPMENT, 5, 0), 0, None, None),
        (Fitting("water", SUBUNIT, 0, 0), None, 95, None),
    ],
)
def test_each_carrier_and_level_has_a_limit_of_its_own(
    fitting: Fitting, rate: object, least: object, is_met: object
) -> None:
    row = fitting_rates([fitting], FITTING).rows[0]
    assert (row.rate, row.least, row.is_met) == (rate, least, is_met)


def test_one_row_that_falls_short_is_enough_and_what_is_not_asked_is_not_held_against_it() -> None:
    met = [Fitting("electricity", WHOLE, 2, 2), Fitting("water", SUBUNIT, 0, 0)]
    assert fitting_rates(met, FITTING).is_met
    assert not fitting_rates([*met, Fitting("coal", WHOLE, 3, 2)], FITTING).is_met


@pytest.mark.parametrize(
    ("fittings", "field", "code"),
    [
        ([], "fittings", "no_rows"),
        ([Fitting("peat", WHOLE, 1, 1)], "fittings[0].carrier", "unknown_carrier"),
        ([Fitting("coal", WHOLE, 1, 2)], "fittings[0].fitted", "more_than_needed"),
        ([Fitting("coal", WHOLE, 1, -1)], "fittings[0].fitted", "more_than_needed"),
        ([Fitting("coal", WHOLE, 1, 1)] * 2, "fittings[1].carrier", "twice"),
    ],
)
def test_counts_that_cannot_be_are_refused(fittings: list[Fitting], field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        fitting_rates(fittings, FITTING)
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize(
    ("level", "carrier", "amount", "expected"),
    [
        (SUBUNIT, "electricity", "10", True),
        (SUBUNIT, "electricity", "9.99", False),
        (EQUIPMENT, "electricity", "100", True),
        (EQUIPMENT, "electricity", "99.9", False),
        (EQUIPMENT, "other", "29.26", True),
        (WHOLE, "electricity", "0", True),
    ],
)
def test_who_uses_the_limit_itself_is_main(
    level: MeteringLevel, carrier: str, amount: str, *, expected: bool
) -> None:
    assert is_main(level, carrier, Decimal(amount), FITTING) is expected


def test_a_carrier_without_a_limit_is_named() -> None:
    with pytest.raises(CaseFault, match="没有能源“peat”"):
        is_main(SUBUNIT, "peat", Decimal(1), FITTING)
