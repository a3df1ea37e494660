"""更正检查结果: asked by one who was sent, decided by another of the place; both versions stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.inspections import queries
from quanheng.apps.inspections.enums import CorrectionState, Verdict
from quanheng.apps.inspections.models import Campaign, InspectionTask
from quanheng.apps.inspections.services.correct_inspection import (
    approve_correction,
    decline_correction,
    propose_correction,
    withdraw_correction,
)
from quanheng.apps.inspections.services.record_inspection import record_inspection
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.checklists import Answer, Said
from tests.factories import make_actor
from tests.factories.acts import refused
from tests.factories.inspections import Quarter, all_passed, make_quarter, tasks_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


class Recorded:
    """A task that was recorded as passed by its lead, by mistake: the seal was broken."""

    def __init__(self, quarter: Quarter, campaign: Campaign) -> None:
        self.quarter, self.campaign, self.at = quarter, campaign, quarter.at + timedelta(hours=2)
        task = self.task
        self.lead, self.second = quarter.actor(task.lead_id), quarter.actor(task.second_id)
        # Whoever plans may have been drawn as well.
        self.office = make_actor(Role.COUNTY_OFFICER, area=quarter.area)
        self.does(
            self.lead, record_inspection, said=all_passed(task), words="", on=DAY, at=quarter.at
        )  # fmt: skip
        self.broken = all_passed(task) | {"seal_encoder": Said(Answer.FAILED, "铅封断开")}

    @property
    def task(self) -> InspectionTask:
        return tasks_of(self.campaign)[0]

    def does(self, by: Actor, act: Callable[..., Any], **said: Any) -> Any:
        with acting_in(by.scope):
            return act(**{"task_id": self.task.pk, "by": by, "at": self.at, **said})

    def proposed(self, **said: Any) -> int:
        known = {"reason": "登记时勾错", "said": self.broken, "words": "编码器铅封断开", "on": DAY}
        asked: int = self.does(self.lead, propose_correction, **{**known, **said}).pk
        return asked


@pytest.fixture
def recorded(county: Area, at: datetime) -> Recorded:
    quarter = make_quarter(county)
    quarter.at = at
    return Recorded(quarter, quarter.drawn())


def test_until_another_person_has_decided_the_first_result_counts_and_is_said_to_be_doubted(
    recorded: Recorded,
) -> None:
    recorded.proposed()
    task = recorded.task
    assert (task.verdict, task.doubted_by_id) == (Verdict.PASSED, recorded.lead.user_id)
    assert queries.standings(recorded.campaign, recorded.office, DAY)[0].failed == 0
    with refused("inspection_already_doubted"):
        recorded.proposed()


def test_what_another_approved_counts_everywhere_and_both_versions_stay(recorded: Recorded) -> None:
    asked = recorded.proposed()
    recorded.does(recorded.office, approve_correction, correction_id=asked)
    task = recorded.task
    assert (task.verdict, task.words, task.doubted_at) == (Verdict.FAILED, "编码器铅封断开", None)
    assert task.answers["seal_encoder"] == {"answer": "failed", "note": "铅封断开"}
    standing = queries.standings(recorded.campaign, recorded.office, DAY)[0]
    assert (standing.done, standing.failed) == (1, 1)
    with acting_in(EVERYTHING):
        owner = make_actor(Role.INSTRUMENT_USER, entity=task.entity)
        told = Act.objects.unscoped().filter(instrument_id=task.instrument_id)
        checked, corrected = told.get(verb="checked"), told.get(verb="check_corrected")
    assert (checked.after["outcome"], corrected.after["outcome"]) == ("nothing_wrong", "problem")
    assert (corrected.after["outcome_was"], corrected.actor_id) == ("nothing_wrong", recorded.office.user_id)
    for reader in (recorded.lead, recorded.office, owner):
        with acting_in(reader.scope):
            (row,) = queries.corrections(task, reader)
        assert (row.before["verdict"], row.after["verdict"], row.state) == (
            Verdict.PASSED, Verdict.FAILED, CorrectionState.APPROVED,
        )  # fmt: skip


def test_neither_of_the_two_who_were_sent_decides_and_no_other_office_does(recorded: Recorded) -> None:
    asked = recorded.proposed()
    with acting_in(EVERYTHING):
        # The lead sits in the office as well: it is still his own result.
        inspectors = {recorded.lead, recorded.second}
    for one in inspectors:
        by = Actor(**{**{name: getattr(one, name) for name in one.__slots__}, "role": Role.COUNTY_OFFICER})
        with refused("inspection_own_result"):
            recorded.does(by, approve_correction, correction_id=asked)
    with refused("inspection_not_found"):
        recorded.does(make_actor(Role.COUNTY_OFFICER), approve_correction, correction_id=asked)
    assert recorded.task.verdict == Verdict.PASSED


def test_who_decides_has_read_this_text_and_no_other(recorded: Recorded) -> None:
    first = recorded.proposed()
    recorded.does(recorded.lead, withdraw_correction, reason="再核对")
    second = recorded.proposed(words="主板铅封也断开")
    with refused("inspection_another_correction"):
        recorded.does(recorded.office, approve_correction, correction_id=first)
    recorded.does(recorded.office, approve_correction, correction_id=second)
    assert recorded.task.words == "主板铅封也断开"
    with refused("inspection_not_doubted"):
        recorded.does(recorded.office, approve_correction, correction_id=second)


def test_what_is_declined_or_withdrawn_changes_nothing_and_stays_to_be_read(recorded: Recorded) -> None:
    asked = recorded.proposed()
    with refused("inspection_only_asker_withdraws"):
        recorded.does(recorded.office, withdraw_correction, reason="不需要")
    with refused("campaign_no_reason"):
        recorded.does(recorded.office, decline_correction, correction_id=asked, reason=" ")
    recorded.does(recorded.office, decline_correction, correction_id=asked, reason="照片显示铅封完好")
    assert (recorded.task.verdict, recorded.task.doubted_at, recorded.task.corrected_at) == (
        Verdict.PASSED, None, None,
    )  # fmt: skip
    with acting_in(recorded.office.scope):
        (row,) = queries.corrections(recorded.task, recorded.office)
    assert (row.state, row.answer) == (CorrectionState.DECLINED, "照片显示铅封完好")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": " "}, "campaign_no_reason"),
        ({"words": ""}, "inspection_no_words"),
        ({"said": {}}, "inspection_unanswered"),
        ({"on": date(2026, 11, 22)}, "inspection_not_on_day"),
    ],
)
def test_a_correction_is_judged_as_the_first_record_was(
    recorded: Recorded, fields: dict[str, Any], code: str
) -> None:
    with refused(code):
        recorded.proposed(**fields)


def test_only_who_was_sent_asks_and_only_for_what_differs(recorded: Recorded) -> None:
    with refused("inspection_nothing_corrected"):
        recorded.proposed(said=all_passed(recorded.task), words="")
    with refused("inspection_not_sent"):
        recorded.does(
            recorded.office, propose_correction, reason="看错", said=recorded.broken, words="断", on=DAY
        )
    waiting = tasks_of(recorded.campaign)[1]
    with refused("inspection_not_checked_yet"):
        by = recorded.quarter.actor(waiting.lead_id)
        with acting_in(by.scope):
            propose_correction(
                task_id=waiting.pk, reason="看错", said=recorded.broken, words="断", on=DAY, by=by,
                at=recorded.at,
            )  # fmt: skip
