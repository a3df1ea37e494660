"""How the Chinese reads: one term for each thing, no speech written down, a way out of each refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.utils.translation import override

import quanheng
from quanheng.kit.refusal import discover, refusals
from scripts.messages import found

SOURCE = Path(quanheng.__file__).parent
PUBLIC = SOURCE / "web" / "public"
HAN = "[\u4e00-\u9fff]"
DOCSTRING = re.compile(r'"""(?:.|\n)*?"""')
VALUE = re.compile(r"%\(\w+\)[sd]|\{[^}]*\}")

# What is said instead, and where the word is right after all.
SPOKEN = {
    "还没有": "暂无、尚无、未",
    "没有找到": "未找到",
    "读懂|认出|读出来|读不出|认不出|看不懂|不认识": "无法识别",
    "数完(?!全)|数清": "统计",
    "看一看|试试|怎么|怎样|叫法|东西": "a noun phrase, or the fact",
    "这个|这台|这份|这项|这条|这批|这张": "该, or the thing itself",
    "不可信|请勿相信|不能证明什么": "不得使用, 请勿使用, 不能作为凭证",
    "免费|谁也改不了|悄悄": "facts, no promise",
    "它": "the thing itself",
}
TERMS = {
    "约检": "检定申请、预约",
    "破封": "铅封破损或启封",
    "成批": "批量",
    "从未检定": "未经检定",
    "临期": "即将到期",
    "不在用": "未在用",
    "投递": "发送",
    "无人可收": "无接收人",
    "认领": "匹配",
    "入库": "导入、写入台账",
    "打码|掩码": "脱敏",
    "用户名": "登录名",
    "生产企业": "制造企业",
    "餐饮业": "餐饮单位",
    "检定授权": "计量授权",
    "只做首次": "只作首次强制检定",
    "坐席": "12315 工作人员",
    "市场开办者": "集市主办者",
    "长者模式": "长辈版",
    "修理": "维修",
    "验证码": "查验码",
    "(?<!恢)复检|送检验": "检定",
}
SAID_ELSEWHERE = re.compile("^(?:calculations|metrology|regulation|packs|api)/")
LONGEST = 45
# Lists of facts in one sentence, and a definition by the ministry.
LONG = {
    "since 须为上次返回的 cursor（kind 也须相同），或带时区的时刻，如 2026-11-30T09:00:00+08:00。",
    "受检率 = 当日在用且检定有效的强检计量器具数 ÷ 当日在用的强检计量器具数 × 100%"
    "（使用单位自报、未经核实的检定不计入分子，另行列出）",
}
WAY_OUT = re.compile("请|须|只有|应|只能|稍后|见 |不能早于|不能晚于")


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    """Return place and text of everything that somebody reads, public pages and office alike."""
    return tuple(_read())


def _read() -> Iterator[tuple[str, str]]:
    for message in found().values():
        yield min(message.places), message.text
    for page in sorted((PUBLIC / "templates").glob("*.jinja")):
        for text in re.findall(r"""_\(["']([^"']+)["']\)""", page.read_text("utf-8")):
            yield f"web/public/{page.name}", text
    for module in sorted(PUBLIC.glob("*.py")):
        if not module.name.endswith("english.py"):
            code = DOCSTRING.sub("", module.read_text("utf-8"))
            for text in re.findall(rf'"([^"\n]*{HAN}[^"\n]*)"', code):
                yield f"web/public/{module.name}", text


@pytest.mark.parametrize(("words", "instead"), [*SPOKEN.items(), *TERMS.items()])
def test_one_word_for_each_thing_and_no_speech_written_down(words: str, instead: str) -> None:
    assert [(place, text) for place, text in _texts() if re.search(words, text)] == [], f"write {instead}"


def test_between_chinese_characters_stand_chinese_marks() -> None:
    narrow = re.compile(rf"{HAN}\s*[,;:!?]\s*{HAN}|{HAN}\.(?:{HAN}|$)")
    assert [(place, text) for place, text in _texts() if narrow.search(text)] == []


def test_the_office_reads_short_sentences() -> None:
    long = [
        (place, text)
        for place, text in _texts()
        if not SAID_ELSEWHERE.match(place)
        and not place.startswith("web/calculators/")
        and len(VALUE.sub("某值", text)) > LONGEST
    ]
    assert [one for one in long if one[1] not in LONG] == []


def test_no_page_names_a_field_a_variable_or_an_exception() -> None:
    inner = re.compile(r"[a-z]_[a-z]|[A-Z]_[A-Z]|Error\b|Exception\b")
    pages = ((place, VALUE.sub("", text)) for place, text in _texts() if not SAID_ELSEWHERE.match(place))
    assert [(place, text) for place, text in pages if inner.search(text)] == []


def test_every_refusal_says_how_to_put_it_right() -> None:
    discover()
    with override("zh-hans"):
        said = {str(refusal.sentence) for each in refusals().values() for refusal in each}
    assert len(said) > 300
    whole = {sentence for sentence in said if VALUE.sub("", sentence)}  # else another room says it all
    assert [one for one in sorted(whole) if not one.startswith("未找到") and not WAY_OUT.search(one)] == []


def test_what_needs_a_legal_opinion_is_a_dated_row() -> None:
    """The words of a seizure and of a report stand in `public-texts-*.toml` and nowhere in the code."""
    code = [*PUBLIC.rglob("*.py"), *PUBLIC.rglob("*.jinja"), *(SOURCE / "apps").rglob("*.py")]
    said = ["暂停使用：", "该器具目前不得使用", "反映作为监管线索", "【权衡】"]
    assert [(file.name, one) for file in code for one in said if one in file.read_text("utf-8")] == []
