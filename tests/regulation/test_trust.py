"""When a shopper may trust a scale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from quanheng.regulation.trust import Grade, Reason, Trust, TrustFacts, current, judge, trusted_until

TODAY = date(2026, 11, 23)
VERIFIED = TrustFacts("in_use", date(2026, 3, 15), date(2027, 3, 14), passed=True)


def test_a_broken_seal_voids_the_verification_even_inside_its_validity() -> None:
    broken = TrustFacts("in_use", date(2026, 3, 15), date(2027, 3, 14), passed=True, seal_broken=True)

    assert judge(VERIFIED, TODAY).grade == Grade.GREEN
    assert (judge(broken, TODAY).grade, judge(broken, TODAY).reason) == (Grade.RED, Reason.SEAL_BROKEN)
    assert trusted_until(date(2027, 3, 14), seal_broken_on=TODAY) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("valid_until", "grade", "reason", "left"),
    [
        (date(2026, 12, 23), Grade.GREEN, Reason.VALID, 30),
        (date(2026, 12, 22), Grade.AMBER, Reason.DUE_SOON, 29),
        (date(2026, 11, 23), Grade.AMBER, Reason.DUE_SOON, 0),
        (date(2026, 11, 22), Grade.RED, Reason.OVERDUE, -1),
        (None, Grade.GREEN, Reason.VALID, None),
    ],
)
def test_the_last_day_of_validity_still_counts(
    valid_until: date | None, grade: Grade, reason: Reason, left: int | None
) -> None:
    trust = judge(TrustFacts("in_use", date(2026, 3, 15), valid_until, passed=True), TODAY)

    assert (trust.grade, trust.reason, trust.days_left) == (grade, reason, left)


@pytest.mark.parametrize(
    ("state", "grade", "reason"),
    [
        ("draft", Grade.RED, Reason.NOT_FILED),
        ("filing", Grade.RED, Reason.NOT_FILED),
        ("returned", Grade.RED, Reason.NOT_FILED),
        ("filed", Grade.GREEN, Reason.VALID),
        ("booked", Grade.GREEN, Reason.VALID),
        ("under_verification", Grade.RED, Reason.UNDER_VERIFICATION),
        ("in_use", Grade.GREEN, Reason.VALID),
        ("failed", Grade.RED, Reason.FAILED),
        ("under_repair", Grade.RED, Reason.UNDER_REPAIR),
        ("stopped", Grade.GREY, Reason.STOPPED),
        ("sealed_up", Grade.GREY, Reason.SEALED_UP),
        ("scrapped", Grade.GREY, Reason.SCRAPPED),
    ],
)
def test_every_state_has_an_answer_for_an_instrument_verified_in_time(
    state: str, grade: Grade, reason: Reason
) -> None:
    trust = judge(TrustFacts(state, date(2026, 3, 15), date(2027, 3, 14), passed=True), TODAY)

    assert (trust.grade, trust.reason) == (grade, reason)


def test_a_verification_dated_tomorrow_does_not_count_today() -> None:
    tomorrow = TrustFacts("in_use", date(2026, 11, 24), date(2027, 11, 23), passed=True)

    assert judge(tomorrow, TODAY).reason == Reason.NEVER_VERIFIED


def test_a_revoked_certificate_is_told_until_another_verification_counts() -> None:
    revoked = TrustFacts("filed", revoked_on=date(2026, 11, 20))
    anew = TrustFacts("in_use", TODAY, date(2027, 11, 22), passed=True, revoked_on=date(2026, 11, 20))

    assert judge(revoked, TODAY) == Trust(Grade.RED, Reason.REVOKED)
    assert judge(replace(revoked, seal_broken=True), TODAY).reason == Reason.SEAL_BROKEN
    assert judge(anew, TODAY).grade == Grade.GREEN


@pytest.mark.parametrize(("until", "left"), [(None, None), (date(2027, 11, 22), 364), (date(2026, 12, 1), 8)])
def test_what_only_the_user_declares_is_never_green(until: date | None, left: int | None) -> None:
    declared = TrustFacts("in_use", date(2026, 3, 15), until, passed=True, proven=False)

    assert judge(declared, TODAY) == Trust(Grade.AMBER, Reason.UNCONFIRMED, left)


def test_a_graver_reason_outweighs_that_it_is_only_declared() -> None:
    overdue = TrustFacts("in_use", date(2025, 3, 15), date(2026, 3, 14), passed=True, proven=False)

    assert judge(overdue, TODAY).reason == Reason.OVERDUE
    assert judge(replace(overdue, seal_broken=True), TODAY).reason == Reason.SEAL_BROKEN


@pytest.mark.parametrize("proven", [True, False])
def test_what_is_asked_to_be_voided_is_amber_until_a_second_person_has_decided(proven: bool) -> None:
    doubted = replace(VERIFIED, disputed_on=TODAY, proven=proven)

    assert judge(doubted, TODAY) == Trust(Grade.AMBER, Reason.DISPUTED, 111)
    assert judge(replace(doubted, valid_until=None), TODAY) == Trust(Grade.AMBER, Reason.DISPUTED)
    assert current(doubted, TODAY).counts  # in law it stands


@pytest.mark.parametrize(
    ("grave", "reason"),
    [
        ({"valid_until": date(2026, 11, 22)}, Reason.OVERDUE),
        ({"seal_broken": True}, Reason.SEAL_BROKEN),
        ({"passed": False}, Reason.FAILED),
    ],
)
def test_that_a_record_is_doubted_makes_nothing_better(grave: dict[str, Any], reason: Reason) -> None:
    assert judge(replace(VERIFIED, disputed_on=TODAY, **grave), TODAY).reason == reason


@pytest.mark.parametrize("flag", ["seal_broken", "locked", "impounded"])
def test_a_flag_outweighs_every_date(flag: str) -> None:
    facts = TrustFacts("in_use", date(2026, 3, 15), None, passed=True, **{flag: True})  # type: ignore[arg-type]

    assert judge(facts, TODAY).grade == Grade.RED


def test_a_verification_for_life_ends_the_day_before_its_seal_breaks() -> None:
    assert trusted_until(None, None) is None
    assert trusted_until(None, TODAY) == date(2026, 11, 22)
    assert trusted_until(date(2026, 1, 1), TODAY) == date(2026, 1, 1)


BEFORE = date(2026, 11, 19)
SINCE = date(2026, 11, 20)
ENDED = replace(VERIFIED, trusted_until=BEFORE)


@pytest.mark.parametrize(
    ("facts", "why", "until", "since"),
    [
        (VERIFIED, None, date(2027, 3, 14), None),
        (replace(VERIFIED, trusted_until=date(2027, 3, 14)), None, date(2027, 3, 14), None),
        (replace(VERIFIED, valid_until=None), None, None, None),
        (replace(VERIFIED, valid_until=TODAY), None, TODAY, None),
        (replace(VERIFIED, valid_until=date(2026, 11, 22)), Reason.OVERDUE, None, TODAY),
        (replace(ENDED, seal_broken=True), Reason.SEAL_BROKEN, None, SINCE),
        (replace(ENDED, seal_opened=True), Reason.SEAL_OPENED, None, SINCE),
        (replace(ENDED, seal_opened=True, seal_broken=True), Reason.SEAL_BROKEN, None, SINCE),
        (replace(ENDED, valid_until=None, seal_broken=True), Reason.SEAL_BROKEN, None, SINCE),
        (replace(ENDED, passed=None), Reason.UNDER_REPAIR, None, SINCE),
        (replace(ENDED, passed=None, seal_opened=True), Reason.UNDER_REPAIR, None, SINCE),
        (replace(VERIFIED, seal_broken=True), Reason.SEAL_BROKEN, None, None),
        (replace(VERIFIED, seal_opened=True), Reason.SEAL_OPENED, None, None),
        (replace(VERIFIED, passed=None), Reason.UNDER_REPAIR, None, None),
        (
            replace(VERIFIED, valid_until=BEFORE, trusted_until=BEFORE, seal_broken=True),
            Reason.OVERDUE, None, SINCE,
        ),
        (replace(VERIFIED, passed=False, valid_until=None), Reason.FAILED, None, date(2026, 3, 15)),
        (TrustFacts("filed"), Reason.NEVER_VERIFIED, None, None),
        (TrustFacts("filed", revoked_on=SINCE), Reason.REVOKED, None, SINCE),
        (replace(VERIFIED, verified_on=date(2026, 11, 24)), Reason.NEVER_VERIFIED, None, None),
    ],
)  # fmt: skip
def test_a_verification_counts_until_the_first_thing_that_ends_it(
    facts: TrustFacts, why: Reason | None, until: date | None, since: date | None
) -> None:
    now = current(facts, TODAY)

    assert (now.why, now.until, now.since) == (why, until, since)
    assert now.counts is (why is None)


def test_what_is_green_or_amber_stands_on_a_verification_that_counts() -> None:
    for state in ("in_use", "filed", "booked"):
        for broken, opened in ((False, False), (True, False), (False, True)):
            facts = replace(
                ENDED if broken or opened else VERIFIED, state=state, seal_broken=broken, seal_opened=opened
            )
            assert (judge(facts, TODAY).grade == Grade.GREEN) is current(facts, TODAY).counts


def test_a_seal_that_was_opened_lawfully_is_no_broken_seal() -> None:
    opened = replace(ENDED, seal_opened=True)

    assert judge(opened, TODAY) == Trust(Grade.RED, Reason.SEAL_OPENED)
    assert judge(replace(opened, seal_broken=True), TODAY).reason == Reason.SEAL_BROKEN
    assert judge(replace(opened, state="under_repair"), TODAY).reason == Reason.UNDER_REPAIR
    assert judge(replace(opened, passed=False), TODAY).reason == Reason.FAILED
