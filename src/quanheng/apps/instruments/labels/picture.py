"""A picture of a sheet, quick to draw: where the labels lie and where the printer would put code and text."""

from __future__ import annotations

from quanheng.apps.instruments.labels.layouts import Arrangement, Box, Layout, Offset

PAPER = 'fill="#fff"'
CUT = 'fill="#fffefb" stroke="#857f72" stroke-width=".3" stroke-dasharray="1 .7"'
CODE = 'fill="#1e2326"'
LINE = 'fill="#857f72"'


def picture_of(layout: Layout, offset: Offset, skip: int) -> bytes:
    """Return an SVG picture of the first sheet: edges of the labels, where code and text fall."""
    boxes = list(layout.boxes())
    faces = "".join(
        f'<rect x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}" rx="1" {CUT}/>'
        + (_face(layout, box, offset) if number >= skip else "")
        for number, box in enumerate(boxes)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.page_width} {layout.page_height}">'
        f'<rect width="{layout.page_width}" height="{layout.page_height}" {PAPER}/>{faces}</svg>'
    ).encode()


def _face(layout: Layout, box: Box, offset: Offset) -> str:
    """One label's code as a square of its true size, its text as bars."""
    quiet = layout.quiet()
    left, top = box.left + offset.right, box.top + offset.down
    side = layout.qr - 2 * quiet
    line = layout.text_size * 0.35
    if layout.arrangement == Arrangement.BELOW:
        x = left + (box.width - layout.qr) / 2
        text_x, text_y = left + 2, top + layout.qr
        square = (x + quiet, top + quiet)
    else:
        square = (left + layout.inset + quiet, top + (box.height - layout.qr) / 2 + quiet)
        text_x, text_y = left + layout.inset + layout.qr + 0.5, top + box.height / 2 - line * 4
    bars = "".join(
        f'<rect x="{text_x:.2f}" y="{text_y + row * line * 1.7:.2f}" height="{line:.2f}"'
        f' width="{layout.text_width() * part:.2f}" {LINE}/>'
        for row, part in enumerate((0.7, 0.5, 0.95, 0.9))
    )
    return (
        f'<rect x="{square[0]:.2f}" y="{square[1]:.2f}" width="{side:.2f}" height="{side:.2f}" {CODE}/>{bars}'
    )
