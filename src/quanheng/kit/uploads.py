"""Tables that people hand in: kept in the data folder under their hash, not under the name they came with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from quanheng.kit import refusals
from quanheng.kit.durable_files import open_private, private_folder
from quanheng.kit.free_space import refuse_when_low
from quanheng.kit.sheets.limits import SheetRefused

LARGEST = 500 * 1024 * 1024  # a million rows of a ledger as csv are about 220 MB
KINDS = frozenset({".xlsx", ".xls", ".csv", ".txt"})


def uploads_dir() -> Path:
    """Return the folder of uploaded files, made when it is missing."""
    return private_folder(Path(settings.DATA_DIR) / "uploads")


def uploaded(name: str) -> Path:
    """Return where an uploaded file lies.

    Raises:
        SheetRefused: file_gone.
    """
    path = uploads_dir() / name
    if not path.is_file():
        raise SheetRefused("file_gone", _("原文件已过保存期限，已被删除。如需重新核对，请再上传一次。"))
    return path


def keep_upload(name: str, chunks: Iterable[bytes]) -> tuple[Path, str]:
    """Write an uploaded table under a name of our own (its hash); the same file is kept once.

    Returns:
        where it lies, and its SHA-256.

    Raises:
        RuleBroken: wrong_kind_of_file, file_too_large, empty_file, disk_low.
    """
    kind = Path(name).suffix.lower()
    if kind not in KINDS:
        raise refusals.WRONG_KIND_OF_FILE(kind=kind)
    refuse_when_low(upload=True)
    digest, size = hashlib.sha256(), 0
    folder = uploads_dir()
    waiting = folder / f".incoming-{id(chunks):x}"
    try:
        with open_private(waiting) as out:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise refusals.FILE_TOO_LARGE(most=LARGEST // 2**20)
                digest.update(chunk)
                out.write(chunk)
        if size == 0:
            raise refusals.EMPTY_FILE()
        path = folder / f"{digest.hexdigest()}{kind}"
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    return path, digest.hexdigest()
