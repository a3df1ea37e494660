"""Pictures: what a shopper sends is decoded and written anew; what the register holds is shown."""

from __future__ import annotations

import io
import secrets
import warnings

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from quanheng.kit.durable_files import open_private, private_folder
from quanheng.kit.refusal import RuleBroken

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a 50-megapixel phone; a small file that unfolds to more is refused unread
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


def re_encode(data: bytes) -> bytes:
    """Return a picture as a fresh JPEG: no EXIF, no place, no hidden parts, at most 1600 pixels wide or high.

    Raises:
        RuleBroken: photo_too_big, photo_unreadable.
    """
    if len(data) > MOST_BYTES:
        raise RuleBroken("photo_too_big", "照片请不超过 8 MB。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise RuleBroken("photo_too_big", "照片尺寸太大，请换一张。")
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (
        OSError,
        ValueError,
        SyntaxError,
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
    ) as fault:
        raise RuleBroken("photo_unreadable", "照片读不出来，请换一张 JPEG 或 PNG 照片。") from fault
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.frombytes("RGB", upright.size, upright.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82)
    return out.getvalue()


def keep_report_photo(number: str, data: bytes) -> str:
    """Write a report's picture and return the name under which it is kept: a new one for each try."""
    folder = private_folder(settings.DATA_DIR / "photos" / "reports")
    name = f"{number}-{secrets.token_hex(4)}.jpg"
    part = folder / f".{name}.part"
    with open_private(part) as file:
        file.write(data)
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
