"""At least one metrology manager of the intermediate grade in every enterprise above scale."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.manager_grades import Manager, ManagerGrade, ManagerStanding, Staffing, staffing
from tests.regulation.packs import shipped_pack

PACK = shipped_pack("manager-grades")
DAY = date(2026, 6, 1)
JUNIOR, INTERMEDIATE, SENIOR = ManagerGrade


def found(*managers: Manager, day: date = DAY, is_above_scale: bool = True) -> Staffing:
    return staffing(managers, day, PACK, is_above_scale=is_above_scale)


def manager(
    grade: ManagerGrade = INTERMEDIATE, valid_to: date | None = None, left_on: date | None = None
) -> Manager:
    return Manager("张工", grade, date(2025, 1, 1), valid_to, left_on)


@pytest.mark.parametrize(
    ("person", "standing", "is_met"),
    [
        (manager(), ManagerStanding.COUNTS, True),
        (manager(SENIOR), ManagerStanding.COUNTS, True),
        (manager(JUNIOR), ManagerStanding.GRADE_TOO_LOW, False),
        (manager(valid_to=DAY), ManagerStanding.COUNTS, True),
        (manager(valid_to=DAY - timedelta(days=1)), ManagerStanding.EXPIRED, False),
        (manager(left_on=DAY), ManagerStanding.LEFT, False),
        (manager(left_on=DAY + timedelta(days=1)), ManagerStanding.COUNTS, True),
        (Manager("李工", SENIOR, DAY + timedelta(days=1)), ManagerStanding.NOT_YET_CERTIFIED, False),
        (Manager("李工", SENIOR, date(2023, 6, 2)), ManagerStanding.COUNTS, True),  # three years by the pack
        (Manager("李工", SENIOR, date(2023, 6, 1)), ManagerStanding.EXPIRED, False),
    ],
)
def test_who_counts_and_why_not(person: Manager, standing: ManagerStanding, is_met: bool) -> None:
    result = found(person)
    assert result.standings == ((person.person, standing),)
    assert (result.is_met, result.vacancies) == (is_met, 0 if is_met else 1)


def test_an_enterprise_below_scale_needs_none() -> None:
    result = found(is_above_scale=False)
    assert (result.is_met, result.needed, result.lapses_on) == (True, 0, None)
    assert found().vacancies == 1


def test_the_day_on_which_too_few_are_left_is_known_before() -> None:
    early, late = manager(valid_to=date(2026, 7, 31)), manager(valid_to=date(2026, 12, 31))
    result = found(early, late)
    assert (result.lapses_on, result.is_lapsing) == (date(2027, 1, 1), False)
    alone = found(early)
    assert (alone.lapses_on, alone.is_lapsing) == (date(2026, 8, 1), True)
    assert not found(early, day=date(2026, 8, 1)).is_met
    leaving = found(manager(left_on=date(2026, 6, 15)))
    assert leaving.lapses_on == date(2026, 6, 15)


def test_a_certificate_that_ended_before_it_began_is_refused() -> None:
    with pytest.raises(CaseFault, match="发证之前"):
        found(manager(valid_to=date(2024, 12, 31)))


@given(
    st.lists(st.builds(manager, st.sampled_from(ManagerGrade), st.dates(date(2025, 1, 1), date(2028, 1, 1)))),
    st.dates(date(2025, 1, 1), date(2028, 1, 1)),
)
def test_until_the_day_it_lapses_it_is_met(managers: list[Manager], day: date) -> None:
    result = found(*managers, day=day)
    if result.lapses_on is not None:
        assert found(*managers, day=result.lapses_on - timedelta(days=1)).is_met
        assert not found(*managers, day=result.lapses_on).is_met
    assert found(*managers, manager(), day=day).vacancies <= result.vacancies
