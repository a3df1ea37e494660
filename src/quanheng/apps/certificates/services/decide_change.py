"""How a change of a certificate is decided: lock, check the second person, write the next version, log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, RowKind, act_on_row
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.content import digest
from quanheng.apps.certificates.enums import CertificateState, Decision, VersionKind
from quanheng.apps.certificates.models import Certificate, CertificateChange, CertificateVersion
from quanheng.apps.certificates.services.binding import binding
from quanheng.apps.certificates.services.sign_versions import ask_for_signatures
from quanheng.apps.instruments.services.correct_nameplate import correct_nameplate
from quanheng.apps.instruments.services.question_certificate import settle_certificate
from quanheng.kit.acts import Verb

CERTIFICATES = RowKind(
    model=Certificate,
    missing=refusals.CERTIFICATE_NOT_FOUND,
    filed=lambda certificate: {
        "area_id": certificate.area_id, "root_id": certificate.root_id,
        "instrument_id": certificate.instrument_id, "subject": certificate.number,
    },
)  # fmt: skip


@dataclass(slots=True)
class Deciding:
    """A change while it is being decided; both rows are locked.

    Args:
        version: what the decision wrote; the act binds it to the public log.
    """

    change: CertificateChange
    certificate: Certificate
    version: CertificateVersion | None = None


@contextmanager
def decide(
    verb: Verb, change_id: int, kind: VersionKind | None, *, by: Actor, at: datetime, reason: str = ""
) -> Iterator[Deciding]:
    """Decide a waiting change.

    Args:
        kind: what the change must be of; None for any (a refusal).

    Raises:
        RuleBroken: change_not_found, already_decided, same_person, certificate_not_valid.
        NotYours: not an approver of the institute that issued it.
    """
    with transaction.atomic():
        change = locked_change(change_id, by, kind)
        told = reason or change.reason
        with act_on_certificate(verb, change.certificate_id, by=by, at=at, reason=told) as act:
            if change.asked_by_id == by.user_id:
                raise refusals.SAME_PERSON()
            change.decision = Decision.REFUSED if kind is None else Decision.APPROVED
            change.decided_by_id, change.decided_at, change.decision_reason = by.user_id, at, reason[:300]
            deciding = Deciding(change, act.row)
            yield deciding
            change.save()
            act.facts |= {"state": act.row.state, "change": change.pk, "kind": change.kind}
            act.facts |= binding(deciding.version) if deciding.version else {}


@contextmanager
def act_on_certificate(
    verb: Verb, certificate_id: int, *, by: Actor, at: datetime, reason: str
) -> Iterator[RowAct[Certificate]]:
    """Run one act on a certificate that is valid.

    Raises:
        RuleBroken: certificate_not_found, certificate_not_valid.
        NotYours: not of the institute that issued it.
    """
    with act_on_row(CERTIFICATES, verb, certificate_id, by=by, at=at, reason=reason) as act:
        if act.row.state != CertificateState.VALID:
            raise refusals.CERTIFICATE_NOT_VALID(state=CertificateState(act.row.state))
        yield act


def latest_version(certificate: Certificate) -> CertificateVersion:
    """Return the version that holds now."""
    return CertificateVersion.objects.unscoped().filter(certificate=certificate).latest("version")


def next_version(deciding: Deciding, content: Mapping[str, Any], at: datetime) -> CertificateVersion:
    """Write the next version; what it is and why stands in the content, and so under the signatures."""
    change, certificate = deciding.change, deciding.certificate
    number = latest_version(certificate).version + 1
    said = {
        **content,
        "change": {
            "version": number, "kind": str(change.kind), "reason": change.reason,
            "on": timezone.localdate(at).isoformat(),
        },
    }  # fmt: skip
    version = CertificateVersion.objects.unscoped().create(
        certificate=certificate, version=number, kind=change.kind, root_id=certificate.root_id,
        area_id=certificate.area_id, content=said, digest=digest(said), reason=change.reason,
        made_by_id=change.asked_by_id, approved_by_id=change.decided_by_id or 0, at=at,
    )  # fmt: skip
    ask_for_signatures([version], at)
    deciding.version = version
    return version


def corrected(content: Mapping[str, Any], corrections: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the content with the corrections in it."""
    parts = {part: {**content[part], **fields} for part, fields in corrections.items()}
    return {name: value for name, value in {**content, **parts}.items() if name != "change"}


def correct_the_ledger(deciding: Deciding, said: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Carry corrections of the instrument into the ledger.

    Args:
        said: the content of the certificate before the correction.

    Raises:
        RuleBroken: what `correct_nameplate` raises.
    """
    change, certificate = deciding.change, deciding.certificate
    if fields := change.content.get("instrument"):
        correct_nameplate(
            instrument_id=certificate.instrument_id, certificate_number=certificate.number,
            said=said["instrument"], corrected=fields, reason=change.reason, by=by, at=at,
        )  # fmt: skip


def it_stays(verb: Verb, change: CertificateChange, *, reason: str, by: Actor, at: datetime) -> None:
    """Have the ledger no longer doubt a certificate whose revocation was refused or taken back."""
    if change.kind == VersionKind.REVOKED:
        settle_certificate(
            verb, instrument_id=change.certificate.instrument_id,
            certificate_number=change.certificate.number, reason=reason, by=by, at=at,
        )  # fmt: skip


def locked_change(change_id: int, by: Actor, kind: VersionKind | None = None) -> CertificateChange:
    """Return a change that waits, locked until the end of the transaction.

    Raises:
        RuleBroken: change_not_found, already_decided.
    """
    rows = CertificateChange.objects.visible_to(by).select_for_update(of=("self",))
    change = rows.filter(pk=change_id).first()
    if change is None or (kind is not None and change.kind != kind):
        raise refusals.CHANGE_NOT_FOUND()
    if change.decision != Decision.WAITING:
        raise refusals.ALREADY_DECIDED()
    return change
