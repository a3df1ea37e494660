"""A corpus of files that mean harm or are merely broken, each with the refusals that it may get."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlwt

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(rows: str, *, before: str = "", sheets: int = 1, more: dict[str, bytes] | None = None) -> bytes:
    """Return a minimal xlsx whose sheets hold `rows` (XML inside sheetData)."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r0" Type="{OFFICE}/officeDocument" '
        f'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, sheets + 1)
        )
        + "</Relationships>",
    }
    for number in range(1, sheets + 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}">'
            f"<sheetData>{rows}</sheetData></worksheet>"
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            container.writestr(name, text)
        for name, content in (more or {}).items():
            container.writestr(name, content)
    return out.getvalue()


def cell(place: str, text: str) -> str:
    """Return one row with one inline text."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def old_workbook() -> bytes:
    """Return an honest .xls."""
    book = xlwt.Workbook()
    book.add_sheet("台账").write(0, 0, "出厂编号")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HONEST = workbook(cell("A1", "出厂编号"))
SECRET = "/etc/hostname"
DOCTYPE = f'<!DOCTYPE x [<!ENTITY leak SYSTEM "file://{SECRET}">]>'
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(
        f"<!ENTITY a{n} '{'&a' + str(n - 1) + ';'}{('&a' + str(n - 1) + ';') * 9}'>" for n in range(1, 12)
    )
    + "]>"
)

CORPUS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "nothing at all": (lambda: b"", {"empty"}),
    "a PDF": (lambda: b"%PDF-1.7\n" + b"0" * 900, {"not_a_sheet"}),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 900, {"not_a_sheet"}),
    "a program": (lambda: b"MZ" + b"\x90\x00" * 900, {"not_a_sheet"}),
    "bytes without meaning": (lambda: bytes(range(256)) * 40, {"not_a_sheet"}),
    "a web page that calls itself xls": (
        lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        {"not_a_sheet"},
    ),
    "an svg with a script": (lambda: b'<svg onload="alert(1)"/>', {"not_a_sheet"}),
    "a zip that is no workbook": (lambda: _zip({"readme.txt": b"hello"}), {"not_a_sheet"}),
    "a zip cut short": (lambda: HONEST[: len(HONEST) // 2], {"damaged"}),
    "a zip with a byte changed": (lambda: _changed(HONEST), {"damaged"}),
    "an OLE file cut short": (lambda: OLE_MAGIC + b"\x00" * 600, {"damaged", "too_heavy"}),
    "an encrypted workbook": (
        lambda: OLE_MAGIC + b"\x00" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 1000,
        {"encrypted"},
    ),
    "a workbook with macros": (lambda: workbook("", more={"xl/vbaProject.bin": b"\x00"}), {"macros"}),
    "a workbook in the workbook": (
        lambda: workbook("", more={"xl/embeddings/more.xlsx": HONEST}),
        {"nested"},
    ),
    "ten thousand sheets": (lambda: workbook("", sheets=10_000), {"too_many_sheets"}),
    "a zip bomb": (lambda: workbook("", more={"xl/bomb.xml": b"0" * 90_000_000}), {"bomb"}),
    "more than may be unpacked": (
        lambda: workbook("", more={"xl/big.xml": b"0" * 110_000_000}),
        {"too_large"},
    ),
    "one cell at the end of the world": (lambda: workbook(cell("XFD1048576", "x")), {"far_cell"}),
    "a far cell under another quote mark": (
        lambda: workbook("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>" + cell("A1", "x")),
        {"far_cell", "too_heavy"},
    ),
    "two far corners": (
        lambda: workbook(cell("A1", "x") + cell("A900000", "x") + cell("ZZ5", "x")),
        {"far_cell"},
    ),
    "sheets where nobody looks": (
        lambda: _far_cell_elsewhere("XFD1048576"),
        {"far_cell", "too_heavy", "damaged"},
    ),
    "a csv in one line": (lambda: b"a," * 4_000_000, {"too_large", "far_cell"}),
    "a csv with an open quote": (lambda: b'a,b\n"open' + b"x,y\n" * 50_000, {"damaged", "too_large"}),
    "a csv record of a million lines": (lambda: b'"\n",' * 1_000_000, {"too_large", "far_cell"}),
    "a csv with too many columns": (lambda: b",".join([b"x"] * 2000) + b"\n", {"far_cell"}),
    "a csv in no encoding": (lambda: "名称,编号\n".encode("gb18030") + b"\xff\xff\xff,1\n", {"encoding"}),
    "half a UTF-16 text": (lambda: b"\xff\xfea\x00,\x00b", {"encoding"}),
}


def write(name: str, folder: Path) -> Path:
    """Write a file of the corpus."""
    path = folder / "upload.xlsx"
    path.write_bytes(CORPUS[name][0]())
    return path


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, content in members.items():
            container.writestr(name, content)
    return out.getvalue()


def _changed(content: bytes) -> bytes:
    """Spoil the compressed bytes of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        place = container.getinfo("xl/worksheets/sheet1.xml").header_offset
    place += 30 + len("xl/worksheets/sheet1.xml") + 5
    return content[:place] + bytes([content[place] ^ 0xFF] * 20) + content[place + 20 :]


def _far_cell_elsewhere(place: str) -> bytes:
    """A far cell in a sheet that lies outside xl/worksheets."""
    both = cell("A1", "x") + cell(place, "x")
    far = f'<worksheet xmlns="{MAIN}"><sheetData>{both}</sheetData></worksheet>'
    rels = (
        f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
        'Target="deep/far.xml"/></Relationships>'
    )
    out = io.BytesIO(workbook(cell("A1", "x")))
    kept = {}
    with zipfile.ZipFile(out) as container:
        kept = {name: container.read(name) for name in container.namelist()}
    kept["xl/_rels/workbook.xml.rels"] = rels.encode()
    kept["xl/deep/far.xml"] = far.encode()
    return _zip(kept)
