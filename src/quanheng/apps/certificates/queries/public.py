"""What anybody may read of a certificate who holds its number and its code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from quanheng.apps.certificates.content import digest, is_published
from quanheng.apps.certificates.enums import CertificateState, DocumentKind, VersionKind
from quanheng.apps.certificates.models import Certificate, CertificateSignature, CertificateVersion
from quanheng.apps.instruments.queries.ledger import verification_disputed, verification_ended
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.certificate_numbers import certificate_key

CODE_SYMBOLS = frozenset("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class PublicSignature:
    """One signature of a version."""

    algorithm: str
    key_id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """One version.

    Args:
        intact: the content still has the digest that was written down with it.
    """

    number: int
    kind: VersionKind
    reason: str
    at: datetime
    content: Mapping[str, Any]
    digest: str
    intact: bool
    signatures: Sequence[PublicSignature]

    @property
    def is_published(self) -> bool:
        """Say whether the signed bytes name nobody in full."""
        return is_published(self.content)


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """A certificate, oldest version first.

    Args:
        successor: number and code of the certificate that replaced this one; None where none did.
        ended_on: when the verification behind it ceased to count, though nobody revoked the certificate.
        disputed_on: since when its institute considers to revoke it; None otherwise.
        instrument_code: opens the scan page of the instrument; empty where it has none.
    """

    number: str
    code: str
    kind: DocumentKind
    state: CertificateState
    root_id: int
    versions: Sequence[PublicVersion]
    successor: tuple[str, str] | None
    instrument_code: str
    ended_on: date | None = None
    disputed_on: date | None = None

    @property
    def latest(self) -> PublicVersion:
        return self.versions[-1]


def read_code(typed: str) -> str:
    """Return a public code as it is stored, empty when it cannot be one."""
    code = "".join(sign for sign in typed.upper() if sign not in " -")
    return code if len(code) == CODE_LENGTH and CODE_SYMBOLS.issuperset(code) else ""


def public_certificate(number: str, code: str) -> PublicCertificate | None:
    """Return a certificate by number and code together; None for any other pair, whichever half is wrong."""
    known = read_code(code)
    if not known:
        return None
    with acting_in(EVERYTHING, read_only=True):
        rows = Certificate.objects.unscoped().select_related("instrument", "replaced_by")
        row = rows.filter(public_code=known).first()
        if row is None or not _is_number_of(row, number):
            return None
        return _public(row)


def _is_number_of(certificate: Certificate, typed: str) -> bool:
    try:
        return certificate.number_key == certificate_key(str(certificate.institute_id), typed)
    except CaseFault:
        return False


def _public(row: Certificate) -> PublicCertificate:
    versions = CertificateVersion.objects.unscoped().filter(certificate=row).order_by("version")
    signed: dict[int, list[PublicSignature]] = defaultdict(list)
    for one in CertificateSignature.objects.unscoped().filter(version__certificate=row).order_by("id"):
        signed[one.version_id].append(PublicSignature(one.algorithm, one.key_id, bytes(one.signature)))
    next_one = row.replaced_by
    return PublicCertificate(
        row.number, row.public_code, DocumentKind(row.kind), CertificateState(row.state), row.root_id,
        [_version(version, signed[version.pk]) for version in versions],
        (next_one.number, next_one.public_code) if next_one else None, row.instrument.code or "",
        verification_ended(row.instrument_id, row.number),
        verification_disputed(row.instrument_id, row.number),
    )  # fmt: skip


def _version(row: CertificateVersion, signatures: list[PublicSignature]) -> PublicVersion:
    return PublicVersion(
        row.version, VersionKind(row.kind), row.reason, row.at, row.content, row.digest,
        digest(row.content) == row.digest, signatures,
    )  # fmt: skip
