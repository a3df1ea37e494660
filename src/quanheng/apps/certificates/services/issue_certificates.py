"""成批批准发证: an approver goes through a day's checked records at once; a refusal holds up no other.

What the batch needs is locked and read once, every rule is asked in memory, and each table is written in one
statement: the cost of a certificate is that of its content.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from django.db.models import prefetch_related_objects
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, RowActs, act_on_rows
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.content import digest
from quanheng.apps.certificates.enums import DocumentKind, ExaminationState, StaffDuty, VersionKind
from quanheng.apps.certificates.models import ApplicationLine, Certificate, CertificateVersion, Examination
from quanheng.apps.certificates.services.application_steps import LINES, take_step
from quanheng.apps.certificates.services.binding import binding
from quanheng.apps.certificates.services.capability import check_authority, check_person
from quanheng.apps.certificates.services.check_examination import current_examinations, refuse_shared_hands
from quanheng.apps.certificates.services.completing import check_still_complete
from quanheng.apps.certificates.services.draw_up import draw_up
from quanheng.apps.certificates.services.numbering import Numbers, new_public_code
from quanheng.apps.certificates.services.sign_versions import ask_for_signatures
from quanheng.apps.instruments.enums import Provenance, Result, SealPosition, VerificationKind
from quanheng.apps.instruments.queries.ledger import parts_in_service
from quanheng.apps.instruments.services.apply_seal import enter_seal
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, open_ledger
from quanheng.apps.instruments.services.record_verification import VerificationResult, enter_verification
from quanheng.kit.bulk import update_many
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.remembered_checks import remembered_checks
from quanheng.regulation.certificate_numbers import certificate_key
from quanheng.regulation.verification_procedure import Move

Batch: TypeAlias = RowActs[ApplicationLine]
SHARED = ("institute", "standard", "verifier", "checker")  # a few rows behind many records


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of a batch.

    Args:
        certificates: in order of their lines.
        refused: line → why.
    """

    certificates: list[Certificate] = field(default_factory=list)
    refused: dict[int, RuleBroken] = field(default_factory=dict)


