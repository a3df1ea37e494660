"""What can be seen of a workbook without parsing it: the container, its size, the reach of its cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from quanheng.kit.sheets.limits import Limits, SheetRefused

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,4})([0-9]{1,8})"')
IS_PICTURE = re.compile(r"xl/media/[^/]+\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?|webp|wdp|svg)", re.IGNORECASE)
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
BLOCK = 1 << 20


def kind_of(path: Path) -> str:
    """Return xlsx, xls or csv by content, never by name.

    Raises:
        SheetRefused: empty, encrypted, not_a_sheet.
    """
    with path.open("rb") as file:
        head = file.read(8)
        if not head:
            raise SheetRefused("empty", _("文件是空的，请检查后重新上传。"))
        if head.startswith(ZIP_MAGIC):
            return "xlsx"
        if head == OLE_MAGIC:
            if ENCRYPTED_STREAM in file.read(BLOCK):
                raise SheetRefused("encrypted", _("文件设有密码，请在表格软件中取消密码后重新上传。"))
            return "xls"
        sample = head + file.read(65_536)
    if sample.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ", b"Rar!", b"7z")):
        raise SheetRefused("not_a_sheet", _("这不是表格文件，请上传 xlsx、xls 或 csv。"))
    if sample[:512].lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<svg", b"<table")):
        raise SheetRefused("not_a_sheet", _("这是网页或 XML 文件，请在表格软件中另存为 xlsx 后上传。"))
    if not sample.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in sample:
        raise SheetRefused("not_a_sheet", _("这不是表格文件，请上传 xlsx、xls 或 csv。"))
    return "csv"


def check_workbook(path: Path, limits: Limits) -> None:
    """Refuse a zip container that is not a workbook, is a bomb, carries macros or reaches too far.

    Raises:
        SheetRefused: damaged, not_a_sheet, macros, too_many_sheets, too_many_members, bomb, too_large,
            far_cell, nested.
    """
    try:
        with zipfile.ZipFile(path) as container:
            _check_members(container, limits)
            for member in container.namelist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                    with container.open(member) as sheet:
                        _check_reach(sheet, limits)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error) as problem:
        raise SheetRefused("damaged", _("文件已损坏或不完整，请用表格软件打开另存后重新上传。")) from problem


def _check_members(container: zipfile.ZipFile, limits: Limits) -> None:
    members = container.infolist()
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise SheetRefused("not_a_sheet", _("压缩包中没有工作簿，请上传 xlsx、xls 或 csv。"))
    if any(member.flag_bits & 1 for member in members):
        raise SheetRefused("encrypted", _("文件设有密码，请取消密码后重新上传。"))
    if any("vbaproject" in name.lower() for name in names):
        raise SheetRefused("macros", _("文件含有宏，请另存为不含宏的 xlsx 后重新上传。"))
    if any(name.lower().endswith((".zip", ".xlsx", ".xlsm", ".xls", ".exe")) for name in names):
        raise SheetRefused("nested", _("文件中嵌有其他文件，请删除嵌入对象后重新上传。"))
    sheets = sum(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names)
    if sheets > limits.sheets:
        raise SheetRefused(
            "too_many_sheets", _("工作表过多（至多 %(most)d 个），请拆分后上传。") % {"most": limits.sheets}
        )
    if len(members) > limits.members:
        raise SheetRefused(
            "too_many_members", _("文件中的图片等附件过多，请删除表中的图片，或另存为 csv 后上传。")
        )
    unpacked = sum(member.file_size for member in members if not IS_PICTURE.fullmatch(member.filename))
    if unpacked > limits.unpacked_bytes:
        raise SheetRefused("too_large", _("表格过大，请另存为 csv 或分成几个文件上传。"))
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > 2**20 and unpacked / packed > limits.ratio:
        raise SheetRefused("bomb", _("文件压缩比异常，疑似恶意文件，未予读取。"))


def _check_reach(sheet: IO[bytes], limits: Limits) -> None:
    """Find how far cells reach, <dimension> unread: for one far cell parsers reserve all before it."""
    rows, columns, rest = 0, 0, b""
    while block := sheet.read(BLOCK):
        text = rest + block
        for letters, row in CELL.findall(text):
            rows, columns = max(rows, int(row)), max(columns, _column(letters))
        rest = text[-64:]
    if columns > limits.columns or rows * columns > limits.cells:
        raise SheetRefused(
            "far_cell",
            _("有单元格远在表格之外（第 %(row)d 行、第 %(column)d 列），请删除多余的行列后重新上传。")
            % {"row": rows, "column": columns},
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
