"""重点监管名单: proposed by the rule, decided by another than who checked, left, lifted, objected to."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.focus.enums import FocusState
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.decide_entry import decline_entry, list_entity
from quanheng.apps.focus.services.decide_exit import keep_on, lift_listing, take_off
from quanheng.apps.focus.services.object import answer_objection, object_to_listing
from quanheng.apps.focus.services.review import review, review_all
from quanheng.apps.inspections.enums import Verdict
from quanheng.apps.inspections.services.correct_inspection import approve_correction, propose_correction
from quanheng.apps.inspections.services.record_inspection import record_inspection
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.on_site import OnSite
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.apps.notices.models import Notice
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.change_entity import change_entity
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.checklists import Answer, Said
from tests.factories import make_actor, make_area, make_entity, make_instrument
from tests.factories.acts import acts, refused
from tests.factories.focus import correct, read, two_failures, visit
from tests.factories.inspections import all_passed, make_campaign, make_inspection

pytestmark = pytest.mark.django_db
Days = tuple[date, date]


def reviewed(unit: Instrument, at: datetime) -> FocusListing | None:
    with acting_in(EVERYTHING):
        review(unit.entity_id, at=at)
        return FocusListing.objects.unscoped().filter(entity_id=unit.entity_id).order_by("-pk").first()


def listed(listing: FocusListing, by: Actor, at: datetime) -> FocusListing:
    with acting_in(by.scope):
        list_entity(listing_id=listing.pk, reason="两次不合格属实", by=by, at=at)
    return read(listing)


def marked(unit: Instrument) -> bool:
    with acting_in(EVERYTHING):
        return Entity.objects.unscoped().values_list("under_focus", flat=True).get(pk=unit.entity_id)


def check_on_site(unit: Instrument, by: Actor, other: Actor, at: datetime, outcome: CheckOutcome) -> None:
    with acting_in(by.scope):
        record_check(
            instrument_id=unit.pk, outcome=outcome, words="逐项检查", on=at.date(),
            seen=OnSite(second_officer_id=other.user_id), by=by, at=at,
        )  # fmt: skip


@pytest.fixture
def colleague(county: Area) -> Actor:
    return make_actor(Role.INSPECTOR, area=county)


@pytest.mark.parametrize(
    ("outcomes", "state"), [("-", None), ("-+", None), ("-+-", None), ("--", "proposed"), ("+--", "proposed")]
)
def test_two_failed_draws_in_a_row_propose_the_list(
    unit: Instrument, today: date, at: datetime, outcomes: str, state: str | None
) -> None:
    for number, outcome in enumerate(outcomes):
        visit(unit, on=today - timedelta(days=90 - 20 * number), passed=outcome == "+")
    found = reviewed(unit, at)
    assert (found.state if found else None) == state
    assert not marked(unit)


def test_a_proposal_names_its_visits_and_who_checked(
    unit: Instrument, days: Days, at: datetime, inspector: Actor
) -> None:
    other = make_instrument(unit.entity, item=unit.item, state="in_use")
    first = visit(unit, other, on=days[0], lead=inspector)
    visit(unit, on=days[1])
    found = reviewed(unit, at)
    assert found is not None
    assert (found.entered_on, found.reason) == (days[1], "连续 2 次抽查不合格")
    assert [each["on"] for each in found.visits] == [day.isoformat() for day in days]
    assert {each["task"] for each in found.visits[0]["looked"]} == {task.pk for task in first}
    assert inspector.user_id in found.checkers()


def test_what_could_not_be_checked_is_neither_passed_nor_failed(
    unit: Instrument, days: Days, today: date, at: datetime
) -> None:
    visit(unit, on=days[0])
    visit(unit, on=days[1], verdict=Verdict.UNABLE)
    assert reviewed(unit, at) is None
    visit(unit, on=today)
    assert reviewed(unit, at) is not None


def test_what_one_campaign_finds_on_one_day_is_one_visit(unit: Instrument, today: date, at: datetime) -> None:
    other = make_instrument(unit.entity, item=unit.item, state="in_use")
    visit(unit, other, on=today)
    assert reviewed(unit, at) is None


def test_the_result_itself_proposes_in_its_own_transaction_and_tells_office_and_entity(
    unit: Instrument, days: Days, at: datetime, inspector: Actor, colleague: Actor, user: Actor
) -> None:
    visit(unit, on=days[0])
    campaign = make_campaign(unit.area, number="CC2026Q4-0009")
    task = make_inspection(
        unit, campaign, campaign_number=campaign.number, lead_id=inspector.user_id,
        second_id=colleague.user_id, drawn_on=days[1],
    )  # fmt: skip
    with acting_in(inspector.scope):
        record_inspection(
            task_id=task.pk, said={}, words="已关停", on=at.date(), unable=True, by=inspector, at=at
        )
    assert reviewed(unit, at) is None
    task = make_inspection(
        unit, make_campaign(unit.area), campaign_number="CC2026Q4-0010", lead_id=inspector.user_id,
        second_id=colleague.user_id, drawn_on=days[1],
    )  # fmt: skip
    with acting_in(inspector.scope):
        said = all_passed(task)
        said |= {next(iter(said)): Said(Answer.FAILED, "封断")}
        record_inspection(task_id=task.pk, said=said, words="铅封断", on=at.date(), by=inspector, at=at)
    with acting_in(EVERYTHING):
        found = FocusListing.objects.unscoped().get(entity_id=unit.entity_id)
        notices = Notice.objects.unscoped().filter(row_id=found.pk, kind__startswith="focus_")
        told = set(notices.values_list("kind", flat=True))
    assert found.state == FocusState.PROPOSED
    assert found.checkers() >= {inspector.user_id, colleague.user_id}
    assert told == {"focus_proposed", "focus_told"}


def test_the_daily_job_finds_them_too_and_twice_is_once(unit: Instrument, days: Days, at: datetime) -> None:
    for day in days:
        visit(unit, on=day)
    assert review_all(at=at) == 1
    before = acts()
    review_all(at=at)
    review_all(at=at + timedelta(days=1))
    assert acts() == before


def test_a_corrected_result_takes_the_proposal_back_and_brings_it_again(
    unit: Instrument, days: Days, at: datetime
) -> None:
    first, _second = (visit(unit, on=day)[0] for day in days)
    listing = reviewed(unit, at)
    assert listing is not None
    correct(first, Verdict.PASSED)
    assert getattr(reviewed(unit, at), "state", "") == FocusState.WITHDRAWN
    correct(first, Verdict.FAILED)
    again = reviewed(unit, at)
    assert again is not None
    assert (again.pk, again.state) == (listing.pk, FocusState.PROPOSED)


def test_an_approved_correction_is_heard_in_its_own_transaction(
    unit: Instrument, days: Days, at: datetime, inspector: Actor, officer: Actor
) -> None:
    visit(unit, on=days[0])
    (task,) = visit(unit, on=days[1], lead=inspector, drawn_on=days[0])
    listing = reviewed(unit, at)
    assert listing is not None
    with acting_in(inspector.scope):
        correction = propose_correction(
            task_id=task.pk, reason="记错了台位", said=all_passed(task), words="", on=days[1], by=inspector,
            at=at,
        )  # fmt: skip
    assert read(listing).state == FocusState.PROPOSED  # until somebody else approves, the first counts
    with acting_in(officer.scope):
        approve_correction(task_id=task.pk, correction_id=correction.pk, by=officer, at=at)
    assert read(listing).state == FocusState.WITHDRAWN


def test_listing_is_decided_by_somebody_who_did_not_check(
    unit: Instrument, days: Days, at: datetime, officer: Actor
) -> None:
    visit(unit, on=days[0], lead=officer)
    visit(unit, on=days[1])
    listing = reviewed(unit, at)
    assert listing is not None
    for decide in (list_entity, decline_entry):
        with acting_in(officer.scope), refused("focus_own_check"):
            decide(listing_id=listing.pk, reason="属实", by=officer, at=at)
    assert not marked(unit)


def test_listing_marks_the_file_and_sets_the_next_visit(
    proposed: FocusListing, unit: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    with acting_in(officer.scope), refused("no_reason"):
        list_entity(listing_id=proposed.pk, reason=" ", by=officer, at=at)
    found = listed(proposed, officer, at)
    assert (found.state, found.listed_on, found.decided_by_name) == ("listed", today, officer.name)
    assert found.next_visit_by == today + timedelta(days=45)
    assert marked(unit)
    with acting_in(officer.scope), refused("focus_not_in_state"):
        list_entity(listing_id=proposed.pk, reason="再次", by=officer, at=at)


def test_nobody_marks_a_file_by_hand(unit: Instrument, officer: Actor, at: datetime) -> None:
    with acting_in(officer.scope), refused("not_changeable"):
        change_entity(
            entity_id=unit.entity_id, changes={"under_focus": True}, version=unit.entity.version,
            by=officer, at=at,
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.INSTRUMENT_USER, Role.VERIFIER])
def test_who_does_not_decide(proposed: FocusListing, unit: Instrument, at: datetime, role: Role) -> None:
    who = make_actor(role, entity=unit.entity if role == Role.INSTRUMENT_USER else None, area=unit.area)
    with acting_in(who.scope), refused("not_yours"):
        list_entity(listing_id=proposed.pk, reason="属实", by=who, at=at)
    assert read(proposed).state == FocusState.PROPOSED


def test_another_county_neither_sees_nor_decides(proposed: FocusListing, at: datetime) -> None:
    stranger = make_actor(Role.COUNTY_OFFICER, area=make_area("邻县"))
    with acting_in(stranger.scope), refused("focus_not_found"):
        list_entity(listing_id=proposed.pk, reason="属实", by=stranger, at=at)


def test_who_was_declined_is_proposed_again_by_the_next_failure_alone(
    proposed: FocusListing, unit: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    with acting_in(officer.scope):
        decline_entry(listing_id=proposed.pk, reason="首次检查所用器具未检定", by=officer, at=at)
    later = at + timedelta(days=30)
    assert getattr(reviewed(unit, later), "pk", 0) == proposed.pk  # the same checks are no news
    visit(unit, on=today + timedelta(days=20))
    again = reviewed(unit, later)
    assert again is not None
    assert (again.pk > proposed.pk, again.state) == (True, FocusState.PROPOSED)
    with acting_in(officer.scope), refused("focus_other_open"):
        list_entity(listing_id=proposed.pk, reason="改正", by=officer, at=later)


def test_a_mistaken_refusal_is_put_right(proposed: FocusListing, officer: Actor, at: datetime) -> None:
    with acting_in(officer.scope):
        decline_entry(listing_id=proposed.pk, reason="误点", by=officer, at=at)
        list_entity(listing_id=proposed.pk, reason="更正", by=officer, at=at)
    assert read(proposed).state == FocusState.LISTED


def test_a_check_on_site_moves_the_next_visit(
    proposed: FocusListing, unit: Instrument, officer: Actor, inspector: Actor, colleague: Actor, at: datetime
) -> None:
    listed(proposed, officer, at)
    later = at + timedelta(days=40)
    check_on_site(unit, inspector, colleague, later, CheckOutcome.NOT_FOUND)
    assert read(proposed).next_visit_by == at.date() + timedelta(days=45)  # nobody found it: no visit
    check_on_site(unit, inspector, colleague, later, CheckOutcome.PROBLEM)
    assert read(proposed).next_visit_by == later.date() + timedelta(days=45)


def test_the_exit_is_proposed_by_the_rule_and_decided_by_another(
    proposed: FocusListing, unit: Instrument, officer: Actor, inspector: Actor, colleague: Actor, at: datetime
) -> None:
    listed(proposed, officer, at)
    for day in (40, 80):
        check_on_site(unit, inspector, officer, at + timedelta(days=day), CheckOutcome.NOTHING_WRONG)
    review_all(at=at + timedelta(days=179))
    assert read(proposed).state == FocusState.LISTED
    due = at + timedelta(days=180)
    review_all(at=due)
    found = read(proposed)
    assert found.state == FocusState.EXIT_PROPOSED
    assert [each["campaign"] for each in found.exit_visits] == ["", ""]
    with acting_in(officer.scope), refused("focus_own_check"):  # the second officer of both
        take_off(listing_id=proposed.pk, reason="合格", by=officer, at=due)
    decider = make_actor(Role.COUNTY_OFFICER, area=unit.area)
    with acting_in(decider.scope):
        take_off(listing_id=proposed.pk, reason="合格", by=decider, at=due)
    assert (read(proposed).state, read(proposed).ended_on) == (FocusState.LEFT, due.date())
    assert not marked(unit)
    assert getattr(reviewed(unit, due), "pk", 0) == proposed.pk  # the old failures are spent


def test_a_failure_takes_the_proposed_exit_back(
    proposed: FocusListing, unit: Instrument, officer: Actor, inspector: Actor, colleague: Actor, at: datetime
) -> None:
    listed(proposed, officer, at)
    for day in (40, 80):
        check_on_site(unit, inspector, colleague, at + timedelta(days=day), CheckOutcome.NOTHING_WRONG)
    review_all(at=at + timedelta(days=180))
    check_on_site(unit, inspector, colleague, at + timedelta(days=181), CheckOutcome.PROBLEM)
    found = read(proposed)
    assert (found.state, found.exit_visits, found.exit_reason) == (FocusState.LISTED, [], "")


def test_who_is_kept_on_needs_the_conditions_anew(
    proposed: FocusListing, unit: Instrument, officer: Actor, inspector: Actor, colleague: Actor, at: datetime
) -> None:
    listed(proposed, officer, at)
    for day in (40, 80):
        check_on_site(unit, inspector, colleague, at + timedelta(days=day), CheckOutcome.NOTHING_WRONG)
    due = at + timedelta(days=180)
    review_all(at=due)
    with acting_in(officer.scope):
        keep_on(listing_id=proposed.pk, reason="检查仅涉及一台", by=officer, at=due)
    review_all(at=due + timedelta(days=1))
    assert read(proposed).state == FocusState.LISTED
    assert read(proposed).next_visit_by == (at + timedelta(days=80 + 45)).date()


def test_a_result_that_was_wrong_is_shown_and_another_lifts_the_listing(
    unit: Instrument, days: Days, officer: Actor, at: datetime
) -> None:
    first, _second = (visit(unit, on=day)[0] for day in days)
    listing = reviewed(unit, at)
    assert listing is not None
    listed(listing, officer, at)
    correct(first, Verdict.PASSED)
    review_all(at=at)
    found = read(listing)
    assert (found.state, found.is_doubted) == (FocusState.LISTED, True)  # an officer decides, not the job
    with acting_in(officer.scope), refused("focus_own_decision"):
        lift_listing(listing_id=listing.pk, reason="结果已更正", by=officer, at=at)
    other = make_actor(Role.COUNTY_OFFICER, area=unit.area)
    with acting_in(other.scope):
        lift_listing(listing_id=listing.pk, reason="结果已更正", by=other, at=at)
    assert (read(listing).state, marked(unit)) == (FocusState.LIFTED, False)


def test_one_objection_answered_by_another_than_who_decided(
    proposed: FocusListing, unit: Instrument, officer: Actor, user: Actor, at: datetime
) -> None:
    with acting_in(user.scope):
        object_to_listing(listing_id=proposed.pk, words="第一次检查的加油机不是本站的", by=user, at=at)
        with refused("focus_objected_already"):
            object_to_listing(listing_id=proposed.pk, words="再说一次", by=user, at=at)
    with acting_in(officer.scope), refused("focus_objection_waits"):
        list_entity(listing_id=proposed.pk, reason="属实", by=officer, at=at)
    other = make_actor(Role.COUNTY_OFFICER, area=unit.area)
    with acting_in(other.scope):
        answer_objection(listing_id=proposed.pk, words="经核对铭牌，属本站", by=other, at=at)
        with refused("focus_no_objection"):
            answer_objection(listing_id=proposed.pk, words="再答", by=other, at=at)
    assert listed(proposed, officer, at).answered_by_name == other.name


def test_who_listed_does_not_answer_the_objection(
    proposed: FocusListing, officer: Actor, user: Actor, at: datetime
) -> None:
    listed(proposed, officer, at)
    with acting_in(user.scope):
        object_to_listing(listing_id=proposed.pk, words="不符", by=user, at=at)
    with acting_in(officer.scope), refused("focus_own_decision"):
        answer_objection(listing_id=proposed.pk, words="维持", by=officer, at=at)


def test_a_closed_file_is_not_visited_again(
    proposed: FocusListing, unit: Instrument, officer: Actor, at: datetime
) -> None:
    listed(proposed, officer, at)
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=unit.entity_id).update(state="closed")
    review_all(at=at)
    assert (read(proposed).state, read(proposed).end_reason) == (FocusState.LEFT, "该单位已注销")


def test_whoever_moved_is_decided_on_where_they_are(
    proposed: FocusListing, unit: Instrument, at: datetime
) -> None:
    there = make_area("邻县")
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=unit.entity_id).update(area=there)
    review_all(at=at)
    assert read(proposed).area_id == there.pk


def test_the_command_prints_who_is_on_the_list(
    proposed: FocusListing, unit: Instrument, officer: Actor, days: Days, at: datetime
) -> None:
    other = make_instrument(make_entity(area=unit.area), item=unit.item, state="in_use")
    two_failures(other, days=days, at=at)  # proposed only
    listed(proposed, officer, at)
    said = StringIO()
    call_command("focus", "--json", stdout=said)
    (row,) = json.loads(said.getvalue())
    assert (row["entity"], row["since"], row["reason"]) == (
        "城南加油站",
        str(at.date()),
        "连续 2 次抽查不合格",
    )
    assert row["next_visit_by"] == str(at.date() + timedelta(days=45))
    assert [each[:10] for each in row["visits"]] == [str(day) for day in days]
