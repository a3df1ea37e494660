"""Words as clerks write them, turned into values. Each function returns (value, what is wrong).

Values repeat down a column, therefore everything is remembered; what is wrong is told in Chinese,
with the way to put it right. Dates and numbers have modules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from quanheng.apps.instruments.ledger_sheet.text import (
    NOTHING,
    REMEMBERED,
    Normalised,
    became_a_day,
    plain_text,
)

LONGEST = 80
LONGEST_NAME = 120
LONGEST_DAY = 30


def unique_text(raw: Any) -> Normalised:
    """Text that does not repeat down a column (certificate and seal numbers): not remembered."""
    value = plain_text(raw)
    if (
        len(value) < LONGEST_DAY
        and not (value.isascii() and value.isalnum())
        and (problem := became_a_day(value))
    ):
        return None, problem
    if len(value) > LONGEST:
        return None, f"内容超过 {LONGEST} 个字，请核对是否串列。"
    return value, ""


@lru_cache(REMEMBERED)
def text(raw: Any) -> Normalised:
    value = plain_text(raw)
    return ("" if value in {"/", "-", "--", "—", "——"} else value), ""


def text_up_to(longest: int) -> Callable[[Any], Normalised]:
    """Return a normaliser for text that the ledger keeps whole or not at all."""

    @lru_cache(REMEMBERED)
    def short(raw: Any) -> Normalised:
        value = text(raw)[0]
        return (value, "") if len(value) <= longest else (None, f"内容超过 {longest} 个字，请核对是否串列。")

    return short


def mark_up_to(longest: int) -> Callable[[Any], Normalised]:
    """Return a normaliser for what numbers a place or a part: 1-2 that became a date is told."""
    plain = text_up_to(longest)

    @lru_cache(REMEMBERED)
    def mark(raw: Any) -> Normalised:
        problem = became_a_day(plain_text(raw))
        return (None, problem) if problem else plain(raw)

    return mark


@lru_cache(REMEMBERED)
def nozzle(raw: Any) -> Normalised:
    """Number of one nozzle; several in a cell are several rows."""
    value, problem = mark_up_to(9)(raw)
    if SEVERAL_NOZZLES.fullmatch(plain_text(raw)) or "\n" in str(raw).strip():
        return None, f"“{plain_text(raw)[:30]}”：一格里有多把油枪，请一把油枪一行分开填写。"
    return value, problem


SEVERAL_NOZZLES = re.compile(r"[\w#]+(?:[号枪]*(?:[、,;/&和~ ]|至|到)+[\w#]+)+[号枪]*")


@lru_cache(REMEMBERED)
def name_text(raw: Any) -> Normalised:
    """A name: full-width brackets as they are printed, no blanks inside Chinese."""
    value = text(raw)[0].replace("(", "（").replace(")", "）")
    if len(value) > LONGEST_NAME:
        return None, f"名称超过 {LONGEST_NAME} 个字，请核对是否串列。"
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", value), ""


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
        "待检",
        "准用",
        "合格",
        "借出",
        "已备案待检",
        "待备案审核",
        "备案退回",
        "草稿",
        "已约检",
        "已预约",
        "检定中",
        "检定不合格",
    ),
    "stopped": ("停用", "停止使用", "暂停使用", "闲置", "暂停", "停运", "未使用", "禁用", "丢失", "遗失"),
    "sealed_up": ("封存", "已封存"),
    "scrapped": ("报废", "已报废", "注销", "已注销", "淘汰", "作废"),
    "under_repair": ("维修", "维修中", "送修", "在修", "故障", "修理中"),
}
# What is no state of the ledger's: taken for the nearest one, and told.
NEAREST_STATE = {
    "借出": "状态“借出”按在用登记；已交他人使用的，请办理变更使用地点或使用人。",
    "丢失": "状态“丢失”按停用登记；确已找不到的，请办理报废。",
    "遗失": "状态“遗失”按停用登记；确已找不到的，请办理报废。",
}
STATE_OF = {form: state for state, forms in STATES.items() for form in forms}


@lru_cache(REMEMBERED)
def status(raw: Any) -> Normalised:
    value = plain_text(raw).replace(" ", "")
    if value in NOTHING:
        return "", ""
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
    "failed": (
        "不合格",
        "检定不合格",
        "不符合",
        "未通过",
        "不准用",
        "禁用",
        "禁止使用",
        "否",
        "×",
        "fail",
        "超差",
    ),
}
GRANTED = re.compile(
    r"(?:检定结论[:：])?(?:准予作.{1,12}级(?:秤|衡器)?使用|符合.{1,8}级(?:要求)?|(?:检定)?合格[,，(（]?准予使用[)）]?)"
)
RESULT_OF = {form.replace(" ", ""): result for result, forms in RESULTS.items() for form in forms}


@lru_cache(REMEMBERED)
def conclusion(raw: Any) -> Normalised:
    value = plain_text(raw).replace(" ", "").lower().rstrip("。.;；,，!！")
    if value in NOTHING:
        return "", ""
    if result := RESULT_OF.get(value) or ("passed" if GRANTED.fullmatch(value) else ""):
        return result, ""
    return None, f"检定结论“{value}”无法辨认，请按证书填“合格”或“不合格”。"


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
