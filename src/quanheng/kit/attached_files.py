"""Files that people attach: pictures written anew, PDF as it came; each under a name of ours, and its digest.

A picture loses its EXIF and with it the place where it was taken: where somebody was is what they say in
the act. A PDF is never opened here, and is only ever handed out to be saved. What no row names is deleted
in the night.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from quanheng.kit import refusals
from quanheng.kit.durable_files import open_private, private_folder, sync_folder
from quanheng.kit.free_space import refuse_when_low
from quanheng.kit.pictures import MOST_BYTES, re_encode

PHOTO, DOCUMENT = "photo", "document"
ENDINGS: Final = {PHOTO: ".jpg", DOCUMENT: ".pdf"}
CONTENT_TYPES: Final = {PHOTO: "image/jpeg", DOCUMENT: "application/pdf"}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was kept.

    Args:
        name: of the file in `folder()`.
        digest: SHA-256 of what is kept, hexadecimal.
        kind: `PHOTO` or `DOCUMENT`.
    """

    name: str
    digest: str
    kind: str


def folder() -> Path:
    """Return the folder of attached files, made when it is missing."""
    return private_folder(Path(settings.DATA_DIR) / "photos" / "attached")


def keep_photo(data: bytes) -> KeptFile:
    """Keep a picture as `kit.pictures` writes it.

    Raises:
        RuleBroken: photo_too_big, photo_unreadable, disk_low; NotNow: busy.
    """
    refuse_when_low(upload=True)
    return _keep(re_encode(data), PHOTO)


def keep_document(data: bytes) -> KeptFile:
    """Keep a PDF as it came.

    Raises:
        RuleBroken: document_too_big, document_not_pdf, disk_low.
    """
    refuse_when_low(upload=True)
    if len(data) > MOST_BYTES:
        raise refusals.DOCUMENT_TOO_BIG()
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        raise refusals.DOCUMENT_NOT_PDF()
    return _keep(data, DOCUMENT)


def read_kept(name: str) -> bytes | None:
    """Return what is kept under a name; None where it is gone."""
    path = folder() / name
    return path.read_bytes() if path.parent == folder() and path.is_file() else None


def digest_of(data: bytes) -> str:
    """Return the digest by which an act names a file."""
    return hashlib.sha256(data).hexdigest()


def _keep(data: bytes, kind: str) -> KeptFile:
    name = f"{secrets.token_hex(16)}{ENDINGS[kind]}"
    part = folder() / f".{name}.part"
    with open_private(part) as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())  # the act that names it survives a power cut: so does the file
    part.replace(folder() / name)
    sync_folder(folder())
    return KeptFile(name, digest_of(data), kind)
