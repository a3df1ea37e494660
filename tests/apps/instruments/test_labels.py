"""Labels: the grid fills the sheet, the code decodes where it was put, the text stays on its label."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageOps
from pypdf import PdfReader

from quanheng.adapters.signer import KeyRing
from quanheng.apps.instruments.labels import press
from quanheng.apps.instruments.labels.layouts import LAYOUTS, Box, Layout, Offset
from quanheng.apps.instruments.labels.picture import picture_of
from quanheng.apps.instruments.labels.qr import QUIET_ZONE, png, qr_code, svg
from quanheng.apps.instruments.labels.sheets import WHAT_FOR, Label, sheet_pdf, wrapped
from quanheng.regulation.instrument_code import code_from_random, grouped

MM = 72 / 25.4
PRINTABLE_FROM = 5.0  # millimetres; office printers leave so much of the edge of a sheet white
every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.slug)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path, "https://jiliang.scjgj.sc.example.cn")


def labels(ring: KeyRing, count: int) -> list[Label]:
    made = []
    for number in range(count):
        code = code_from_random(number.to_bytes(2, "big") * 7)
        address = ring.address(code, serial_number="SN1", on=date(2026, 11, 23))
        made.append(
            Label(
                code,
                address,
                "电子计价秤",
                "ACS-30",
                "SN20260001",
                "武侯区簇桥街道鸿运农贸市场 一楼水产区 F-005",
            )
        )
    return made


def found_on(pdf: bytes, page: int, dpi: int = 300) -> dict[str, Box]:
    """Return every decoded text with its box in millimetres, as an independent reader sees the page."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72).to_pil()
    found = {}
    for code in zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    ):
        corners = [code.position.top_left, code.position.bottom_right]
        (left, top), (right, bottom) = ((point.x * 25.4 / dpi, point.y * 25.4 / dpi) for point in corners)
        found[code.text] = Box(left, top, right - left, bottom - top)
    return found


def inside(inner: Box, outer: Box) -> bool:
    return (
        inner.left >= outer.left and inner.top >= outer.top
        and inner.right <= outer.right and inner.bottom <= outer.bottom
    )  # fmt: skip


@every_layout
def test_grid_lies_on_the_sheet_without_overlap_and_leaves_equal_margins(layout: Layout) -> None:
    boxes = list(layout.boxes())
    assert len(boxes) == layout.per_page
    page = Box(0, 0, layout.page_width + 1e-6, layout.page_height + 1e-6)
    assert all(inside(box, page) for box in boxes)
    for one, other in combinations(boxes, 2):
        apart_x = one.right <= other.left + 1e-6 or other.right <= one.left + 1e-6
        assert apart_x or one.bottom <= other.top + 1e-6 or other.bottom <= one.top + 1e-6
    assert boxes[0].left == pytest.approx(layout.page_width - boxes[-1].right, abs=0.11)
    assert boxes[0].top == pytest.approx(layout.page_height - boxes[-1].bottom, abs=0.11)


@every_layout
def test_every_code_of_a_full_sheet_decodes_where_it_was_put(layout: Layout, ring: KeyRing) -> None:
    printed = labels(ring, layout.per_page)
    pdf = sheet_pdf(printed, layout)
    found = found_on(pdf, 0)
    assert found.keys() == {label.address for label in printed}
    for label, box in zip(printed, layout.boxes(), strict=True):
        assert inside(found[label.address], box)
        assert found[label.address].width >= 20  # millimetres, without the quiet zone


