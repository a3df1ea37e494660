"""Cells as clerks write them, turned into values. Each function returns (value, what is wrong).

Values repeat down a column, therefore everything is remembered; what is wrong is told in Chinese, with the way to
put it right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

Normalised = tuple[Any, str]  # the value, and the reason when it is at fault
REMEMBERED = 1 << 16
NOTHING = frozenset(
    {"", "/", "\\", "-", "--", "—", "——", "无", "n/a", "na", "null", "none", "空", "未知", "不详", "暂无"}
)
EXCEL_EPOCH = date(1899, 12, 30)
CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\ufeff]+")
BLANKS = re.compile(r"\s+")


def plain_text(raw: Any) -> str:
    """Half-width, no control characters, one space between words; whole floats without their .0."""
    if raw is None:
        return ""
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e18 else repr(raw)
    text = str(raw)
    if text.isprintable() and unicodedata.is_normalized("NFKC", text) and "  " not in text:
        return text.strip()
    text = unicodedata.normalize("NFKC", text)
    return BLANKS.sub(" ", CONTROL.sub(" ", text)).strip()


def is_nothing(raw: Any) -> bool:
    """Say whether a cell says that there is nothing: empty, a dash, 无."""
    return raw is None or plain_text(raw).lower() in NOTHING


def unique_text(raw: Any) -> Normalised:
    """Text that does not repeat down a column (certificate numbers): not remembered."""
    return plain_text(raw), ""


@lru_cache(REMEMBERED)
def text(raw: Any) -> Normalised:
    value = plain_text(raw)
    return ("" if value in {"/", "-", "--", "—", "——"} else value), ""


@lru_cache(REMEMBERED)
def name_text(raw: Any) -> Normalised:
    """A name: full-width brackets as they are printed, no blanks inside Chinese."""
    value = plain_text(raw).replace("(", "（").replace(")", "）")
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", value), ""


SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)[eE]\+?(\d{1,2})")
WHOLE_FLOAT = re.compile(r"(\d+)\.0+")


def serial_number(raw: Any) -> Normalised:
    """A serial number; what Excel made of it (2.3143583E7, 23143583.0) is undone where no digit was lost.

    Not remembered: serial numbers do not repeat.
    """
    if isinstance(raw, float):
        return (str(int(raw)), "") if raw.is_integer() else (repr(raw), "")
    if isinstance(raw, int):
        return str(raw), ""
    value = (
        raw if isinstance(raw, str) and raw.isascii() and raw.isalnum() else plain_text(raw).replace(" ", "")
    )
    if value.lower() in NOTHING:
        return "", ""
    value = value.lstrip("'`")
    if mangled := SCIENTIFIC.fullmatch(value):
        number = Decimal(value)
        if len(mangled[1].replace(".", "")) - 1 < int(mangled[2]) and int(mangled[2]) > 14:
            return None, "出厂编号被表格软件改成了科学计数法且已丢失位数，请把该列设为文本后重新填写。"
        return str(int(number)) if number == int(number) else value, ""
    if whole := WHOLE_FLOAT.fullmatch(value):
        return whole[1], ""
    return value, ""


DATE_FORMS = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|号)?(?:[ T].*)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|号)?"),
)
MONTH_FORM = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
DATE_HELP = "请按“2026-03-15”的格式填写"


@lru_cache(REMEMBERED)
def day(raw: Any) -> Normalised:
    """A date in any of the forms that offices use, Excel serials (as numbers or text) among them."""
    if isinstance(raw, datetime):
        return raw.date(), ""
    if isinstance(raw, date):
        return raw, ""
    value = plain_text(raw).replace(" ", "") if not isinstance(raw, float) else plain_text(raw)
    if value.lower() in NOTHING:
        return None, ""
    if re.fullmatch(r"\d{5}(\.\d+)?", value):
        return _excel_serial(value)
    for form in DATE_FORMS:
        if parts := form.fullmatch(value):
            year, month, number = (int(part) for part in parts.groups())
            return _real_day(year if year > 99 else 2000 + year, month, number, value)
    return None, f"“{value}”不是完整的日期，{DATE_HELP}。"


def _excel_serial(value: str) -> Normalised:
    days = int(float(value))
    if 18_264 <= days <= 73_050:  # 1950 to 2099
        return EXCEL_EPOCH + timedelta(days=days), ""
    return None, f"“{value}”不是日期，{DATE_HELP}。"


def _real_day(year: int, month: int, number: int, value: str) -> Normalised:
    try:
        found = date(year, month, number)
    except ValueError:
        return None, f"“{value}”这一天不存在，请核对证书后改正。"
    if not 1950 <= year <= 2099:
        return None, f"“{value}”的年份不合理，请核对证书后改正。"
    return found, ""


QUANTITY = re.compile(r"[≤<]?([0-9]+(?:\.[0-9]+)?)(kg|千克|公斤|g|克|t|吨|mg|毫克)?")
GRAMS = {
    "kg": 1000,
    "千克": 1000,
    "公斤": 1000,
    "g": 1,
    "克": 1,
    "t": 1_000_000,
    "吨": 1_000_000,
    "mg": "0.001",
    "毫克": "0.001",
}


def mass_in(unit: str) -> Callable[[Any], Normalised]:
    """Return a normaliser for masses in grams; a cell without a unit is in the column's."""

    @lru_cache(REMEMBERED)
    def mass(raw: Any) -> Normalised:
        value = plain_text(raw).replace(" ", "").replace(",", "").lower()
        if value in NOTHING:
            return None, ""
        found = QUANTITY.fullmatch(value.removeprefix("max").removeprefix("e").lstrip("=:"))
        if not found:
            return None, f"“{value}”不是一个带单位的数值，请填如“30”或“30kg”。"
        grams = Decimal(found[1]) * Decimal(GRAMS[found[2] or unit])
        if not 0 < grams < Decimal(10) ** 10:
            return None, f"“{value}”不合理，应大于零。"
        return grams.normalize(), ""

    return mass


