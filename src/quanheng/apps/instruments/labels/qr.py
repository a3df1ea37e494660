"""QR codes: the address split into its dense parts, at the highest correction that print still resolves."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Any

import segno
from segno.consts import MODE_ALPHANUMERIC, MODE_BYTE

SMALLEST_MODULE_MM = 0.33  # three dots and a bit of a 203 dpi thermal printer
# Signatures look like noise, so all eight masks do equally well; scoring them would take ten times as long.
MASK = 3
DARK_RUN = re.compile(rb"\x01+")
QUIET_ZONE = 4  # modules (ISO/IEC 18004)


def qr_code(address: str, side_mm: float) -> segno.QRCode:
    """Return the QR code for an address: level Q (25 %) where its modules stay large enough, else M (15 %).

    Everything after the last slash is Crockford's base 32 and a full stop: QR's alphanumeric mode holds it in
    5.5 bits a sign instead of 8.

    Args:
        side_mm: of the printed square, quiet zone included.
    """
    parts = _parts(address)
    level, version = _fitting(tuple(len(part) for part, _ in parts), side_mm)
    return _made(parts, error=level, version=version, mask=MASK, micro=False, boost_error=False)


@lru_cache(maxsize=256)
def _fitting(lengths: tuple[int, int], side_mm: float) -> tuple[str, int]:
    """Choose level and version once for all addresses of the same lengths: a sheet's are all alike."""
    for level in ("Q", "M"):
        sample = [("a" * lengths[0], MODE_BYTE), ("0" * lengths[1], MODE_ALPHANUMERIC)]
        code = _made(sample, error=level, mask=MASK, micro=False, boost_error=False)
        if level == "M" or side_mm / code.symbol_size()[0] >= SMALLEST_MODULE_MM:
            return level, int(code.version)
    raise AssertionError("unreachable")


def svg(code: segno.QRCode) -> bytes:
    """Return the code as SVG, one unit a module, quiet zone included: one path of runs of dark modules."""
    side, runs = len(code.matrix) + 2 * QUIET_ZONE, []
    for y, row in enumerate(code.matrix, QUIET_ZONE):
        for dark in DARK_RUN.finditer(bytes(row)):
            width = dark.end() - dark.start()
            runs.append(f"M{dark.start() + QUIET_ZONE} {y}h{width}v1h-{width}z")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{"".join(runs)}"/></svg>'
    ).encode()


def png(code: segno.QRCode, scale: int = 12) -> bytes:
    """Return the code as a black-and-white PNG, so many pixels a module."""
    out = io.BytesIO()
    code.save(out, kind="png", scale=scale, border=QUIET_ZONE)
    return out.getvalue()


def _parts(address: str) -> list[tuple[str, int]]:
    start, slash, dense = address.rpartition("/")
    return [(start + slash, MODE_BYTE), (dense, MODE_ALPHANUMERIC)]


def _made(parts: list[tuple[str, int]], **how: Any) -> segno.QRCode:
    """segno takes a list of parts with their modes, though its types do not say so."""
    make: Any = segno.make
    made: segno.QRCode = make(parts, **how)
    return made
