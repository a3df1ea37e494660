"""检定 → 核验 → 批准 → 发证: three people, one certificate, one entry in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from quanheng.apps.certificates.content import digest
from quanheng.apps.certificates.enums import DocumentKind, ExaminationState, LineState, StaffDuty
from quanheng.apps.certificates.models import (
    ApplicationLine,
    Authorisation,
    Certificate,
    CertificateVersion,
    Examination,
    MeasurementStandard,
    Qualification,
)
from quanheng.apps.certificates.services.check_examination import check_examination, send_back
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.issue_certificates import issue_certificates
from quanheng.apps.certificates.services.new_seals import NewSeal
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import InstrumentState, Result, SealPosition, VerificationKind
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.apps.certificates.conftest import findings_of
from tests.factories import make_area, make_instrument
from tests.factories.acts import acts, refused
from tests.factories.readings import dispenser_readings, scale_readings
from tests.factories.verification import Bench, make_bench, make_line, make_qualification


def issued(line: ApplicationLine, findings: Findings, bench: Bench, at: datetime) -> Certificate:
    record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    check_examination(line_id=line.pk, by=bench.checker, at=at)
    return issue_certificate(line_id=line.pk, by=bench.approver, at=at)


def ledger(scale: Instrument) -> Instrument:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=scale.pk)


def test_a_scale_that_passes_is_in_use_until_its_period_ends(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    seal = NewSeal("川A0001", SealPosition.SCALE_CASE)
    certificate = issued(line, replace(findings, seals=(seal,)), bench, at)

    it = ledger(scale)
    assert (it.state, it.result, it.certificate_number) == (
        InstrumentState.IN_USE,
        Result.PASSED,
        certificate.number,
    )
    assert it.verified_on == date(2026, 11, 23)
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().get(instrument=scale).certificate_number == certificate.number
        assert Seal.objects.unscoped().get(instrument=scale).number == "川A0001"
        assert ApplicationLine.objects.unscoped().get(pk=line.pk).state == LineState.ISSUED
    assert certificate.kind == DocumentKind.CERTIFICATE
    assert [verb for verb, _ in acts()] == [
        "examination_recorded", "examination_checked", "seal_applied", "verification_recorded",
        "certificate_issued",
    ]  # fmt: skip


def test_the_first_version_says_everything_and_its_digest_fixes_it(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    certificate = issued(line, findings, bench, at)
    version = CertificateVersion.objects.unscoped().get(certificate=certificate)
    assert version.digest == digest(version.content)
    assert version.content["number"] == certificate.number
    assert version.content["points"][2] == {
        "part": "", "quantity": "称量", "unit": "g", "nominal": "2500", "indication": "2500", "error": "0",
        "error_unit": "g", "lower_limit": "-2.5", "upper_limit": "2.5", "verdict": "passed",
    }  # fmt: skip
    assert version.content["packs"][0]["edition"] == "JJG 539-2016"
    assert version.content["standard"]["certificate_number"] == bench.standard.certificate_number
    assert (version.made_by_id, version.approved_by_id) == (bench.verifier.user_id, bench.approver.user_id)


def test_a_scale_that_fails_gets_a_notice_and_may_not_be_used(
    line: ApplicationLine, bench: Bench, scale: Instrument, at: datetime
) -> None:
    certificate = issued(line, findings_of(bench, indication="2503"), bench, at)
    assert certificate.kind == DocumentKind.FAILURE_NOTICE
    it = ledger(scale)
    assert (it.state, it.result, it.valid_until) == (InstrumentState.FAILED, Result.FAILED, None)


def test_numbers_follow_one_another_within_an_institute(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    other = make_line(
        make_instrument(scale.entity, accuracy_class="III", max_capacity_g=15000, e_g=5), bench.institute
    )
    first, second = issued(line, findings, bench, at), issued(other, findings, bench, at)
    assert first.number.endswith("-2026-000001")
    assert second.number.endswith("-2026-000002")


def test_what_is_sent_twice_is_recorded_once(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    keyed = replace(findings, entry_key=uuid4())
    once = record_examination(line_id=line.pk, findings=keyed, by=bench.verifier, at=at)
    again = record_examination(line_id=line.pk, findings=keyed, by=bench.verifier, at=at)
    assert once.pk == again.pk
    with refused("cannot_record"):
        record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)


def test_a_record_that_is_sent_back_stays_and_the_next_attempt_counts(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    send_back(line_id=line.pk, reason="湿度没有记录", by=bench.checker, at=at)
    issued(line, findings, bench, at)
    attempts = Examination.objects.unscoped().filter(line=line).order_by("attempt")
    assert list(attempts.values_list("attempt", "state", "sent_back_reason")) == [
        (1, ExaminationState.SENT_BACK, "湿度没有记录"),
        (2, ExaminationState.APPROVED, ""),
    ]


def test_nobody_holds_two_of_the_three_duties(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    both = replace(bench.checker, user_id=bench.verifier.user_id)
    record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    with refused("same_person"):
        check_examination(line_id=line.pk, by=both, at=at)
    check_examination(line_id=line.pk, by=bench.checker, at=at)
    for user in (bench.verifier.user_id, bench.checker.user_id):
        with refused("same_person"):
            issue_certificate(line_id=line.pk, by=replace(bench.approver, user_id=user), at=at)


def test_the_database_too_refuses_one_person_in_two_duties(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    record = record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    with pytest.raises(IntegrityError, match="three_different_people"), transaction.atomic():
        Examination.objects.unscoped().filter(pk=record.pk).update(checker=record.verifier_id)


def test_a_version_of_a_certificate_never_changes(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    certificate = issued(line, findings, bench, at)
    versions = CertificateVersion.objects.unscoped().filter(certificate=certificate)
    for change in (lambda: versions.update(reason="改"), versions.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


YESTERDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("model", "change", "code"),
    [
        (Authorisation, {"valid_to": YESTERDAY}, "not_authorised"),
        (MeasurementStandard, {"valid_to": YESTERDAY}, "standard_out_of_validity"),
        (MeasurementStandard, {"traced_until": YESTERDAY}, "standard_out_of_validity"),
        (Qualification, {"valid_to": YESTERDAY}, "not_qualified"),
    ],
)
def test_what_ended_yesterday_does_not_hold_today(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime, model: Any, change: Any, code: str
) -> None:
    model.objects.filter(institute=bench.institute).update(**change)
    with refused(code):
        record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"verified_on": date(2026, 11, 24)}, "verified_in_future"),
        ({"standard_id": 0}, "standard_not_found"),
        ({"readings": {"kind": "scale", "weighing": []}}, "bad_readings"),
        ({"readings": scale_readings(checks="all")}, "bad_readings"),
        ({"readings": scale_readings(checks={"sundial": True})}, "bad_readings"),
        ({"readings": dispenser_readings({"1": "20"})}, "bad_readings"),
        ({"regulation": "JJG 1-1900"}, "unknown_regulation"),
        ({"allowance": "as_i_like"}, "unknown_allowance"),
        ({"readings": {"kind": "scale", "weighing": [{"load_g": "x"}]}}, "bad_readings"),
        ({"seals": (NewSeal(" ", SealPosition.SCALE_CASE),)}, "no_number"),
    ],
)
def test_findings_that_cannot_be_are_refused_and_nothing_is_lost(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime, facts: Any, code: str
) -> None:
    with refused(code):
        record_examination(line_id=line.pk, findings=replace(findings, **facts), by=bench.verifier, at=at)
    assert record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at).attempt == 1


def test_a_standard_for_other_instruments_is_refused(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    bench.standard.items.clear()
    with refused("standard_not_for_item"):
        record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)


def test_a_scale_without_its_nameplate_waits_for_it(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(e_g=None)
    with refused("no_nameplate"):
        record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)


def test_in_service_the_limits_are_twice_as_wide(line: ApplicationLine, bench: Bench, at: datetime) -> None:
    given = findings_of(bench, indication="2505", kind=VerificationKind.IN_SERVICE)
    assert (
        record_examination(line_id=line.pk, findings=given, by=bench.verifier, at=at).result == Result.PASSED
    )


def test_each_act_belongs_to_its_role_and_its_institute(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    elsewhere = make_bench(make_area(parent=bench.institute.area.parent))
    stranger = replace(bench.verifier, agency_id=elsewhere.institute.pk)
    for by in (bench.checker, bench.approver, stranger):
        with pytest.raises(NotYours):
            record_examination(line_id=line.pk, findings=findings, by=by, at=at)
    with refused("line_not_found"):
        record_examination(line_id=line.pk, findings=findings, by=elsewhere.verifier, at=at)


def test_sending_back_needs_a_reason(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    with refused("no_reason"):
        send_back(line_id=line.pk, reason=" ", by=bench.checker, at=at)


def test_a_checker_without_a_qualification_does_not_check(
    line: ApplicationLine, findings: Findings, bench: Bench, at: datetime
) -> None:
    record_examination(line_id=line.pk, findings=findings, by=bench.verifier, at=at)
    Qualification.objects.filter(user=bench.checker.user_id).delete()
    with refused("not_qualified"):
        check_examination(line_id=line.pk, by=bench.checker, at=at)
    make_qualification(bench.institute, bench.checker, StaffDuty.CHECK, item=bench.item)
    assert check_examination(line_id=line.pk, by=bench.checker, at=at).checker_id == bench.checker.user_id


def test_a_certificate_is_entered_on_a_later_day_than_the_verification(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    issued(line, findings, bench, at + timedelta(days=3))
    assert ledger(scale).verified_on == date(2026, 11, 23)


def test_an_instrument_is_in_one_procedure_at_a_time(
    line: ApplicationLine, scale: Instrument, bench: Bench
) -> None:
    with pytest.raises(IntegrityError, match="one_open_procedure"), transaction.atomic():
        make_line(scale, bench.institute)


def test_a_slot_is_held_once(line: ApplicationLine, scale: Instrument, bench: Bench) -> None:
    with pytest.raises(IntegrityError, match="slot_held_once"), transaction.atomic():
        make_line(make_instrument(scale.entity), bench.institute, slot=line.slot)


def test_a_batch_is_issued_and_one_that_is_refused_holds_up_no_other(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    unchecked = make_line(
        make_instrument(scale.entity, accuracy_class="III", max_capacity_g=15000, e_g=5), bench.institute
    )
    for one in (line, unchecked):
        record_examination(line_id=one.pk, findings=findings, by=bench.verifier, at=at)
    check_examination(line_id=line.pk, by=bench.checker, at=at)
    issued_now = issue_certificates(line_ids=[unchecked.pk, line.pk, line.pk], by=bench.approver, at=at)
    assert [one.instrument_id for one in issued_now.certificates] == [scale.pk]
    assert list(issued_now.refused) == [unchecked.pk]
    assert [verb for verb, _ in acts()].count("certificate_issued") == 1
