"""批准发证: a third person approves; certificate, version, seals and ledger follow in one transaction."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.certificates.content import SCHEMA, Content, digest, text
from quanheng.apps.certificates.enums import DocumentKind, ExaminationState, StaffDuty, VersionKind
from quanheng.apps.certificates.models import Certificate, CertificateVersion, Examination
from quanheng.apps.certificates.services.capability import check_authority, check_person
from quanheng.apps.certificates.services.check_examination import current_examination, refuse_shared_hands
from quanheng.apps.certificates.services.lines import move_line
from quanheng.apps.certificates.services.numbering import new_public_code, next_number
from quanheng.apps.certificates.services.sign_versions import ask_for_signatures
from quanheng.apps.instruments.enums import Result, SealPosition, VerificationKind
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.regulation.certificate_numbers import certificate_key
from quanheng.regulation.verification_procedure import Move


def issue_certificate(*, line_id: int, by: Actor, at: datetime) -> Certificate:
    """Approve a checked examination and issue its certificate or failure notice.

    Raises:
        RuleBroken: line_not_found, cannot_approve, same_person, not_qualified, not_authorised, and what the
            ledger refuses (seal_missing, position_sealed, verification_recorded…).
        NotYours: not an approver of this institute.
    """
    with transaction.atomic():
        with move_line(Verb.CERTIFICATE_ISSUED, Move.APPROVE, line_id, by=by, at=at) as line:
            examination = current_examination(line_id)
            refuse_shared_hands(examination.verifier_id, examination.checker_id, by.user_id)
            item = line.instrument.item_id
            check_person(by.user_id, line.institute_id, StaffDuty.APPROVE, item, timezone.localdate(at))
            examination.state = ExaminationState.APPROVED
            examination.approver_id, examination.approved_at = by.user_id, at
            examination.save(update_fields=["state", "approver", "approved_at"])
            number = next_number(line.institute_id, timezone.localdate(at).year)
        valid_until = _enter_the_ledger(examination, number, by, at)
        certificate = _certificate(examination, number, at)
        _first_version(certificate, examination, valid_until, at)
    return certificate


def _enter_the_ledger(examination: Examination, number: str, by: Actor, at: datetime) -> date | None:
    """Seals first: a passed verification needs every position sealed again. Returns until when it holds."""
    if examination.result == Result.PASSED:
        for seal in examination.seals:
            apply_seal(
                instrument_id=examination.instrument_id, number=seal["number"],
                position=SealPosition(seal["position"]), on=examination.verified_on,
                applied_by=examination.verifier.name, by=by, at=at,
            )  # fmt: skip
    verification = record_verification(
        instrument_id=examination.instrument_id, verified_on=examination.verified_on,
        result=Result(examination.result), certificate_number=number, institute=examination.institute.name,
        kind=VerificationKind(examination.kind), regulation=examination.regulation, by=by, at=at,
    )  # fmt: skip
    return verification.valid_until


def _certificate(examination: Examination, number: str, at: datetime) -> Certificate:
    passed = examination.result == Result.PASSED
    return Certificate.objects.unscoped().create(
        institute_id=examination.institute_id, number=number,
        number_key=certificate_key(str(examination.institute_id), number),
        public_code=new_public_code(),
        kind=DocumentKind.CERTIFICATE if passed else DocumentKind.FAILURE_NOTICE,
        instrument_id=examination.instrument_id, root_id=examination.root_id, area_id=examination.area_id,
        examination=examination, issued_at=at,
    )  # fmt: skip


def _first_version(
    certificate: Certificate, examination: Examination, valid_until: date | None, at: datetime
) -> CertificateVersion:
    content = content_of(certificate, examination, valid_until)
    version = CertificateVersion.objects.unscoped().create(
        certificate=certificate, version=1, kind=VersionKind.ISSUED, root_id=certificate.root_id,
        area_id=certificate.area_id, content=content, digest=digest(content),
        made_by_id=examination.verifier_id, approved_by_id=examination.approver_id or 0, at=at,
    )  # fmt: skip
    ask_for_signatures(version, at)
    return version


def content_of(certificate: Certificate, examination: Examination, valid_until: date | None) -> Content:
    """Write down everything that the certificate says."""
    it, line, standard = examination.instrument, examination.line, examination.standard
    authority = check_authority(examination.institute_id, it.item_id, it.area_id, examination.verified_on)
    applicant = line.application.entity
    return Content(
        schema=SCHEMA, kind=certificate.kind, number=certificate.number, public_code=certificate.public_code,
        institute={"name": examination.institute.name, "authorisation": authority.certificate_number},
        applicant={"name": applicant.name},
        instrument={
            "name": it.name, "model": it.model, "serial_number": it.serial_number,
            "manufacturer": it.manufacturer, "accuracy_class": it.accuracy_class,
            "measuring_range": it.measuring_range, "place": it.place,
            "max_capacity_g": text(it.max_capacity_g) or "", "e_g": text(it.e_g) or "",
        },
        verification={
            "kind": examination.kind, "regulation": examination.regulation, "result": examination.result,
            "verified_on": text(examination.verified_on), "valid_until": text(valid_until),
            "place_of_work": line.application.place_of_work,
        },
        conditions={
            "temperature_c": text(examination.temperature_c),
            "humidity_percent": text(examination.humidity_percent),
        },
        standard={
            "name": standard.name, "certificate_number": standard.certificate_number,
            "accuracy": standard.accuracy, "valid_to": text(standard.valid_to),
        },
        points=examination.points, packs=examination.packs, seals=examination.seals,
        people={
            "verifier": examination.verifier.name,
            "checker": examination.checker.name if examination.checker else "",
            "approver": examination.approver.name if examination.approver else "",
        },
    )  # fmt: skip
