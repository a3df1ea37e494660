"""Labels on paper: PDF pages made by typst. Whoever prints many goes through press.py."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from quanheng.apps.instruments.labels.layouts import Arrangement, Layout, Offset
from quanheng.apps.instruments.labels.qr import qr_code, svg
from quanheng.regulation.instrument_code import grouped

TEMPLATE = Path(__file__).parent / "sheet.typ"
FONTS = pylopdf_fonts_zh_cn.sans_path().parent
WHAT_FOR = "扫码查询检定信息"  # so that a shopper knows what the code is there for
MM_PER_POINT = 25.4 / 72
MONO_WIDTH = 0.602  # of DejaVu Sans Mono, in em


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label. A blank one has only code and address.

    Args:
        code: the stored form.
        address: the signed address that the QR code holds.
        place: market or company and stall, as the public may read it.
    """

    code: str
    address: str
    name: str = ""
    model: str = ""
    serial_number: str = ""
    place: str = ""


def sheet_pdf(
    labels: Iterable[Label], layout: Layout, *, offset: Offset | None = None, skip: int = 0
) -> bytes:
    """Return one PDF of these labels; keep it to a few thousand.

    Args:
        skip: places of the first sheet that were used up before.
    """
    pages = [
        [_placed(label, box, layout) for label, box in page] for page in _pages(labels, layout, offset, skip)
    ]
    facts = asdict(layout) | {
        "text_width": layout.text_width(),
        "below": layout.arrangement == Arrangement.BELOW,
    }
    sheet = json.dumps({"title": layout.name, "layout": facts, "pages": pages})
    return typst.compile(
        TEMPLATE, format="pdf", font_paths=[FONTS], ignore_system_fonts=True, pdf_tags=False,
        sys_inputs={"sheet": sheet},
    )  # fmt: skip


def _pages(
    labels: Iterable[Label], layout: Layout, offset: Offset | None, skip: int
) -> Iterator[list[tuple[Label, tuple[float, float]]]]:
    moved = offset or Offset()
    corners = [(box.left + moved.right, box.top + moved.down) for box in layout.boxes()]
    source, free = iter(labels), corners[skip % layout.per_page :]
    while page := list(zip(islice(source, len(free)), free, strict=False)):
        yield page
        free = corners


def _placed(
    label: Label, corner: tuple[float, float], layout: Layout
) -> tuple[tuple[float, float], dict[str, Any]]:
    code = _code_lines(label.code, layout)
    longest = max(len(line) for line in code) * MONO_WIDTH * MM_PER_POINT
    return corner, {
        "picture": svg(qr_code(label.address, layout.qr)).decode(),
        "lines": _text_lines(label, layout),
        "code": code,
        "code_size": min(layout.text_size * 1.15, 0.98 * layout.text_width() / longest),
    }


def _code_lines(code: str, layout: Layout) -> list[str]:
    groups = grouped(code).split("-")
    if layout.arrangement == Arrangement.BELOW:
        return ["-".join(groups)]
    half = len(groups) // 2
    return ["-".join(groups[:half]), "-".join(groups[half:])]


def _text_lines(label: Label, layout: Layout) -> list[dict[str, Any]]:
    room = layout.text_width() / (layout.text_size * MM_PER_POINT)
    below = layout.arrangement == Arrangement.BELOW
    number, size = _whole(f"编号 {label.serial_number}" if label.serial_number else "", room)
    parts = [
        (wrapped(f"{label.name} {label.model}".strip() or "计量器具标签", room, 1), 1.0),
        (number, size),
        (wrapped(label.place, room, 1 if below or len(number) > 1 else 2), 1.0),
        ([WHAT_FOR], min(1.0, room / sum(map(_em, WHAT_FOR)))),
    ]
    return [
        {"text": line, "size": layout.text_size * scale} for lines, scale in parts for line in lines if line
    ]


def _whole(text: str, room: float) -> tuple[list[str], float]:
    """Break a text that may not be cut into one line or two; returns them and by what they are smaller."""
    width = sum(map(_em, text))
    if width <= room:
        return [text], 1.0
    scale = 1.0
    while len(lines := wrapped(text, room / scale, 3)) > 2:
        scale *= 0.95
    return lines, scale


def wrapped(text: str, room: float, most: int) -> list[str]:
    """Break a text into at most so many lines of so many em; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    line, used = "", 0.0
    for sign in text:
        width = _em(sign)
        if used + width > room:
            if len(lines) == most - 1:
                return [*lines, line[:-1] + "…"]
            lines.append(line)
            line, used = "", 0.0
        line += sign
        used += width
    return [*lines, line]


def _em(sign: str) -> float:
    """Width of a sign in Noto Sans SC, rounded up."""
    return 1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.68
