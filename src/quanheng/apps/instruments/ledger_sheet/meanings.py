"""What rows and titles mean beyond their cells: a title's instrument, a scale's range, the kind of place."""

from __future__ import annotations

import re

from quanheng.apps.instruments.ledger_sheet import normalise
from quanheng.apps.instruments.ledger_sheet.check import LedgerRow
from quanheng.apps.instruments.ledger_sheet.fields import MASSES
from quanheng.apps.instruments.ledger_sheet.header import Header
from quanheng.apps.instruments.ledger_sheet.text import NOTHING
from quanheng.regulation.identifiers import CreditCodeFault, parse_credit_code

KIND_OF_LIST = re.compile(
    r"(?:\(.*?\)|台账|登记表|登记册|明细表|明细|清单|汇总表|统计表|一览表|信息表|档案|表)+$"
)


def range_as_capacity(row: LedgerRow) -> None:
    """Of a scale the range (量程 0~30kg) is its maximum capacity, where no column says so."""
    values, item = row.values, row.values.get("item")
    written = values.get("measuring_range")
    if written and item is not None and item.category == "scale" and not values.get("max_capacity"):
        capacity, problem = MASSES["max_capacity", "kg"](written)
        if not problem and "max_capacity" not in row.fields:
            values["max_capacity"] = capacity


def tell_nearest_state(row: LedgerRow, written: str) -> None:
    if words := normalise.NEAREST_STATE.get(written):
        row.notice(words, "status")


MISSPELT, SCALE = "称", "秤"


def item_word(title: str) -> str:
    """Return the instrument at the end of a title: 2026年农贸市场在用电子秤 → 电子秤."""
    return re.split(r"[\d年月]|在用|市场|医院|医疗机构|加油站|超市|商场", title)[-1] or title


def unknown_item(name: str, near: str = "") -> str:
    """Say that a name is not in the catalogue, and which is meant perhaps."""
    if not name:
        return "没有写明器具名称，请补填，如“电子计价秤”。"
    meant = f"是不是“{near}”？" if near else ""
    return f"“{name[:30]}”不在强制管理计量器具目录中，{meant}请核对名称；非计量器具请删去此行。"


OLD_XIAMEN = "统一社会信用代码末位校验不符，属厦门 2016 年以前的编法，按导入人员的核对收下，请对照营业执照。"


def checked_code(text: str, *, on_an_officers_word: bool = False) -> tuple[str, str]:
    """Return the credit code in its normal form and what is wrong with it."""
    if text.lower() in NOTHING:
        return "", ""
    try:
        return parse_credit_code(text, on_an_officers_word=on_an_officers_word), ""
    except CreditCodeFault as fault:
        return "", str(fault)


def premises_of(header: Header) -> str:
    """Tell from the columns and titles what kind of place a sheet is about."""
    names, words = set(header.columns.values()), " ".join([*header.titles, *header.names.values()])
    if names & {"nozzle", "dispenser", "fuel"} or "加油" in words:
        return "filling_station"
    if "department" in names or any(word in words for word in ("医院", "医疗", "科室")):
        return "hospital"
    if "超市" in words or "商场" in words:
        return "supermarket"
    if "stall" in names or "市场" in words:
        return "market"
    return "restaurant" if "餐饮" in words else "other"