CLASSES = {
    "I": ("i", "1", "1级", "一级", "特种准确度级", "特种", "ⅰ", "(i)", "①"),
    "II": ("ii", "2", "2级", "二级", "高准确度级", "高", "ⅱ", "(ii)", "②"),
    "III": ("iii", "3", "3级", "三级", "中准确度级", "中", "ⅲ", "(iii)", "③", "ⅲ级", "iii级", "中等准确度级"),
    "IIII": ("iiii", "iv", "4", "4级", "四级", "普通准确度级", "普通", "ⅳ", "(iiii)", "④"),
}
CLASS_OF = {form: name for name, forms in CLASSES.items() for form in forms}


@lru_cache(REMEMBERED)
def accuracy_class(raw: Any) -> Normalised:
    """R 76 classes as I, II, III, IIII; other classes (0.3, ±0.5 %) as written."""
    value = plain_text(raw).replace(" ", "")
    return CLASS_OF.get(value.lower(), "" if value.lower() in NOTHING else value)[:20], ""


STATES = {
    "in_use": (
        "在用",
        "使用中",
        "正常使用",
        "正常",
        "使用",
        "在使用",
        "启用",
        "运行",
        "完好",
        "良好",
        "合格在用",
        "在用合格",
        "备用",
        "新购",
    ),
    "stopped": ("停用", "停止使用", "暂停使用", "闲置", "暂停", "停运", "未使用", "禁用"),
    "sealed_up": ("封存", "已封存"),
    "scrapped": ("报废", "已报废", "注销", "已注销", "淘汰", "作废"),
    "under_repair": ("维修", "维修中", "送修", "在修", "故障", "修理中"),
}
STATE_OF = {form: state for state, forms in STATES.items() for form in forms}


@lru_cache(REMEMBERED)
def status(raw: Any) -> Normalised:
    value = plain_text(raw).replace(" ", "")
    if value in NOTHING:
        return "in_use", ""
    if state := STATE_OF.get(value):
        return state, ""
    return None, f"不认识的状态“{value}”，请填在用、停用、封存、维修或报废。"


RESULTS = {
    "passed": (
        "合格",
        "检定合格",
        "合 格",
        "符合",
        "符合要求",
        "通过",
        "准予使用",
        "是",
        "√",
        "pass",
        "ok",
        "校准合格",
        "符合规程要求",
        "准用",
    ),
    "failed": ("不合格", "检定不合格", "不符合", "未通过", "否", "×", "fail", "超差"),
}
RESULT_OF = {form.replace(" ", ""): result for result, forms in RESULTS.items() for form in forms}


@lru_cache(REMEMBERED)
def conclusion(raw: Any) -> Normalised:
    value = plain_text(raw).replace(" ", "").lower()
    if value in {"", "/", "-", "--", "—"}:
        return "", ""
    if result := RESULT_OF.get(value):
        return result, ""
    return None, f"检定结论“{value}”无法辨认，请按证书填“合格”或“不合格”。"


def phone(raw: Any) -> Normalised:
    """Digits only; a number that cannot be one is kept out, which is no reason to refuse the row."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit():
        return raw, ""
    value = re.sub(r"[^\d]", "", plain_text(raw).split("/")[0].split("、")[0])
    return value if 7 <= len(value) <= 13 else "", ""


def degrees_between(least: float, most: float, what: str) -> Callable[[Any], Normalised]:
    """Return a normaliser for a coordinate in decimal degrees (degrees, minutes and seconds understood)."""

    @lru_cache(REMEMBERED)
    def degrees(raw: Any) -> Normalised:
        value = plain_text(raw).replace(" ", "").strip("东北经纬°EN")
        if value.lower() in NOTHING:
            return None, ""
        found = re.fullmatch(r"(\d{1,3})[°度](\d{1,2})['′分](?:(\d{1,2}(?:\.\d+)?)[\"″秒]?)?", value)
        try:
            number = _sexagesimal(found) if found else Decimal(value)
        except InvalidOperation:
            return None, f"{what}“{value}”不是数值，请填十进制度数，如 104.065。"
        if not Decimal(str(least)) <= number <= Decimal(str(most)):
            return None, f"{what} {value} 不在本省范围（{least}–{most}）内，请核对是否填错或经纬度填反。"
        return number.quantize(Decimal("0.000001")), ""

    return degrees


def _sexagesimal(found: re.Match[str]) -> Decimal:
    return Decimal(found[1]) + Decimal(found[2]) / 60 + Decimal(found[3] or 0) / 3600


USES = {
    "trade": ("贸易结算", "贸易", "结算"), "medical": ("医疗卫生", "医疗"), "safety": ("安全防护", "安全"),
    "environment": ("环境监测", "环境"),
}  # fmt: skip
USE_OF = {form: use for use, forms in USES.items() for form in forms}


@lru_cache(REMEMBERED)
def use(raw: Any) -> Normalised:
    return USE_OF.get(plain_text(raw).replace(" ", ""), ""), ""


@lru_cache(REMEMBERED)
def mode(raw: Any) -> Normalised:
    """compulsory (强检, 检定) or calibration (校准)."""
    value = plain_text(raw).replace(" ", "")
    if value in {"校准", "非强检", "否", "自校"}:
        return "calibration", ""
    return ("compulsory" if value in {"检定", "强检", "强制检定", "是", "周期检定"} else ""), ""
