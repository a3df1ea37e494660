"""The verification rate: what counts, from which day, until which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quanheng.regulation.rates import Span, Use, count_on, steps
from quanheng.regulation.verification_rate import Verified, is_subject, proven_days, trusted_days


def day(number: int) -> date:
    return date(2026, 1, 1) + timedelta(days=number)


def both(verifications: list[Verified]) -> tuple[list[Span], list[Span]]:
    """The days of the rate, and those with what users declare."""
    return proven_days(verifications), trusted_days(verifications)


PASSED = Verified(day(10), passed=True, valid_until=day(100))


@pytest.mark.parametrize(
    ("verifications", "trusted"),
    [
        ([], []),
        ([PASSED], [Span(day(10), day(100))]),
        ([Verified(day(10), passed=True)], [Span(day(10), None)]),
        ([Verified(day(10), passed=False)], []),
        # a broken seal ends it the day before; broken on the very day, it never counted
        ([Verified(day(10), True, day(100), voided_on=day(50))], [Span(day(10), day(49))]),
        ([Verified(day(10), True, day(100), voided_on=day(10))], []),
        # failing ends the one before; passing again counts from that day, the day itself included
        ([PASSED, Verified(day(40), passed=False)], [Span(day(10), day(39))]),
        ([PASSED, Verified(day(40), False), Verified(day(40), True, day(90))],
         [Span(day(10), day(39)), Span(day(40), day(90))]),
        # renewed early: the new one takes over; when its seal breaks, the old one does not come back
        ([PASSED, Verified(day(90), True, day(200))], [Span(day(10), day(89)), Span(day(90), day(200))]),
        ([PASSED, Verified(day(90), True, day(200), voided_on=day(95))],
         [Span(day(10), day(89)), Span(day(90), day(94))]),
        # an in-service check extends nothing, but failing one ends
        ([PASSED, Verified(day(40), True, in_service=True)], [Span(day(10), day(100))]),
        ([PASSED, Verified(day(40), False, in_service=True)], [Span(day(10), day(39))]),
    ],
)  # fmt: skip
def test_the_latest_verification_decides(verifications: list[Verified], trusted: list[Span]) -> None:
    assert trusted_days(verifications) == trusted


def test_an_instrument_counts_from_its_first_day_of_use_and_as_verified_from_its_verification() -> None:
    assert steps([Use(day(5), None, "market")], *both([PASSED])) == {
        ("market", day(5)): (1, 0, 0),
        ("market", day(10)): (0, 1, 1),
        ("market", day(101)): (0, -1, -1),
    }


DECLARED = Verified(day(40), passed=True, valid_until=day(200), proven=False)


def test_what_a_user_declares_counts_apart_and_ends_nothing_that_is_proven() -> None:
    assert proven_days([PASSED, DECLARED]) == [Span(day(10), day(100))]
    assert trusted_days([PASSED, DECLARED]) == [Span(day(10), day(39)), Span(day(40), day(200))]
    assert steps([Use(day(5), None, "market")], *both([PASSED, DECLARED])) == {
        ("market", day(5)): (1, 0, 0),
        ("market", day(10)): (0, 1, 1),
        ("market", day(101)): (0, -1, 0),
        ("market", day(201)): (0, 0, -1),
    }


def test_only_declared_is_in_use_and_not_verified() -> None:
    assert count_on(day(50), [([Use(day(5), None, "market")], *both([DECLARED]))]) == {"market": (1, 0, 1)}


def test_calibration_alone_is_not_subject_to_verification() -> None:
    assert is_subject(supervision="PV", mode="periodic")
    assert is_subject(supervision="V", mode="first_only")
    assert not is_subject(supervision="P", mode="periodic")
    assert not is_subject(supervision="V", mode="calibration")