def issue_certificates(*, line_ids: Collection[int], by: Actor, at: datetime) -> Issued:
    """Approve checked examinations, in one transaction; a line that is refused is told and left as it was."""
    with act_on_rows(LINES, acts.CERTIFICATE_ISSUED, line_ids, by=by, at=at) as batch:
        batch.take(lambda act: take_step(act, Move.APPROVE))
        year = timezone.localdate(at).year
        institutes = sorted({act.row.institute_id for act in batch.acts.values()})
        numbers = {institute: Numbers(institute, year) for institute in institutes}
        wholes = [act.row.instrument_id for act in batch.acts.values()]
        parts = parts_in_service(wholes, by)
        nozzles = [part for own in parts.values() for part in own.values()]
        with open_ledger([*wholes, *nozzles], by=by, at=at) as ledger:
            approvals = _Approvals(batch, numbers, ledger, parts, by=by)
            approvals.look_up_seals()
            batch.take(approvals.approve)
        certificates = approvals.write(batch)
    return Issued(certificates, batch.refused)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A certificate that is not written yet."""

    examination: Examination
    certificate: Certificate
    version: CertificateVersion


class _Approvals:
    """The records of a batch, one approved after the other in memory."""

    def __init__(
        self, batch: Batch, numbers: dict[int, Numbers], ledger: LedgerBatch,
        parts: dict[int, dict[str, int]], *, by: Actor,
    ) -> None:  # fmt: skip
        self._by, self._at, self._ledger, self._numbers = by, batch.at, ledger, numbers
        self._parts = parts
        self._today = timezone.localdate(batch.at)
        self._records = current_examinations(batch.acts)
        lines = [act.row for act in batch.acts.values()]
        prefetch_related_objects(list(self._records.values()), *SHARED)
        prefetch_related_objects(lines, "application__entity")
        instruments = [ledger.page(line.instrument_id).instrument for line in lines]
        prefetch_related_objects(instruments, "item", "entity")
        self._check_person = remembered_checks(check_person)
        self._check_authority = remembered_checks(check_authority)
        self._papers: list[_Paper] = []

    def look_up_seals(self) -> None:
        """Ask once, now that the instruments are locked, which numbers of the new seals are in use."""
        self._ledger.look_up_seals([seal["number"] for one in self._records.values() for seal in one.seals])

    def approve(self, act: RowAct[ApplicationLine]) -> None:
        """Approve the record of a line; the certificate is kept to be written with the others.

        Raises:
            RuleBroken: same_person, not_qualified, not_authorised, incomplete_examination, and what the
                ledger refuses.
        """
        line = act.row
        record, institute = self._records[line.pk], line.institute_id
        record.line, record.instrument = line, self._ledger.page(line.instrument_id).instrument
        item = record.instrument.item_id
        refuse_shared_hands(record.verifier_id, record.checker_id, self._by.user_id)
        self._check_person(self._by.user_id, institute, StaffDuty.APPROVE, item, self._today)
        authority = self._check_authority(institute, item, record.instrument.area_id, record.verified_on)
        check_still_complete(record, record.instrument, tuple(self._parts.get(record.instrument_id, ())))
        number = self._numbers[institute].next()
        with self._ledger.all_or_nothing():
            valid_until = self._enter_the_ledger(record, number)
        self._numbers[institute].take()
        certificate = self._certificate(record, number)
        content = draw_up(
            certificate, record, authority=authority, valid_until=valid_until, approver=self._by.name
        )
        version = CertificateVersion(
            certificate=certificate, version=1, kind=VersionKind.ISSUED, root_id=certificate.root_id,
            area_id=certificate.area_id, content=content, digest=digest(content),
            made_by_id=record.verifier_id, approved_by_id=self._by.user_id or 0, at=self._at,
        )  # fmt: skip
        record.state = ExaminationState.APPROVED
        record.approver_id, record.approved_at = self._by.user_id, self._at
        self._papers.append(_Paper(record, certificate, version))

    def write(self, batch: Batch) -> list[Certificate]:
        """Write what was approved; return the certificates."""
        for numbers in self._numbers.values():
            numbers.save()
        update_many([paper.examination for paper in self._papers], {"state", "approver_id", "approved_at"})
        certificates = [paper.certificate for paper in self._papers]
        versions = [paper.version for paper in self._papers]
        Certificate.objects.unscoped().bulk_create(certificates)
        CertificateVersion.objects.unscoped().bulk_create(versions)
        ask_for_signatures(versions, self._at)
        for paper in self._papers:
            batch.acts[paper.examination.line_id].facts |= binding(paper.version)
        return certificates

    def _enter_the_ledger(self, record: Examination, number: str) -> date | None:
        """Seals first: who passes needs every position sealed again. Returns until when it holds."""
        if record.result == Result.PASSED:
            for seal in record.seals:
                enter_seal(
                    self._ledger, record.instrument_id, number=seal["number"],
                    position=SealPosition(seal["position"]), on=record.verified_on,
                    applied_by=record.verifier.name,
                )  # fmt: skip
        said = VerificationResult(
            record.verified_on, Result(record.result), number, record.institute.name, Provenance.ISSUED,
            kind=VerificationKind(record.kind), regulation=record.regulation,
        )  # fmt: skip
        valid_until = enter_verification(self._ledger, record.instrument_id, said).valid_until
        for part in self._parts_that_follow(record):
            enter_verification(self._ledger, part, said)
        return valid_until

    def _parts_that_follow(self, record: Examination) -> list[int]:
        """Measured nozzles pass with their dispenser; where it failed, those fail that failed."""
        named = self._parts.get(record.instrument_id, {})
        passed = record.result == Result.PASSED
        measured = {point["part"] for point in record.points if passed or point["verdict"] != Result.PASSED}
        return [part for name, part in named.items() if name in measured]

    def _certificate(self, record: Examination, number: str) -> Certificate:
        passed = record.result == Result.PASSED
        return Certificate(
            institute_id=record.institute_id, number=number,
            number_key=certificate_key(str(record.institute_id), number), public_code=new_public_code(),
            kind=DocumentKind.CERTIFICATE if passed else DocumentKind.FAILURE_NOTICE,
            instrument_id=record.instrument_id, root_id=record.root_id, area_id=record.area_id,
            examination=record, issued_at=self._at,
        )  # fmt: skip
