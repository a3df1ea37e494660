"""The papers that labels are printed on, in millimetres. Every grid fills its sheet exactly (tested)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

OFFSET_AT_MOST = 10.0


class Arrangement(StrEnum):
    """Where the text stands."""

    BESIDE = "beside"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet (or one label of a roll) and the grid of labels on it.

    Args:
        slug: how addresses and the command line call it.
        name: how the shop calls it (Chinese msgid).
        qr: side of the QR code's square, its quiet zone included; the zone may reach the edge of the label.
        text_size: in points.
        inset: by how much code and text keep off the sides of a label that touches the edge of the sheet.
    """

    slug: str
    name: str
    page_width: float
    page_height: float
    columns: int
    rows: int
    label_width: float
    label_height: float
    qr: float
    text_size: float
    left: float = 0.0
    top: float = 0.0
    gap_x: float = 0.0
    gap_y: float = 0.0
    inset: float = 0.0
    arrangement: Arrangement = Arrangement.BESIDE

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

    def boxes(self) -> Iterator[Box]:
        """Yield where each label of a page lies, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield Box(
                    self.left + column * (self.label_width + self.gap_x),
                    self.top + row * (self.label_height + self.gap_y),
                    self.label_width,
                    self.label_height,
                )

    def text_width(self) -> float:
        """Return the room for a line of text."""
        if self.arrangement == Arrangement.BELOW:
            return self.label_width - 4
        return self.label_width - 2 * self.inset - self.qr - 2.5

    def quiet(self) -> float:
        """Return the width of the white rim of the code, as printed (4 of some 65 modules)."""
        return self.qr * 4 / 65


A4_WIDTH, A4_HEIGHT = 210.0, 297.0

LAYOUTS: dict[str, Layout] = {
    layout.slug: layout
    for layout in (
        Layout("a4-3x8", "A4 不干胶 3×8（70×37 mm）", page_width=A4_WIDTH, page_height=A4_HEIGHT,
               columns=3, rows=8, label_width=70, label_height=37,
               top=0.5, qr=28, text_size=7, inset=3.5),
        Layout("a4-2x7", "A4 不干胶 2×7（99.1×38.1 mm）", page_width=A4_WIDTH, page_height=A4_HEIGHT,
               columns=2, rows=7, label_width=99.1,
               label_height=38.1, left=4.65, top=15.15, gap_x=2.5, qr=35, text_size=8.5),
        Layout("a4-4x10", "A4 不干胶 4×10（48.5×25.4 mm）", page_width=A4_WIDTH, page_height=A4_HEIGHT,
               columns=4, rows=10, label_width=48.5,
               label_height=25.4, left=8, top=21.5, qr=24.4, text_size=5.2),
        Layout("roll-50x30", "热敏卷 50×30 mm", page_width=50, page_height=30, columns=1, rows=1,
               label_width=50, label_height=30, qr=27, text_size=5.2),
        Layout("roll-60x40", "热敏卷 60×40 mm", page_width=60, page_height=40, columns=1, rows=1,
               label_width=60, label_height=40, qr=33, text_size=6.2),
        Layout("roll-40x40", "方形卷 40×40 mm", page_width=40, page_height=40, columns=1, rows=1,
               label_width=40, label_height=40, qr=24, text_size=5.5, arrangement=Arrangement.BELOW),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offset:
    """How far this printer prints beside the mark: the grid moves right and down by so many millimetres."""

    right: float = 0.0
    down: float = 0.0

    def __post_init__(self) -> None:
        if max(abs(self.right), abs(self.down)) > OFFSET_AT_MOST:
            raise ValueError(f"an offset is at most {OFFSET_AT_MOST:g} mm")
