"""电子签名: a job signs what was issued, after the commit of the act; once by each algorithm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from quanheng.apps.certificates.content import canonical, digest
from quanheng.apps.certificates.models import CertificateSignature, CertificateVersion
from quanheng.apps.outbox.services import delivered, post_many, waiting
from quanheng.kit import queue
from quanheng.kit.scope import EVERYTHING, acting_in

TOPIC = "certificate.sign"


class Signed(Protocol):
    """A signature and the key that made it."""

    @property
    def algorithm(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def signature(self) -> bytes: ...


Sign = Callable[[bytes, date], Sequence[Signed]]


class Altered(Exception):
    """The content of a version does not fit its digest: the row was changed behind the platform's back."""


def sign_versions(sign: Sign, *, at: datetime, at_most: int = 200) -> int:
    """Sign the versions that wait, in one transaction; return how many there were.

    Two workers at once take different ones. A version that was signed before is left as it is.

    Args:
        sign: signs bytes on a day (`adapters.signer.documents.DocumentSigner.sign`).

    Raises:
        Altered: nothing is signed; somebody has to look.
    """
    with acting_in(EVERYTHING), transaction.atomic():
        messages = waiting(TOPIC, at=at, at_most=at_most)
        wanted = [message.payload["version"] for message in messages]
        versions = CertificateVersion.objects.unscoped().filter(pk__in=wanted, signatures=None)
        made = [row for version in versions for row in _signatures(version, sign, at)]
        CertificateSignature.objects.unscoped().bulk_create(made, ignore_conflicts=True)
        delivered(messages, at=at)
    return len(messages)


def _signatures(version: CertificateVersion, sign: Sign, at: datetime) -> list[CertificateSignature]:
    if digest(version.content) != version.digest:
        raise Altered(f"version {version.pk} of certificate {version.certificate_id}")
    return [
        CertificateSignature(
            version=version, algorithm=one.algorithm, key_id=one.key_id, signature=one.signature, at=at
        )
        for one in sign(canonical(version.content), timezone.localdate(at))
    ]


def ask_for_signatures(versions: Sequence[CertificateVersion], at: datetime) -> None:
    """Have a job sign versions when the act is committed."""
    if versions:
        post_many(TOPIC, [{"version": version.pk} for version in versions], at=at)
        queue.defer("certificates.sign", once="certificates.sign")
