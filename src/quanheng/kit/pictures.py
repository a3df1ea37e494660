"""Pictures from strangers: decoded in a limited process and written anew, never as they came.

The header is read first: a picture of more pixels than stated is refused before anything is decoded. A JPEG
is decoded at the size that is kept, whatever it unfolds to; of the other formats all pixels pass through
memory.
"""

from __future__ import annotations

import io
import json
import warnings

from PIL import Image, ImageOps

from quanheng.kit import refusals
from quanheng.kit.apart.asking import APART, Limits, Turns
from quanheng.kit.refusal import Refusal, RuleBroken

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = {
    "JPEG": 50_000_000,
    "PNG": 20_000_000,
    "WEBP": 20_000_000,
}  # a 50-megapixel phone; a screenshot
LONGEST_SIDE = 1600
LIMITS = Limits(memory=1024**3, cpu=10, wall=20)  # virtual memory; the largest picture takes 400 MB of it
PHOTOS = Turns(abreast=1, waiting=1)
REFUSED = {one.code: one for one in (refusals.PHOTO_TOO_BIG, refusals.PHOTO_UNREADABLE)}


def re_encode(data: bytes) -> bytes:
    """Return a picture as a fresh JPEG: no EXIF, no place, no hidden parts, at most 1600 pixels wide or high.

    Raises:
        RuleBroken: photo_too_big, photo_unreadable; NotNow: busy.
    """
    if len(data) > MOST_BYTES:
        raise refusals.PHOTO_TOO_BIG()
    try:
        answer = APART.ask("quanheng.kit.pictures:re_encode_here", data, LIMITS, PHOTOS)
    except RuleBroken as refusal:
        too_heavy = refusal.refusal is refusals.TOO_HEAVY
        raise (refusals.PHOTO_UNREADABLE() if too_heavy else refusal) from None
    if answer.startswith(b"{"):
        raise REFUSED[json.loads(answer)["refused"]]()
    return answer


def re_encode_here(data: bytes) -> bytes:
    """Do the work of `re_encode` in this process; a refusal comes back as a line of JSON."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(MOST_PIXELS)) as picture:
                if picture.width * picture.height > MOST_PIXELS[str(picture.format)]:
                    return _refusal(refusals.PHOTO_TOO_BIG)
                return _fresh(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return _refusal(refusals.PHOTO_TOO_BIG)
    except (OSError, ValueError, SyntaxError):
        return _refusal(refusals.PHOTO_UNREADABLE)


def _fresh(picture: Image.Image) -> bytes:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    clean = Image.frombytes("RGB", upright.size, upright.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82)
    return out.getvalue()


def _refusal(refusal: Refusal) -> bytes:
    return json.dumps({"refused": refusal.code}).encode()


def prepare() -> None:
    """Load the decoders before the first child is forked."""
    Image.init()
