"""What binds a version to the public log: the act that made it carries its digest."""

from __future__ import annotations

from typing import Any

from quanheng.apps.certificates.models import CertificateVersion


def binding(version: CertificateVersion) -> dict[str, Any]:
    """Return what the act that made a version says of it."""
    return {
        "certificate_id": version.certificate_id,
        "version": version.version,
        "digest": version.digest,
    }
