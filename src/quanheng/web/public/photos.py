"""Pictures: what a shopper sends is kept as `kit.pictures` wrote it; what the register holds is shown."""

from __future__ import annotations

import secrets

from django.conf import settings

from quanheng.kit.durable_files import open_private, private_folder
from quanheng.kit.pictures import re_encode


def keep_report_photo(number: str, data: bytes) -> str:
    """Write a report's picture anew and return the name under which it is kept: a new one for each try.

    Raises:
        RuleBroken: photo_too_big, photo_unreadable; NotNow: busy.
    """
    picture = re_encode(data)
    folder = private_folder(settings.DATA_DIR / "photos" / "reports")
    name = f"{number}-{secrets.token_hex(4)}.jpg"
    part = folder / f".{name}.part"
    with open_private(part) as file:
        file.write(picture)
    part.replace(folder / name)
    return f"reports/{name}"


def forget_report_photo(name: str) -> None:
    """Delete a picture whose report was not taken in."""
    if name:
        (settings.DATA_DIR / "photos" / name).unlink(missing_ok=True)


def registered_photo(name: str) -> bytes | None:
    """Return the picture that the register names, None when the file is not there."""
    folder = (settings.DATA_DIR / "photos").resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        return None
    return path.read_bytes()