@every_layout
def test_page_is_the_paper_and_its_font_is_embedded(layout: Layout, ring: KeyRing) -> None:
    pages = PdfReader(io.BytesIO(sheet_pdf(labels(ring, layout.per_page + 1), layout))).pages
    assert len(pages) == 2
    for page in pages:
        assert float(page.mediabox.width) == pytest.approx(layout.page_width * MM, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(layout.page_height * MM, abs=0.1)
    resources: Any = pages[0]["/Resources"]
    fonts = resources["/Font"]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert any("NotoSansSC" in name for name in names)
    assert all("+" in name for name in names)  # a subset, embedded


@every_layout
def test_text_stays_on_its_label_and_carries_the_code(layout: Layout, ring: KeyRing) -> None:
    (label,) = labels(ring, 1)
    page = pypdfium2.PdfDocument(sheet_pdf([label], layout))[0]
    text = page.get_textpage()
    said = "".join(text.get_text_bounded().split()).replace("\ufffe", "-")
    assert grouped(label.code).replace("-", "") in said.replace("-", "")
    assert "电子计价秤" in said
    box = next(layout.boxes())
    for number in range(text.count_chars()):
        left, bottom, right, top = (value / MM for value in text.get_charbox(number))
        drawn = Box(left, layout.page_height - top, right - left, top - bottom)
        assert drawn.width <= 0 or inside(drawn, Box(box.left, box.top, box.width + 0.01, box.height + 0.01))


@every_layout
def test_nothing_dark_lies_where_an_office_printer_prints_nothing(layout: Layout, ring: KeyRing) -> None:
    if layout.per_page == 1:
        pytest.skip("a thermal printer prints to the edge")
    picture = pypdfium2.PdfDocument(sheet_pdf(labels(ring, layout.per_page), layout))[0].render(scale=4)
    dark = ImageOps.invert(picture.to_pil().convert("L")).getbbox()
    assert dark is not None
    left, top, right, bottom = (edge / 4 / MM for edge in dark)
    edge = PRINTABLE_FROM - 0.1
    assert min(left, top, layout.page_width - right, layout.page_height - bottom) >= edge


@every_layout
def test_no_word_lies_in_the_white_rim_of_the_code(layout: Layout, ring: KeyRing) -> None:
    (label,) = labels(ring, 1)
    pdf = sheet_pdf([label], layout)
    code = found_on(pdf, 0)[label.address]
    rim = layout.quiet() - 0.3
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    for number in range(text.count_chars()):
        left, _bottom, right, top = (value / MM for value in text.get_charbox(number))
        if right > left:
            beside = left >= code.right + rim
            below = layout.page_height - top >= code.bottom + rim
            assert beside or below, text.get_text_range(number, 1)


def test_every_label_says_what_its_code_is_for(ring: KeyRing) -> None:
    full, blank = labels(ring, 1)[0], Label("Q1" + "0" * 22, "https://a.cn/s/Q1")
    for label in (full, blank):
        page = pypdfium2.PdfDocument(sheet_pdf([label], LAYOUTS["a4-3x8"]))[0]
        assert WHAT_FOR in page.get_textpage().get_text_bounded()


def test_offset_moves_every_code_and_skip_leaves_used_places_free(ring: KeyRing) -> None:
    layout = LAYOUTS["a4-3x8"]
    (label,) = labels(ring, 1)
    plain = found_on(sheet_pdf([label], layout), 0)[label.address]
    moved = found_on(sheet_pdf([label], layout, offset=Offset(2, 3), skip=4), 0)[label.address]
    assert moved.left - plain.left == pytest.approx(70 + 2, abs=0.2)
    assert moved.top - plain.top == pytest.approx(37 + 3, abs=0.2)
    with pytest.raises(ValueError, match="at most 10"):
        Offset(11, 0)


def test_code_decodes_at_203_dpi_of_a_thermal_printer(ring: KeyRing) -> None:
    (label,) = labels(ring, 1)
    for slug in ("roll-50x30", "roll-60x40", "roll-40x40"):
        assert label.address in found_on(sheet_pdf([label], LAYOUTS[slug]), 0, dpi=203)


def test_png_and_svg_of_one_code_say_the_same(ring: KeyRing) -> None:
    (label,) = labels(ring, 1)
    code = qr_code(label.address, 40)
    (decoded,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png(code))))
    assert decoded.text == label.address
    side = len(code.matrix) + 2 * QUIET_ZONE
    assert f'viewBox="0 0 {side} {side}"' in svg(code).decode()
    assert svg(code).count(b"M") == sum(
        (not before) and bool(after) for row in code.matrix for before, after in pairwise([0, *row])
    )


def test_many_labels_become_several_files_one_child_each(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "LABELS_IN_A_FILE", 2)
    out = io.BytesIO()
    told: list[int] = []
    assert press.print_sheets(iter(labels(ring, 3)), LAYOUTS["roll-50x30"], out, told=told.append) == 3
    assert told == [2, 3]
    with zipfile.ZipFile(out) as archive:
        pages = [len(PdfReader(io.BytesIO(archive.read(name))).pages) for name in archive.namelist()]
        assert archive.namelist() == ["labels-0000001-0000002.pdf", "labels-0000003-0000003.pdf"]
    assert pages == [2, 1]


@every_layout
@pytest.mark.parametrize("number", ["8939010102358478435", "SN-2026/" + "0123456789" * 4])
def test_a_serial_number_is_never_cut(layout: Layout, ring: KeyRing, number: str) -> None:
    (label,) = labels(ring, 1)
    long = replace(label, serial_number=number, place="A001 " + "很长的农贸市场名称" * 4)
    text = pypdfium2.PdfDocument(sheet_pdf([long], layout))[0].get_textpage()
    said = "".join(text.get_text_bounded().split()).replace("\ufffe", "-")
    assert number in said
    assert "A001" in said  # where it stands comes before whose it is
    box = next(layout.boxes())
    for index in range(text.count_chars()):
        left, bottom, right, top = (value / MM for value in text.get_charbox(index))
        drawn = Box(left, layout.page_height - top, right - left, top - bottom)
        assert drawn.width <= 0 or inside(drawn, Box(box.left, box.top, box.width + 0.01, box.height + 0.01))


def test_long_names_are_broken_and_end_in_an_ellipsis() -> None:
    assert wrapped("农贸市场", 10, 1) == ["农贸市场"]
    assert wrapped("一二三四五六", 3, 2) == ["一二三", "四五六"]
    assert wrapped("一二三四五六七", 3, 2) == ["一二三", "四五…"]


@every_layout
def test_picture_shows_every_place(layout: Layout) -> None:
    drawn = picture_of(layout, Offset(1, 1), skip=0).decode()
    assert drawn.count("stroke-dasharray") == layout.per_page
