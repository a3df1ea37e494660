"""A hospital's half year: opened when it has ended, counted by the ledger, frozen, returned, accepted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.hospitals.enums import HalfYearState, ManagerStanding
from quanheng.apps.hospitals.figures import CALIBRATED, OTHER, Line
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.hospitals.queries.reports import by_county, half_year_report, lines_of
from quanheng.apps.hospitals.services.decide_report import accept_report, return_report
from quanheng.apps.hospitals.services.open_reports import open_reports
from quanheng.apps.hospitals.services.submit_report import submit_report
from quanheng.apps.hospitals.services.write_report import write_report
from quanheng.apps.instruments.enums import InstrumentState, Provenance
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.notices.models import Notice
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_contact, make_instrument, make_item, make_placement
from tests.factories.acts import refused
from tests.factories.hospitals import make_hospital

pytestmark = pytest.mark.django_db


def put(hospital: Entity, slug: str, mode: str = "periodic", **fields: Any) -> Instrument:
    item = make_item(slug, name=slug, mode=mode, category="medical")
    return make_instrument(hospital, item=item, use="medical", **fields)


def write(report: HalfYearReport, by: Actor, at: datetime, **said: Any) -> HalfYearReport:
    words: dict[str, Any] = {"words": "设备科填写", "remarks": {}, "full_time_managers": 1}
    with acting_in(by.scope):
        return write_report(report_id=report.pk, by=by, at=at, **words | said)


def submit(report: HalfYearReport, by: Actor, at: datetime) -> HalfYearReport:
    with acting_in(by.scope):
        return submit_report(report_id=report.pk, by=by, at=at)


def lines(report: HalfYearReport, by: Actor, at: datetime) -> dict[str, Line]:
    with acting_in(by.scope):
        found = half_year_report(report.pk, by)
        assert found is not None
        return {line.key: line for line in lines_of(found, by, at.date())}


def rows() -> list[HalfYearReport]:
    with acting_in(EVERYTHING):
        return list(HalfYearReport.objects.unscoped().order_by("year", "half", "entity_id"))


def test_the_counts_are_the_ledgers_class_by_class(
    report: HalfYearReport, hospital: Entity, manager: Actor, at: datetime
) -> None:
    valid = put(hospital, "ct")
    put(hospital, "ct", provenance=Provenance.DECLARED)
    put(hospital, "ct", valid_until=date(2026, 10, 1), trusted_until=date(2026, 10, 1))
    put(hospital, "ct", verified_on=None, valid_until=None, trusted_until=None, result="", provenance="")
    put(hospital, "ct", state=InstrumentState.STOPPED)
    put(hospital, "ct", state=InstrumentState.SCRAPPED)
    put(hospital, "activity-meter")
    found = lines(report, manager, at)
    ct = found["7"]
    assert (ct.in_use, ct.due, ct.valid, ct.unconfirmed, ct.overdue, ct.stopped) == (4, 4, 1, 1, 2, 1)
    assert ct.behind["valid"] == [valid.pk]
    assert (found[OTHER].due, found["1"].in_use, len(found)) == (1, 0, 14)


def test_what_is_calibrated_is_in_use_and_not_due(
    report: HalfYearReport, hospital: Entity, manager: Actor, at: datetime
) -> None:
    put(hospital, "ventilator", mode="calibration", valid_until=date(2026, 2, 1))
    line = lines(report, manager, at)[CALIBRATED]
    assert (line.in_use, line.due, line.overdue) == (1, 0, 0)


def test_what_was_stopped_just_before_the_count_is_said_apart(
    report: HalfYearReport, hospital: Entity, manager: Actor, at: datetime
) -> None:
    for days in (3, 300):
        stopped = put(hospital, "tonometer", state=InstrumentState.STOPPED)
        make_placement(stopped, last_day=at.date() - timedelta(days=days))
    line = lines(report, manager, at)["10"]
    assert (line.stopped, line.lately) == (2, 1)


def test_once_submitted_the_counts_stand_whatever_becomes_of_the_ledger(
    report: HalfYearReport, hospital: Entity, manager: Actor, at: datetime
) -> None:
    scale = put(hospital, "ct")
    write(report, manager, at, remarks={"7": "一台在修"})
    sent = submit(report, manager, at)
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(state=InstrumentState.SCRAPPED)
        (act,) = Act.objects.unscoped().filter(verb="half_year_submitted")
    frozen = lines(report, manager, at)["7"]
    assert (frozen.in_use, frozen.remark, sent.in_use, sent.counted_on) == (1, "一台在修", 1, at.date())
    assert (act.after["in_use"], act.after["state"], len(act.after["digest"])) == (1, "submitted", 64)


def test_returned_it_is_written_and_counted_anew_and_stays_in_time(
    hospital: Entity, report: HalfYearReport, manager: Actor, officer: Actor, at: datetime
) -> None:
    on_time = datetime(2026, 7, 20, 10, tzinfo=at.tzinfo)
    write(report, manager, on_time)
    submit(report, manager, on_time)
    put(hospital, "ct")
    with acting_in(officer.scope):
        return_report(report_id=report.pk, reason="漏登CT", by=officer, at=at)
    assert write(report, manager, at, words="已补登").return_reason == "漏登CT"
    again = submit(report, manager, at)
    assert (again.in_use, again.is_late, again.first_submitted_on) == (1, False, on_time.date())
    assert (again.return_reason, again.submitted_at) == ("", at)
    with acting_in(officer.scope):
        accepted = accept_report(report_id=report.pk, by=officer, at=at)
    assert (accepted.state, accepted.decided_by_name) == (HalfYearState.ACCEPTED, officer.name)


def test_accepted_by_mistake_it_can_be_returned(
    report: HalfYearReport, manager: Actor, officer: Actor, at: datetime
) -> None:
    write(report, manager, at)
    submit(report, manager, at)
    with acting_in(officer.scope):
        accept_report(report_id=report.pk, by=officer, at=at)
        back = return_report(report_id=report.pk, reason="误点", by=officer, at=at)
    assert back.state == HalfYearState.RETURNED


def test_nobody_does_what_is_not_their_turn(
    report: HalfYearReport, manager: Actor, officer: Actor, at: datetime
) -> None:
    with refused("managers_missing"):
        submit(report, manager, at)
    with acting_in(officer.scope), refused("half_year_not_in_state"):
        accept_report(report_id=report.pk, by=officer, at=at)
    with pytest.raises(NotYours):
        submit(report, officer, at)
    write(report, manager, at)
    submit(report, manager, at)
    with refused("half_year_not_in_state"):
        write(report, manager, at)
    with refused("half_year_not_in_state"):
        submit(report, manager, at)
    with acting_in(manager.scope), pytest.raises(NotYours):
        accept_report(report_id=report.pk, by=manager, at=at)
    with acting_in(officer.scope), refused("no_reason"):
        return_report(report_id=report.pk, reason=" ", by=officer, at=at)
    with acting_in(officer.scope), refused("reason_too_long"):
        return_report(report_id=report.pk, reason="长" * 301, by=officer, at=at)


def test_who_submitted_does_not_accept_in_another_post(
    report: HalfYearReport, manager: Actor, county: Area, at: datetime
) -> None:
    write(report, manager, at)
    sent = submit(report, manager, at)
    officer = make_actor(Role.COUNTY_OFFICER, area=county)
    with acting_in(EVERYTHING):
        HalfYearReport.objects.unscoped().filter(pk=sent.pk).update(submitted_by_id=officer.user_id)
    with acting_in(officer.scope), refused("same_person"):
        accept_report(report_id=report.pk, by=officer, at=at)
    with acting_in(officer.scope), refused("same_person"):
        return_report(report_id=report.pk, reason="自己退自己", by=officer, at=at)


def test_who_accepts_has_read_what_stands(
    report: HalfYearReport, manager: Actor, officer: Actor, at: datetime
) -> None:
    read = write(report, manager, at).version
    submit(report, manager, at)
    with acting_in(officer.scope), refused("changed_meanwhile"):
        accept_report(report_id=report.pk, by=officer, at=at, version=read)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"words": "长" * 2001}, "too_long"),
        ({"remarks": {"7": "长" * 201}}, "too_long"),
        ({"remarks": {"13": "没有这一类"}}, "remark_of_no_class"),
        ({"full_time_managers": 1000}, "managers_missing"),
    ],
)
def test_what_does_not_fit_is_refused(
    report: HalfYearReport, manager: Actor, at: datetime, said: dict[str, Any], code: str
) -> None:
    with refused(code):
        write(report, manager, at, **said)


def test_a_full_time_manager_of_whom_the_file_knows_nothing_is_said(
    report: HalfYearReport, hospital: Entity, manager: Actor, officer: Actor, at: datetime
) -> None:
    write(report, manager, at)
    assert submit(report, manager, at).manager == ManagerStanding.NOT_ON_FILE
    with acting_in(officer.scope):
        return_report(report_id=report.pk, reason="请登记计量负责人", by=officer, at=at)
    make_contact(hospital, duty="metrology_manager")
    assert submit(report, manager, at).manager == ManagerStanding.MET


def test_the_job_opens_each_half_year_that_has_ended_once(
    hospital: Entity, county: Area, at: datetime
) -> None:
    make_hospital(county, registered_at=at)  # opened after the half-year
    make_hospital(county, registered_at=hospital.registered_at, state="draft")
    make_hospital(county, registered_at=hospital.registered_at, parent=hospital)
    assert open_reports(at=datetime(2026, 6, 30, 12, tzinfo=at.tzinfo)) == 0
    assert open_reports(at=datetime(2026, 7, 1, 12, tzinfo=at.tzinfo)) == 1
    assert open_reports(at=at) == 0
    (row,) = rows()
    assert (row.entity_id, row.period.half, row.due_on) == (hospital.pk, 1, date(2026, 7, 31))
    assert (row.is_overdue(date(2026, 7, 31)), row.is_overdue(date(2026, 8, 1))) == (False, True)
    assert open_reports(at=datetime(2027, 1, 4, 12, tzinfo=at.tzinfo)) == 2


def test_an_open_report_follows_its_hospital_and_ends_with_it(hospital: Entity, at: datetime) -> None:
    open_reports(at=at)
    elsewhere = make_hospital(make_area("青羊区"))
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=hospital.pk).update(area=elsewhere.area_id)
    open_reports(at=at)
    assert rows()[0].area_id == elsewhere.area_id
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=hospital.pk).update(state="closed")
    open_reports(at=at)
    assert rows() == []


def test_whoever_owes_one_is_reminded_once_at_each_stage_until_it_is_there(
    hospital: Entity, manager: Actor, at: datetime
) -> None:
    for month, day in ((7, 1), (7, 2), (7, 24), (7, 31), (8, 1), (8, 9)):
        open_reports(at=datetime(2026, month, day, 9, tzinfo=at.tzinfo))
    with acting_in(EVERYTHING):
        told = Notice.objects.unscoped().filter(kind="half_year_due", entity_id=hospital.pk)
        assert told.count() == 4
        open_ones = told.filter(settled_at=None)
        assert open_ones.count() == 4
    report = rows()[0]
    write(report, manager, at)
    submit(report, manager, at)
    with acting_in(EVERYTHING):
        assert not open_ones.all().exists()


def test_the_office_is_told_of_what_came_and_the_hospital_of_what_was_decided(
    report: HalfYearReport, manager: Actor, officer: Actor, at: datetime
) -> None:
    write(report, manager, at)
    submit(report, manager, at)
    with acting_in(officer.scope):
        return_report(report_id=report.pk, reason="漏登", by=officer, at=at)
    with acting_in(EVERYTHING):
        told = Notice.objects.unscoped().filter(row_id=report.pk).order_by("pk")
        assert list(told.values_list("kind", flat=True)) == ["half_year_received", "half_year_decided"]


def test_counties_are_told_apart_and_the_most_overdue_comes_first(
    report: HalfYearReport, manager: Actor, officer: Actor, county: Area, at: datetime
) -> None:
    with acting_in(officer.scope):
        (found,) = by_county(officer, 2026, 1)
    assert (found.area_id, found.reports, found.submitted, found.overdue) == (county.pk, 1, 0, 1)
    write(report, manager, at)
    late = submit(report, manager, at)
    assert late.is_late
    with acting_in(officer.scope):
        (found,) = by_county(officer, 2026, 1)
    assert (found.submitted, found.accepted, found.overdue) == (1, 0, 0)


def test_another_hospital_reads_nothing_of_it(report: HalfYearReport, county: Area) -> None:
    stranger = make_actor(Role.INSTRUMENT_USER, entity=make_hospital(county))
    with acting_in(stranger.scope):
        assert half_year_report(report.pk, stranger) is None
        assert not HalfYearReport.objects.unscoped().exists()  # the second wall
