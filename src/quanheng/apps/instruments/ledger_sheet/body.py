"""Which rows below a header are data: not blanks, totals, notes at the foot, or the header printed again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quanheng.apps.instruments.ledger_sheet.header import Header
from quanheng.apps.instruments.ledger_sheet.text import plain_text

TOTALS = ("合计", "总计", "小计", "共计", "本页合计", "总数", "本页小计")
NOTES = (
    "注:", "注 ", "注1", "备注:", "说明", "填报", "填表", "审核", "制表", "统计", "经办", "负责人",
    "单位负责人", "联系人", "盖章", "日期:",
    "以上", "本表", "单位(盖章)", "共",
)  # fmt: skip
NOTE_CELLS = 4
BEGIN_TOTALS = frozenset(word[0] for word in TOTALS)
# Not an instrument's own: merged cells and prepared lines fill these where there is no instrument.
OF_THE_PLACE = frozenset({"ignored", "entity_name", "credit_code", "area", "address", "remarks", "quantity"})


class Body:
    """Tells the data rows of one sheet."""

    def __init__(self, header: Header) -> None:
        self._own = [column for column, name in header.columns.items() if name not in OF_THE_PLACE]
        self._serial = next((c for c, name in header.columns.items() if name == "serial_number"), None)
        self._serial_title = header.names.get(self._serial, "") if self._serial is not None else ""
        self._titles = {column: header.names[column] for column in self._own if column in header.names}

    def is_data(self, cells: Sequence[Any]) -> bool:
        """Say whether a row is about an instrument."""
        serial = self._serial
        if serial is not None and serial < len(cells):
            number = cells[serial]
            if number not in (None, "", self._serial_title) and ":" not in plain_text(number):
                # Nearly every row. A note at the foot may reach this column (联系电话:…), or a total.
                return not any(type(cell) is str and _is_total(cell) for cell in cells[:3])
        width = len(cells)
        own = [text for column in self._own if column < width and (text := plain_text(cells[column]))]
        if not own:
            return False
        told = [text for cell in cells if (text := plain_text(cell))]
        if any(_is_total(text) for text in told[:3]):
            return False
        if len(told) <= NOTE_CELLS and told[0].startswith(NOTES):
            return False
        if len(told) == 1 and len(self._own) > 1:
            return False
        return not self._is_header_again(cells)

    def _is_header_again(self, cells: Sequence[Any]) -> bool:
        width = len(cells)
        same = sum(
            column < width and plain_text(cells[column]) == title for column, title in self._titles.items()
        )
        return 2 * same > len(self._titles)


def _is_total(text: str) -> bool:
    """Say whether a cell begins a total: 合计, 合 计, 本页小计."""
    return text.lstrip()[:1] in BEGIN_TOTALS and "".join(text.split()).startswith(TOTALS)
