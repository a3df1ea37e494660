"""抽查行动: from the plan to the draw, and to what anybody can recompute."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Appointment, Area
from quanheng.apps.audit.models import Act
from quanheng.apps.inspections import queries
from quanheng.apps.inspections.enums import CampaignState, TaskState, Verdict
from quanheng.apps.inspections.models import Campaign, FrozenFrame
from quanheng.apps.inspections.services.close_campaign import close_campaign
from quanheng.apps.inspections.services.commit_campaign import commit_campaign
from quanheng.apps.inspections.services.decide_campaign import (
    abandon_campaign,
    approve_campaign,
    return_campaign,
)
from quanheng.apps.inspections.services.draw_campaign import draw_campaign
from quanheng.apps.inspections.services.hand_over_inspections import hand_over_inspections
from quanheng.apps.inspections.services.plan_campaign import revise_campaign
from quanheng.apps.inspections.services.record_inspection import checklist_of, record_inspection
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.shipped import shipped
from quanheng.regulation.checklists import Answer, Said
from quanheng.regulation.draw.commitment import DEMONSTRATION_RULE
from quanheng.regulation.draw.verification import verify_proof
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_item
from tests.factories.acts import refused
from tests.factories.inspections import SIGNATURE, Quarter, all_passed, believed, make_quarter, tasks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def quarter(county: Area, at: datetime) -> Quarter:
    made = make_quarter(county)
    made.at = at
    return made


def read(campaign: Campaign) -> Campaign:
    with acting_in(EVERYTHING):
        return Campaign.objects.unscoped().get(pk=campaign.pk)


def test_nobody_approves_their_own_plan_and_what_is_returned_is_put_right_and_waits_again(
    quarter: Quarter, at: datetime
) -> None:
    campaign = quarter.planned()
    with acting_in(quarter.planner.scope), refused("campaign_own_plan"):
        approve_campaign(campaign_id=campaign.pk, by=quarter.planner, at=at)
    with acting_in(quarter.approver.scope):
        with refused("campaign_no_reason"):
            return_campaign(campaign_id=campaign.pk, reason=" ", by=quarter.approver, at=at)
        return_campaign(campaign_id=campaign.pk, reason="写明条款", by=quarter.approver, at=at)
    assert (read(campaign).state, read(campaign).reason) == (CampaignState.RETURNED, "写明条款")
    with acting_in(quarter.planner.scope):
        revise_campaign(
            campaign_id=campaign.pk, name="计量护油", year=2026, quarter=4, legal_basis="计量法第十八条",
            matters="铅封", by=quarter.planner, at=at,
        )  # fmt: skip
    assert (read(campaign).state, read(campaign).reason) == (CampaignState.WAITING, "")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quarter": 3}, "campaign_quarter_over"),
        ({"quarter": 5}, "campaign_no_such_quarter"),
        ({"year": 2031}, "campaign_no_such_quarter"),
        ({"legal_basis": "  "}, "campaign_said_nothing"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(quarter: Quarter, fields: dict[str, Any], code: str) -> None:
    with refused(code):
        quarter.planned(**fields)


def test_no_office_plans_beyond_its_area(quarter: Quarter) -> None:
    with refused("campaign_area_beyond"):
        quarter.planned(area_id=make_area("邻县").pk)


def test_a_commitment_fixes_what_is_in_use_and_stands_in_the_log_before_the_beacon_speaks(
    quarter: Quarter, at: datetime
) -> None:
    stopped = quarter.dispensers[0]
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=stopped.pk).update(state="stopped")
    campaign = quarter.committed()
    assert campaign.known_at is not None
    assert (campaign.number, campaign.frame_size, campaign.quota) == ("CC2026Q4-0001", 11, 3)  # 20 %, upwards
    assert campaign.known_at > at
    with acting_in(EVERYTHING):
        frozen = FrozenFrame.objects.get(pk=campaign.pk)
        logged = Act.objects.unscoped().get(verb="draw_committed")
        said = " ".join(str(act.after) for act in Act.objects.unscoped().all())
    assert f"\n{stopped.pk}," not in frozen.text
    assert logged.after["digest"] == campaign.commitment_digest
    assert frozen.secret not in campaign.commitment + said


def test_the_chain_of_the_demonstration_is_refused_anywhere_else(quarter: Quarter, at: datetime) -> None:
    campaign = quarter.planned()
    beacon = shipped().in_force(DEMONSTRATION_RULE, at.date())
    with acting_in(quarter.approver.scope):
        approve_campaign(campaign_id=campaign.pk, by=quarter.approver, at=at)
        with refused("campaign_demonstration_beacon"):
            commit_campaign(campaign_id=campaign.pk, by=quarter.approver, at=at, beacon=beacon)


def test_a_county_that_nobody_could_visit_is_refused_by_name(county: Area, at: datetime) -> None:
    alone = make_quarter(county)
    with acting_in(EVERYTHING):
        Appointment.objects.filter(user_id__in=[one.user_id for one in alone.inspectors]).delete()
        # Whoever sits in the county as an officer of the city is not sent.
        Appointment.objects.filter(user_id=alone.planner.user_id or 0).update(role=Role.CITY_OFFICER)
    campaign = alone.planned()
    with acting_in(alone.approver.scope):
        approve_campaign(campaign_id=campaign.pk, by=alone.approver, at=at)
        with refused("campaign_too_few_inspectors"):
            commit_campaign(campaign_id=campaign.pk, by=alone.approver, at=at)


def test_two_draws_are_numbered_one_after_the_other_and_an_abandoned_one_stays_public(
    quarter: Quarter, at: datetime
) -> None:
    first, second = quarter.committed(), quarter.committed()
    with acting_in(quarter.planner.scope):
        abandon_campaign(campaign_id=first.pk, reason="台账有误", by=quarter.planner, at=at)
    third = quarter.committed()
    assert [first.number, second.number, third.number] == [f"CC2026Q4-000{n}" for n in (1, 2, 3)]
    shown = {one.number: (one.state, one.reason) for one in queries.public_draws(queries.Period(2026, 4))}
    assert shown["CC2026Q4-0001"] == (CampaignState.ABANDONED, "台账有误")
    assert set(shown) == {"CC2026Q4-0001", "CC2026Q4-0002", "CC2026Q4-0003"}


def test_a_draw_waits_for_the_beacon_and_believes_no_other_signature(quarter: Quarter, at: datetime) -> None:
    campaign, later = quarter.committed(), quarter.at + timedelta(minutes=30)
    asked: dict[str, Any] = {"campaign_id": campaign.pk, "by": quarter.planner}
    with acting_in(quarter.planner.scope):
        with refused("campaign_beacon_not_yet"):
            draw_campaign(**asked, signature=SIGNATURE, verify=believed, at=at)
        for signature, code in (
            ("zz", "campaign_no_signature"), ("", "campaign_no_signature"),
            ("ab" * 48, "campaign_wrong_signature"),
        ):  # fmt: skip
            with refused(code):
                draw_campaign(**asked, signature=signature, verify=lambda *_: False, at=later)
    assert tasks_of(campaign) == []


def test_twenty_percent_of_a_county_is_drawn_and_each_station_is_visited_by_two(quarter: Quarter) -> None:
    tasks = tasks_of(quarter.drawn())
    assert len(tasks) == 3  # 12 dispensers
    by_station: dict[int, set[tuple[int, int]]] = {}
    for task in tasks:
        assert task.lead_id != task.second_id
        by_station.setdefault(task.entity_id, set()).add((task.lead_id, task.second_id))
    assert all(len(pairs) == 1 for pairs in by_station.values())


def test_until_it_is_checked_a_task_is_seen_by_its_two_officers_and_by_nobody_else(quarter: Quarter) -> None:
    task = tasks_of(quarter.drawn())[0]
    pair = {task.lead_id, task.second_id}
    everybody = [quarter.planner, quarter.approver, *quarter.inspectors]
    everybody.append(make_actor(Role.INSPECTOR, area=quarter.area))
    with acting_in(EVERYTHING):
        everybody.append(make_actor(Role.INSTRUMENT_USER, entity=task.entity))
    for actor in everybody:
        with acting_in(actor.scope):
            assert (queries.task(task.pk, actor) is not None) == (actor.user_id in pair)


def record(quarter: Quarter, task: Any, **fields: Any) -> None:
    by = quarter.actor(task.lead_id)
    said: dict[str, Any] = {"said": all_passed(task), "words": "", "on": date(2026, 11, 23), **fields}
    with acting_in(by.scope):
        record_inspection(task_id=task.pk, **said, by=by, at=quarter.at + timedelta(hours=1))


def test_what_was_found_reaches_the_ledger_the_office_and_the_entity(quarter: Quarter) -> None:
    campaign = quarter.drawn()
    task = tasks_of(campaign)[0]
    broken = all_passed(task) | {"seal_encoder": Said(Answer.FAILED, "铅封断开")}
    record(quarter, task, said=broken, words="编码器铅封断开，已责令停用")
    done = tasks_of(campaign)[0]
    assert (done.state, done.verdict) == (TaskState.DONE, Verdict.FAILED)
    assert done.answers["seal_encoder"] == {"answer": "failed", "note": "铅封断开"}
    with acting_in(EVERYTHING):
        checked = Act.objects.unscoped().filter(verb="checked", instrument_id=task.instrument_id).get()
        owner = make_actor(Role.INSTRUMENT_USER, entity=task.entity)
    assert checked.after["outcome"] == "problem"
    assert checked.after["second_officer_id"] == done.second_id
    for actor in (quarter.approver, owner):
        with acting_in(actor.scope):
            shown = queries.task(task.pk, actor)
            assert shown is not None
            assert checklist_of(shown, quarter.at.date()).rule == "checklist/fuel-dispensers"
    standing = queries.standings(read(campaign), quarter.planner, date(2026, 11, 23))[0]
    assert (standing.quota, standing.done, standing.failed) == (3, 1, 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"said": {}}, "inspection_unanswered"),
        ({"said": {"nonsense": Said(Answer.PASSED)}}, "inspection_unknown_item"),
        ({"unable": True}, "inspection_no_words"),
        ({"on": date(2026, 11, 22)}, "inspection_not_on_day"),
        ({"on": date(2026, 11, 24)}, "inspection_not_on_day"),
    ],
)
def test_a_check_that_is_not_whole_is_refused(quarter: Quarter, fields: dict[str, Any], code: str) -> None:
    task = tasks_of(quarter.drawn())[0]
    with refused(code):
        record(quarter, task, **fields)


def test_a_failed_item_needs_a_note_and_what_the_plan_asks_for_is_never_not_applicable(
    quarter: Quarter,
) -> None:
    task = tasks_of(quarter.drawn())[0]
    for answer in (Said(Answer.FAILED), Said(Answer.NOT_APPLICABLE, "没有")):
        with refused("inspection_no_note"):
            record(quarter, task, said=all_passed(task) | {"self_lock": answer}, words="见上")


def test_a_task_is_recorded_once_and_what_could_not_be_checked_is_not_counted_as_checked(
    quarter: Quarter,
) -> None:
    campaign = quarter.drawn()
    task = tasks_of(campaign)[0]
    record(quarter, task, unable=True, words="已停业")
    with refused("inspection_done_already"):
        record(quarter, task)
    standing = queries.standings(read(campaign), quarter.planner, date(2026, 11, 23))[0]
    assert (standing.done, standing.unable) == (0, 1)


def test_one_officers_tasks_go_to_another_of_the_county_and_to_nobody_else(quarter: Quarter) -> None:
    campaign = quarter.drawn()
    lead = tasks_of(campaign)[0].lead_id
    heir, stranger = make_actor(Role.INSPECTOR, area=quarter.area), make_actor(Role.INSPECTOR)
    asked: dict[str, Any] = {
        "campaign_id": campaign.pk, "from_id": lead, "by": quarter.planner, "at": quarter.at,
    }  # fmt: skip
    with acting_in(quarter.planner.scope):
        with refused("campaign_no_reason"):
            hand_over_inspections(**asked, to_id=heir.user_id or 0, reason=" ")
        with refused("inspection_unfit_officer"):  # who hands over would see whom the draw met
            hand_over_inspections(**asked, to_id=quarter.planner.user_id or 0, reason="病假")
        with refused("inspection_unfit_officer"):
            hand_over_inspections(**asked, to_id=stranger.user_id or 0, reason="病假")
        moved = hand_over_inspections(**asked, to_id=heir.user_id or 0, reason="病假")
    pairs = [{task.lead_id, task.second_id} for task in tasks_of(campaign)]
    assert moved == sum(heir.user_id in pair for pair in pairs) > 0
    assert not any(lead in pair for pair in pairs)


def test_it_closes_when_all_is_checked_and_then_anybody_recomputes_it(quarter: Quarter) -> None:
    campaign = quarter.drawn()
    asked: dict[str, Any] = {"campaign_id": campaign.pk, "by": quarter.approver, "at": quarter.at}
    with acting_in(quarter.approver.scope), refused("campaign_tasks_open"):
        close_campaign(**asked)
    assert queries.public_proof(campaign.number or "") is None
    for task in tasks_of(campaign):
        record(quarter, task)
    with acting_in(quarter.approver.scope):
        close_campaign(**asked)
    proof = queries.public_proof(campaign.number or "")
    assert proof is not None
    found = verify_proof(proof, shipped(), believed)
    assert (found.holds, found.drawn) == (True, 3)
    content = json.loads(proof)
    content["strata"][0]["drawn"].pop()
    assert not verify_proof(json.dumps(content, ensure_ascii=False), shipped(), believed).holds


def test_after_the_quarter_it_closes_with_what_was_left_out_shown(quarter: Quarter) -> None:
    campaign = quarter.drawn()
    late = quarter.at.replace(year=2027, month=1, day=2)
    with acting_in(quarter.approver.scope):
        close_campaign(campaign_id=campaign.pk, by=quarter.approver, at=late)
        shown = {(task.pk, task.state) for task in queries.tasks(quarter.approver)}
    assert shown == {(task.pk, TaskState.LEFT) for task in tasks_of(campaign)}
    with refused("inspection_done_already"):
        record(quarter, tasks_of(campaign)[0])


def test_a_draw_is_not_made_after_its_quarter(quarter: Quarter) -> None:
    campaign, late = quarter.committed(), quarter.at.replace(year=2027, month=1, day=2)
    with acting_in(quarter.planner.scope), refused("campaign_quarter_gone"):
        draw_campaign(
            campaign_id=campaign.pk, signature=SIGNATURE, verify=believed, by=quarter.planner, at=late
        )


def test_whoever_was_drawn_checks_the_unit_wherever_they_sit_and_wherever_it_is_by_now(at: datetime) -> None:
    county = make_area()
    streets = [make_area(parent=county, level=AreaLevel.STREET) for _ in range(2)]
    quarter = make_quarter(county, inspectors=0)
    with acting_in(EVERYTHING):
        # Nobody sits at the county itself but the two who plan, and they are not sent.
        seated = Appointment.objects.filter(role=Role.COUNTY_OFFICER, area=county)
        seated.update(role=Role.CITY_OFFICER)
    quarter.inspectors = [make_actor(Role.INSPECTOR, area=street) for street in streets]
    campaign = quarter.drawn()
    first, second, *_ = tasks_of(campaign)
    record(quarter, first)
    elsewhere = make_entity("新站", area=make_area("邻县"), premises="filling_station")
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=second.instrument_id).update(
            entity=elsewhere, root=elsewhere, area=elsewhere.area
        )
    record(quarter, second, unable=True, words="已搬迁")
    moved = tasks_of(campaign)[1]
    assert (moved.reader_area, moved.reader_entity) == (elsewhere.area_id, elsewhere.pk)


def test_a_county_sees_the_campaign_of_its_province_and_its_own_counts_alone(at: datetime) -> None:
    city = make_area(level=AreaLevel.CITY)
    here, there = (make_area(parent=city) for _ in range(2))
    counties = [make_quarter(area) for area in (here, there)]
    above = Quarter(
        city, make_actor(Role.CITY_OFFICER, area=city), make_actor(Role.CITY_OFFICER, area=city), at=at
    )
    campaign = above.drawn()
    own: Actor = counties[0].planner
    with acting_in(own.scope):
        found = queries.campaign(campaign.pk, own)
        assert found is not None
        assert [one.code for one in queries.standings(found, own, at.date())] == [here.code]
        with refused("campaign_not_found"):
            abandon_campaign(campaign_id=campaign.pk, reason="不想做", by=own, at=at)
    with acting_in(above.planner.scope):
        whole = queries.standings(read(campaign), above.planner, at.date())
    assert sorted(one.code for one in whole) == sorted([here.code, there.code])


def test_the_command_prints_every_campaign_county_by_county(quarter: Quarter) -> None:
    campaign, out = quarter.drawn(), StringIO()
    with time_machine.travel(quarter.at, tick=False):
        call_command("campaigns", json=True, stdout=out)
    assert json.loads(out.getvalue()) == [
        {
            "key": campaign.number, "name": "计量护油", "kind": "fuel_dispensers", "quarter": "2026Q4",
            "area": quarter.area.code, "frame": 12, "drawn": 3, "done": 0, "failed": 0, "quota": 3,
            "forecast": 3,
        }
    ]  # fmt: skip


def test_what_is_no_dispenser_and_what_is_a_part_of_one_is_not_drawn(quarter: Quarter) -> None:
    make_instrument(make_entity(area=quarter.area), item=make_item())
    make_instrument(
        quarter.dispensers[0].entity, item=quarter.dispensers[0].item, parent=quarter.dispensers[0]
    )
    assert quarter.committed().frame_size == 12


def test_the_quarter_has_to_have_begun(quarter: Quarter, at: datetime) -> None:
    campaign = quarter.planned(year=2027, quarter=1)
    with acting_in(quarter.approver.scope):
        approve_campaign(campaign_id=campaign.pk, by=quarter.approver, at=at)
        with refused("campaign_quarter_not_begun"):
            commit_campaign(campaign_id=campaign.pk, by=quarter.approver, at=at)
