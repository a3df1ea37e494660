"""计量护油 in the demonstration: two quarters of the city drawn, checked and closed, this one running.

They are drawn by the rounds of the demonstration's own chain (`demo.beacon`): the rounds of a public beacon
that a past quarter waited for cannot be made up. One city and not the province: each check is an act of the
ledger, and a demonstration stands within a minute. Beside them stand the plans of the home county.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from quanheng.adapters.beacon import verify_round
from quanheng.apps.accounts import queries as accounts
from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import AgencyKind, AreaLevel
from quanheng.apps.accounts.services.open_demonstration import seat_inspectors
from quanheng.apps.inspections import queries
from quanheng.apps.inspections.enums import FrameSubject, TaskState, Verdict
from quanheng.apps.inspections.services.close_campaign import close_campaign
from quanheng.apps.inspections.services.commit_campaign import commit_campaign
from quanheng.apps.inspections.services.decide_campaign import approve_campaign, return_campaign
from quanheng.apps.inspections.services.draw_campaign import draw_campaign
from quanheng.apps.inspections.services.plan_campaign import plan_campaign
from quanheng.apps.inspections.services.record_inspection import record_inspection
from quanheng.apps.inspections.services.results import checklist_of
from quanheng.demo.beacon import signature_of
from quanheng.demo.names import GIVEN, SURNAMES
from quanheng.demo.offices import CITY, SINCE
from quanheng.demo.people import actor
from quanheng.demo.province import HOME
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.shipped import shipped
from quanheng.regulation.checklists import Answer, Said, items_of
from quanheng.regulation.draw.commitment import DEMONSTRATION_RULE, beacon_of, parse_commitment
from quanheng.regulation.draw.documents import read_document
from quanheng.regulation.quarters import Quarter, quarter_of

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import InspectionTask

NAMES = ("计量护油专项行动", "加油机日常抽查", "节前加油机抽查")
BASIS = "《计量法》第十八条；2026年计量监管实施方案三(一)1"
MATTERS = "防作弊功能、铅封完整性、检定证书有效性"
EACH = 2  # inspectors of each county
FAILING, GONE = 0.04, 0.01  # of the dispensers that are checked
BROKEN = "编码器铅封断开"
TWICE = 2  # stations that fail in both past quarters
FIRST = 4  # stations that fail in the first, so that some of them are drawn again


@dataclass(slots=True)
class Past:
    """What the quarters before found.

    Args:
        failed: stations that failed in the last one, those of the home county first.
    """

    rng: Random = field(default_factory=lambda: Random(13))  # noqa: S311 - repeatable on purpose
    failed: list[int] = field(default_factory=list)
    is_begun: bool = False


def plan_inspections(*, at: datetime) -> int:
    """Plan the quarter's campaigns of the home county.

    Returns:
        How many were committed to: none where the county has no dispensers, or too few officers.
    """
    planner, decider = actor("xian"), actor("shi")
    now = quarter_of(timezone.localdate(at))
    campaigns = [_planned(planner, name, HOME, now, at) for name in NAMES]
    with acting_in(decider.scope):
        return_campaign(campaign_id=campaigns[1], reason="检查事项请写明防作弊功能。", by=decider, at=at)
        approve_campaign(campaign_id=campaigns[0], by=decider, at=at)
    try:
        with acting_in(planner.scope):
            commit_campaign(campaign_id=campaigns[0], by=planner, at=at)
    except RuleBroken:  # a small demonstration may have no dispenser in the county
        return 0
    return 1


def draw_quarters(*, at: datetime) -> int:
    """Draw and check the last two quarters and this one, in every county of the city that has dispensers.

    Returns:
        How many dispensers were drawn.
    """
    with acting_in(EVERYTHING):
        _seat_inspectors(at)
    now = quarter_of(timezone.localdate(at))
    before = quarter_of(now.first - timedelta(days=1))
    past, drawn = Past(), 0
    for quarter in (quarter_of(before.first - timedelta(days=1)), before, now):
        begun = timezone.make_aware(datetime.combine(quarter.first, time(9)))
        if begun + timedelta(hours=2) < at:
            drawn += _quarter(quarter, begun, at, past)
    return drawn


def _seat_inspectors(at: datetime) -> None:
    rng = Random(7)  # noqa: S311
    bureaus = accounts.agencies().filter(kind=AgencyKind.BUREAU, area__level=AreaLevel.COUNTY)
    seat_inspectors(
        {
            bureau: [rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN) for _ in range(EACH)]
            for bureau in bureaus.order_by("pk").values_list("pk", flat=True)
        },
        since=SINCE,
        at=at,
    )


def _quarter(quarter: Quarter, begun: datetime, now: datetime, past: Past) -> int:
    """Run one quarter as far as it has come."""
    planner, decider = actor("shi"), actor("shi2")
    name = f"{quarter.year}年第{quarter.number}季度计量护油"
    campaign = _planned(planner, name, CITY, quarter, begun)
    beacon = shipped().in_force(DEMONSTRATION_RULE, quarter.first)
    try:
        with acting_in(decider.scope):
            approve_campaign(campaign_id=campaign, by=decider, at=begun + timedelta(minutes=30))
            made = commit_campaign(
                campaign_id=campaign, by=decider, at=begun + timedelta(hours=1), beacon=beacon
            )
    except RuleBroken:  # a small demonstration may have no dispenser at all
        return 0
    source = beacon_of(parse_commitment(read_document(made.commitment)).source)
    assert source is not None  # noqa: S101  `commit_campaign` takes a beacon
    with acting_in(planner.scope):
        draw_campaign(
            campaign_id=campaign, signature=signature_of(source.round), by=planner,
            verify=verify_round(shipped(), demonstration=True), at=begun + timedelta(minutes=90),
        )  # fmt: skip
    is_over = quarter.last < timezone.localdate(now)
    _check(campaign, quarter, timezone.localdate(now), past)
    if is_over:
        with acting_in(decider.scope):
            evening = timezone.make_aware(datetime.combine(quarter.last, time(17)))
            close_campaign(campaign_id=campaign, by=decider, at=evening)
    return made.quota


def _check(campaign: int, quarter: Quarter, today: date, past: Past) -> None:
    """Check what was drawn: all of it in a quarter that is over, half of it in one that runs."""
    with acting_in(EVERYTHING):
        tasks = list(queries.tasks(SYSTEM).filter(campaign_id=campaign, state=TaskState.OPEN).order_by("pk"))
    tasks.sort(key=lambda task: (not HOME <= task.area_id < HOME + 1_000_000, task.pk))
    again = _again([task.entity_id for task in tasks], past)
    failed: dict[int, None] = {}
    days = (min(quarter.last, today) - quarter.first).days
    people: dict[int, Actor] = {}
    for number, task in enumerate(tasks):
        if quarter.last >= today and number % 2:
            continue
        verdict = _verdict(task.entity_id, again, past)
        on = quarter.first + timedelta(days=number * days // len(tasks))
        _record(task, verdict, on, people)
        if verdict is Verdict.FAILED:
            failed[task.entity_id] = None
    past.failed = list(failed)


def _again(drawn: list[int], past: Past) -> list[int]:
    """Return which stations surely fail: of those that failed before and are drawn again, the first two."""
    there = dict.fromkeys(drawn)
    if not past.is_begun:
        past.is_begun = True
        return list(there)[:FIRST]
    return [station for station in past.failed if station in there][:TWICE]


def _verdict(station: int, again: list[int], past: Past) -> Verdict:
    lot = past.rng.random()
    if station in again:
        return Verdict.FAILED
    if lot < FAILING and station not in past.failed:
        return Verdict.FAILED
    return Verdict.UNABLE if lot > 1 - GONE else Verdict.PASSED


def _record(task: InspectionTask, verdict: Verdict, on: date, people: dict[int, Actor]) -> None:
    by = people.get(task.lead_id)
    if by is None:
        by = people[task.lead_id] = accounts.actor_of(accounts.appointments_of(task.lead_id, on)[0])
    said = {item.key: Said(Answer.PASSED) for item in items_of(checklist_of(task, on))}
    words = {Verdict.FAILED: BROKEN, Verdict.UNABLE: "已停业，现场没有该器具", Verdict.PASSED: ""}[verdict]
    if verdict is Verdict.FAILED:
        said["seal_encoder"] = Said(Answer.FAILED, BROKEN)
    with acting_in(by.scope):
        record_inspection(
            task_id=task.pk, said=said, words=words, on=on, unable=verdict is Verdict.UNABLE, by=by,
            at=timezone.make_aware(datetime.combine(on, time(15))),
        )  # fmt: skip


def _planned(planner: Actor, name: str, area: int, quarter: Quarter, at: datetime) -> int:
    with acting_in(planner.scope):
        return plan_campaign(
            name=name, subject=FrameSubject.FUEL_DISPENSERS, area_id=area, year=quarter.year,
            quarter=quarter.number, legal_basis=BASIS, matters=MATTERS, by=planner, at=at,
        ).pk  # fmt: skip
