"""Which units are key units, and which are reviewed (T6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped
from quanheng.regulation.key_energy_units import KeyUnitClass, classify

PACK = shipped().in_force("energy/key-units", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("tce", "is_designated", "unit_class", "is_reviewed"),
    [
        ("4999.999", True, KeyUnitClass.ORDINARY, False),
        ("5000", False, KeyUnitClass.ORDINARY, True),
        ("5000", True, KeyUnitClass.DESIGNATED, True),
        ("9999.999", True, KeyUnitClass.DESIGNATED, True),
        ("10000", False, KeyUnitClass.KEY, True),
    ],
)
def test_thresholds_include_themselves(
    tce: str, *, is_designated: bool, unit_class: KeyUnitClass, is_reviewed: bool
) -> None:
    years, _ = classify({2026: Decimal(tce)}, PACK, is_designated=is_designated)
    assert (years[0].unit_class, years[0].is_reviewed) == (unit_class, is_reviewed)


def test_a_unit_may_cross_from_one_year_to_the_next() -> None:
    years, citation = classify({2026: Decimal(5000), 2025: Decimal("4999.999")}, PACK)
    assert [(year.year, year.is_reviewed) for year in years] == [(2025, False), (2026, True)]
    assert not citation.is_verified


def test_a_negative_consumption_is_refused() -> None:
    with pytest.raises(CaseFault, match=r"tce_by_year\.2026"):
        classify({2026: Decimal(-1)}, PACK)
