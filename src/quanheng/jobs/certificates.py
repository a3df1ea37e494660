"""Signing certificates after the act that issued them has been committed."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.adapters.signer.documents import DocumentSigner
from quanheng.apps.certificates.services.sign_versions import sign_versions


@app.task(name="quanheng.jobs.certificates.sign", queueing_lock="certificates.sign")
def sign() -> None:
    """Sign whatever waits."""
    signer = DocumentSigner(settings.DATA_DIR / "keys" / "documents")
    while sign_versions(signer.sign, at=timezone.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.certificates.pick_up", queueing_lock="certificates.pick_up")
def pick_up(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, sign what a killed worker left."""
    sign()
