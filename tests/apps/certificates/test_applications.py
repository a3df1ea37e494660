"""申请、受理、退回、撤回、改期: who may verify it, when there is room, what each side may still change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.enums import HalfDay, LineState, PlaceOfWork
from quanheng.apps.certificates.models import Application, ApplicationLine, Authorisation
from quanheng.apps.certificates.queries.days import first_free_day, halves, load_of
from quanheng.apps.certificates.queries.routes import routes_for
from quanheng.apps.certificates.services.accept_applications import accept_applications
from quanheng.apps.certificates.services.apply_for_verification import Wish, apply_for_verification
from quanheng.apps.certificates.services.cancel_application import cancel_application
from quanheng.apps.certificates.services.receive_application import (
    accept_application,
    receive_instrument,
    return_application,
)
from quanheng.apps.certificates.services.reschedule_line import reschedule_line
from quanheng.apps.certificates.services.slots import When
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.notices.queries import unread
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument
from tests.factories.acts import acts, refused
from tests.factories.people import make_agency
from tests.factories.verification import Bench, make_authorisation, make_bench

MONDAY, TUESDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 28)
MORNING = When(TUESDAY, HalfDay.MORNING)
WISH = Wish(PlaceOfWork.ON_SITE, MONDAY)


@pytest.fixture
def clerk(bench: Bench, county: Area) -> Actor:
    return make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=county)


@pytest.fixture
def owner(scale: Instrument) -> Actor:
    """The operator of the market in which the stall is."""
    return make_actor(Role.MARKET_OPERATOR, entity=scale.entity.root)


@pytest.fixture
def line(scale: Instrument, bench: Bench, owner: Actor, at: datetime) -> ApplicationLine:
    return applied([scale], owner, at)[0]


def applied(
    instruments: Sequence[Instrument], by: Actor, at: datetime, wish: Wish = WISH
) -> list[ApplicationLine]:
    with acting_in(by.scope):
        made = apply_for_verification(instrument_ids=[it.pk for it in instruments], wish=wish, by=by, at=at)
    with acting_in(EVERYTHING):
        rows = ApplicationLine.objects.unscoped().filter(application__in=made)
        return list(rows.select_related("application").order_by("pk"))


def accepted(line: ApplicationLine, clerk: Actor, at: datetime, when: When = MORNING) -> ApplicationLine:
    with acting_in(clerk.scope):
        return accept_application(line_id=line.pk, when=when, by=clerk, at=at)


def set_capacity(bench: Bench, capacity: int) -> None:
    with acting_in(EVERYTHING):
        Authorisation.objects.filter(institute=bench.institute).update(daily_capacity=capacity)


def scales_of(owner: Actor, count: int, **facts: Any) -> list[Instrument]:
    with acting_in(EVERYTHING):
        market = Entity.objects.unscoped().get(pk=owner.entity_id or 0)
    return [make_instrument(market, **facts) for _ in range(count)]


def test_an_application_goes_to_the_institute_that_may_verify_it(
    scale: Instrument, bench: Bench, owner: Actor, at: datetime
) -> None:
    (line,) = applied([scale], owner, at)
    assert (line.institute_id, line.state, line.booked_for) == (bench.institute.pk, LineState.APPLIED, None)
    assert line.application.number.startswith("YJ261123")
    assert (line.application.entity_id, line.area_id) == (owner.entity_id, scale.area_id)
    assert acts() == [("verification_applied", scale.pk)]


def test_the_institute_is_told_until_every_instrument_is_answered(
    scale: Instrument, bench: Bench, owner: Actor, clerk: Actor, at: datetime
) -> None:
    def told_to_clerk() -> int:
        with acting_in(clerk.scope):
            return unread(clerk)

    set_capacity(bench, 5)
    lines = applied(scales_of(owner, 2), owner, at)
    assert told_to_clerk() == 1
    accepted(lines[0], clerk, at)
    assert told_to_clerk() == 1
    with acting_in(clerk.scope):
        return_application(line_id=lines[1].pk, reason="未备案", by=clerk, at=at)
    assert told_to_clerk() == 0


def test_the_smallest_authorised_area_around_the_instrument_wins(county: Area, bench: Bench) -> None:
    province_wide = make_agency("省院", area=county, kind="institute")
    assert county.parent is not None
    make_authorisation(province_wide, bench.item, county.parent)
    here = make_instrument(make_entity(area=county))
    beside = make_instrument(make_entity(area=make_area("武侯区", parent=county.parent)))
    routing = routes_for([here, beside], MONDAY)
    assert {route.institute_id: route.instrument_ids for route in routing.routes} == {
        bench.institute.pk: (here.pk,), province_wide.pk: (beside.pk,),
    }  # fmt: skip


def test_an_authorisation_that_ends_before_the_wanted_day_is_none(
    scale: Instrument, bench: Bench, owner: Actor, at: datetime
) -> None:
    with acting_in(EVERYTHING):
        Authorisation.objects.filter(institute=bench.institute).update(valid_to=MONDAY)
    applied([scale], owner, at)
    other = scales_of(owner, 1)[0]
    with refused("nobody_authorised"), acting_in(owner.scope):
        apply_for_verification(
            instrument_ids=[other.pk], wish=Wish(PlaceOfWork.BENCH, TUESDAY), by=owner, at=at
        )


def test_one_instrument_that_cannot_be_applied_for_keeps_back_all(
    scale: Instrument, owner: Actor, at: datetime
) -> None:
    stopped = scales_of(owner, 1, state=InstrumentState.STOPPED)[0]
    with refused("not_in_service"), acting_in(owner.scope):
        apply_for_verification(instrument_ids=[scale.pk, stopped.pk], wish=WISH, by=owner, at=at)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"instrument_ids": []}, "nothing_chosen"),
        ({"instrument_ids": range(1, 2_002)}, "too_many"),
        ({"instrument_ids": [10**9]}, "instrument_not_found"),
        ({"wish": Wish(PlaceOfWork.BENCH, MONDAY - timedelta(days=1))}, "day_is_past"),
    ],
)
def test_a_wish_that_cannot_be_met_says_why(
    scale: Instrument, owner: Actor, at: datetime, change: dict[str, Any], code: str
) -> None:
    asked: dict[str, Any] = {"instrument_ids": [scale.pk], "wish": WISH}
    with refused(code), acting_in(owner.scope):
        apply_for_verification(**asked | change, by=owner, at=at)


def test_the_same_instrument_is_in_one_procedure_at_a_time(
    line: ApplicationLine, scale: Instrument, owner: Actor, at: datetime
) -> None:
    with refused("already_applied"), acting_in(owner.scope):
        apply_for_verification(instrument_ids=[scale.pk], wish=WISH, by=owner, at=at)
    with acting_in(owner.scope):
        cancel_application(line_id=line.pk, by=owner, at=at)
    assert applied([scale], owner, at)[0].pk != line.pk


def test_an_inspector_and_a_stranger_apply_for_nothing(
    scale: Instrument, owner: Actor, bench: Bench, county: Area, at: datetime
) -> None:
    inspector = make_actor(Role.INSPECTOR, area=county)
    with pytest.raises(NotYours), acting_in(inspector.scope):
        apply_for_verification(instrument_ids=[scale.pk], wish=WISH, by=inspector, at=at)
    stranger = make_actor(Role.MARKET_OPERATOR, entity=make_entity(kind="market_operator", area=county))
    with refused("instrument_not_found"), acting_in(stranger.scope):
        apply_for_verification(instrument_ids=[scale.pk], wish=WISH, by=stranger, at=at)


def test_instruments_of_two_markets_become_two_applications(county: Area, bench: Bench, at: datetime) -> None:
    officer = make_actor(Role.COUNTY_OFFICER, area=county)
    scales = [make_instrument(make_entity(kind="stall", area=county)) for _ in range(2)]
    lines = applied(scales, officer, at)
    assert len({line.application_id for line in lines}) == 2
    assert {line.application.entity_id for line in lines} == {it.root_id for it in scales}


def test_acceptance_gives_a_place_in_a_half_day(line: ApplicationLine, clerk: Actor, at: datetime) -> None:
    taken = accepted(line, clerk, at)
    assert (taken.state, taken.booked_for, taken.half, taken.slot) == ("accepted", TUESDAY, "morning", 1)
    assert taken.receipt_number == f"SL{line.pk:010d}"
    assert acts()[-1] == ("verification_accepted", line.instrument_id)


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (When(MONDAY - timedelta(days=1), HalfDay.MORNING), "day_is_past"),
        (When(SATURDAY, HalfDay.MORNING), "not_a_working_day"),
        (When(MONDAY, HalfDay.MORNING), "half_day_is_over"),
    ],
)
def test_a_time_at_which_nobody_works_is_refused(
    line: ApplicationLine, clerk: Actor, at: datetime, when: When, code: str
) -> None:
    with refused(code):
        accepted(line, clerk, at.replace(hour=12), when)


def test_a_full_half_day_takes_no_more_and_a_withdrawn_one_gives_its_place_back(
    owner: Actor, bench: Bench, clerk: Actor, at: datetime
) -> None:
    set_capacity(bench, 3)  # two in the morning, one in the afternoon
    lines = applied(scales_of(owner, 3), owner, at)
    assert [accepted(one, clerk, at).slot for one in lines[:2]] == [1, 2]
    with refused("day_is_full"):
        accepted(lines[2], clerk, at)
    with acting_in(owner.scope):
        cancel_application(line_id=lines[0].pk, by=owner, at=at)
    assert accepted(lines[2], clerk, at).slot == 1


def test_a_batch_fills_the_half_days_one_after_the_other(
    owner: Actor, bench: Bench, clerk: Actor, at: datetime
) -> None:
    set_capacity(bench, 3)
    friday = date(2026, 11, 27)
    lines = applied(scales_of(owner, 5), owner, at)
    with acting_in(clerk.scope):
        done = accept_applications(line_ids=[one.pk for one in lines], first_day=friday, by=clerk, at=at)
    monday = friday + timedelta(days=3)
    assert [(one.booked_for, one.half) for one in done.lines] == [
        (friday, "morning"), (friday, "morning"), (friday, "afternoon"), (monday, "morning"),
        (monday, "morning"),
    ]  # fmt: skip
    assert done.refused == {}


def test_a_batch_books_nobody_before_the_day_that_was_wished_for(
    owner: Actor, clerk: Actor, at: datetime
) -> None:
    (later,) = applied(scales_of(owner, 1), owner, at)
    wished = MONDAY + timedelta(days=3)
    Application.objects.unscoped().filter(pk=later.application_id).update(wanted_on=wished)
    with acting_in(clerk.scope):
        done = accept_applications(line_ids=[later.pk], first_day=MONDAY, by=clerk, at=at)
    assert [one.booked_for for one in done.lines] == [wished]


def test_a_batch_that_is_accepted_at_noon_starts_with_the_afternoon(
    line: ApplicationLine, clerk: Actor, at: datetime
) -> None:
    with acting_in(clerk.scope):
        (done,) = accept_applications(
            line_ids=[line.pk], first_day=MONDAY, by=clerk, at=at.replace(hour=12)
        ).lines
    assert (done.booked_for, done.half) == (MONDAY, "afternoon")


def test_a_line_that_cannot_be_accepted_holds_up_no_other(owner: Actor, clerk: Actor, at: datetime) -> None:
    first, second = applied(scales_of(owner, 2), owner, at)
    with acting_in(owner.scope):
        cancel_application(line_id=first.pk, by=owner, at=at)
    with acting_in(clerk.scope):
        done = accept_applications(line_ids=[first.pk, second.pk], first_day=TUESDAY, by=clerk, at=at)
    assert [one.pk for one in done.lines] == [second.pk]
    assert list(done.refused) == [first.pk]


def test_an_institute_without_a_free_day_says_so(
    line: ApplicationLine, bench: Bench, clerk: Actor, at: datetime
) -> None:
    set_capacity(bench, 0)
    with acting_in(clerk.scope):
        done = accept_applications(line_ids=[line.pk], first_day=TUESDAY, by=clerk, at=at)
    assert "八周内没有空余时段" in done.refused[line.pk]


def test_another_institutes_line_is_not_theirs(line: ApplicationLine, county: Area, at: datetime) -> None:
    stranger = make_actor(Role.INSTITUTE_CLERK, agency=make_bench(county).institute, area=county)
    with pytest.raises(NotYours):
        accepted(line, stranger, at)


def test_a_returned_line_says_what_is_missing(line: ApplicationLine, clerk: Actor, at: datetime) -> None:
    with acting_in(clerk.scope):
        for reason, code in ((" ", "no_reason"), ("长" * 301, "reason_too_long")):
            with refused(code):
                return_application(line_id=line.pk, reason=reason, by=clerk, at=at)
        back = return_application(line_id=line.pk, reason="请补充铭牌照片", by=clerk, at=at)
    assert (back.state, back.return_reason) == (LineState.RETURNED, "请补充铭牌照片")


def test_an_instrument_that_was_received_is_not_withdrawn_any_more(
    line: ApplicationLine, owner: Actor, clerk: Actor, at: datetime
) -> None:
    accepted(line, clerk, at)
    with acting_in(clerk.scope):
        assert receive_instrument(line_id=line.pk, by=clerk, at=at).state == LineState.RECEIVED
    with refused("cannot_withdraw"), acting_in(owner.scope):
        cancel_application(line_id=line.pk, by=owner, at=at)


def test_another_half_day_frees_the_old_one(
    line: ApplicationLine, bench: Bench, owner: Actor, clerk: Actor, at: datetime
) -> None:
    set_capacity(bench, 2)
    accepted(line, clerk, at)
    with acting_in(owner.scope):
        moved = reschedule_line(line_id=line.pk, when=When(TUESDAY, HalfDay.AFTERNOON), by=owner, at=at)
        assert (moved.half, acts()[-1]) == ("afternoon", ("verification_rebooked", line.instrument_id))
        again = reschedule_line(line_id=line.pk, when=When(TUESDAY, HalfDay.AFTERNOON), by=owner, at=at)
    assert (again.half, len(acts())) == ("afternoon", 3)  # nothing changed, nothing is told
    assert load_of(bench.institute.pk, TUESDAY).booked == (0, 1)


def test_on_the_day_itself_only_the_institute_changes_it(
    line: ApplicationLine, owner: Actor, clerk: Actor, at: datetime
) -> None:
    accepted(line, clerk, at)
    later = When(date(2026, 11, 25), HalfDay.MORNING)
    with time_machine.travel(at + timedelta(days=1)), acting_in(owner.scope), refused("too_late_to_rebook"):
        reschedule_line(line_id=line.pk, when=later, by=owner, at=at + timedelta(days=1))
    with acting_in(clerk.scope):
        moved = reschedule_line(line_id=line.pk, when=later, by=clerk, at=at + timedelta(days=1))
    assert moved.booked_for == later.day


def test_only_an_accepted_line_has_a_day_to_change(line: ApplicationLine, clerk: Actor, at: datetime) -> None:
    with refused("cannot_rebook"), acting_in(clerk.scope):
        reschedule_line(line_id=line.pk, when=MORNING, by=clerk, at=at)


@pytest.mark.parametrize(("capacity", "shared"), [(0, (0, 0)), (1, (1, 0)), (3, (2, 1)), (40, (20, 20))])
def test_the_odd_instrument_of_a_day_comes_in_the_morning(capacity: int, shared: tuple[int, int]) -> None:
    assert halves(capacity) == shared


def test_the_first_free_day_is_after_the_full_ones(
    owner: Actor, bench: Bench, clerk: Actor, at: datetime
) -> None:
    set_capacity(bench, 1)
    for one, day in zip(applied(scales_of(owner, 2), owner, at), (MONDAY, TUESDAY), strict=True):
        accepted(one, clerk, at, When(day, HalfDay.MORNING))
    assert first_free_day(bench.institute.pk, MONDAY) == date(2026, 11, 25)
    set_capacity(bench, 0)
    assert first_free_day(bench.institute.pk, MONDAY) is None


def test_the_number_and_the_slip_of_an_application_are_not_to_be_guessed(
    owner: Actor, bench: Bench, at: datetime
) -> None:
    applied(scales_of(owner, 1), owner, at)
    applied(scales_of(owner, 1), owner, at)
    with acting_in(EVERYTHING):
        one, other = Application.objects.unscoped().order_by("pk")
    assert len(one.slip_token) == 20
    assert one.slip_token != other.slip_token
