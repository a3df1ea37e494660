"""换发证书: a new number and a new code for what was damaged, lost or wrong; the old one points to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.content import digest
from quanheng.apps.certificates.enums import CertificateState, VersionKind
from quanheng.apps.certificates.models import Certificate, CertificateVersion
from quanheng.apps.certificates.services.binding import binding
from quanheng.apps.certificates.services.decide_change import (
    Deciding,
    correct_the_ledger,
    corrected,
    decide,
    latest_version,
    next_version,
)
from quanheng.apps.certificates.services.numbering import new_public_code, next_number
from quanheng.apps.certificates.services.sign_versions import ask_for_signatures
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.instruments.services.void_verification import renumber_verification
from quanheng.regulation.certificate_numbers import certificate_key


def replace_certificate(*, change_id: int, by: Actor, at: datetime) -> Certificate:
    """Confirm a replacement that another person asked for; return the new certificate.

    Raises:
        RuleBroken: as `decide_change.decide`.
        NotYours: not an approver of the institute that issued it.
    """
    with transaction.atomic():
        with decide(
            instruments_acts.CERTIFICATE_REPLACED, change_id, VersionKind.REPLACED, by=by, at=at
        ) as deciding:
            old = deciding.certificate
            said = latest_version(old).content
            new = _successor(old, at)
            old.state, old.replaced_by = CertificateState.REPLACED, new
            next_version(deciding, corrected(said, {}), at)
            first = _first_version(new, deciding, corrected(said, deciding.change.content), at)
            correct_the_ledger(deciding, said, by=by, at=at)
        record(
            acts.CERTIFICATE_ISSUED, by=by, at=at, area_id=new.area_id, root_id=new.root_id,
            instrument_id=new.instrument_id, subject=new.number, reason=deciding.change.reason,
            after={"state": new.state} | binding(first),
        )  # fmt: skip
        renumber_verification(
            instrument_id=old.instrument_id, old_number=old.number, new_number=new.number,
            reason=deciding.change.reason, by=by, at=at,
        )  # fmt: skip
    return new


def _successor(old: Certificate, at: datetime) -> Certificate:
    number = next_number(old.institute_id, timezone.localdate(at).year)
    return Certificate.objects.unscoped().create(
        institute_id=old.institute_id, number=number,
        number_key=certificate_key(str(old.institute_id), number), public_code=new_public_code(),
        kind=old.kind, instrument_id=old.instrument_id, root_id=old.root_id, area_id=old.area_id,
        issued_at=at,
    )  # fmt: skip


def _first_version(
    new: Certificate, deciding: Deciding, content: dict[str, Any], at: datetime
) -> CertificateVersion:
    said = content | {
        "number": new.number,
        "public_code": new.public_code,
        "replaces": deciding.certificate.number,
    }
    version = CertificateVersion.objects.unscoped().create(
        certificate=new, version=1, kind=VersionKind.ISSUED, root_id=new.root_id, area_id=new.area_id,
        content=said, digest=digest(said), made_by_id=deciding.change.asked_by_id,
        approved_by_id=deciding.change.decided_by_id or 0, at=at,
    )  # fmt: skip
    ask_for_signatures([version], at)
    return version
