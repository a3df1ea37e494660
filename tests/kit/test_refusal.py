"""A refusal: declared once, raised with its facts, told in the language of whoever reads it."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from quanheng.apps.instruments.enums import InstrumentState
from quanheng.kit import refusal as engine
from quanheng.kit import refusals
from quanheng.kit.refusal import Declare, NotNow, NotYours, Refused, RuleBroken, refusals_of


@pytest.fixture
def refuse() -> Iterator[Declare]:
    """Declare for the time of a test."""
    before = {code: list(said) for code, said in engine._DECLARED.items()}
    yield refusals_of("test")
    engine._DECLARED.clear()
    engine._DECLARED.update(before)


def test_it_carries_code_kind_facts_and_sentence(refuse: Declare) -> None:
    full = refuse.conflict("test_full", "%(day)s 已约满。", also=("capacity",))
    refusal = full(day="2026-10-08", capacity=3)
    assert (refusal.code, refusal.kind) == ("test_full", Refused.CONFLICT)
    assert refusal.facts == {"day": "2026-10-08", "capacity": 3}
    assert str(refusal) == refusal.message == "2026年10月8日 已约满。"


@pytest.mark.parametrize("facts", [{}, {"day": 1, "hour": 2}, {"hour": 2}])
def test_a_fact_that_is_missing_or_not_declared_is_an_error_of_the_programmer(
    refuse: Declare, facts: dict[str, int]
) -> None:
    full = refuse.conflict("test_full", "%(day)s 已约满。")
    with pytest.raises(TypeError, match="test_full"):
        full(**facts)


def test_a_code_is_declared_once(refuse: Declare) -> None:
    refuse.conflict("test_full", "满。")
    with pytest.raises(ValueError, match=r"test_full.*by test and by other"):
        refusals_of("other").invalid("test_full", "满。")


def test_a_rule_that_is_broken_in_several_ways_keeps_code_and_kind(refuse: Declare) -> None:
    no_reason = refuse.invalid("test_reason", "请写明理由。", also=("field",))
    again = no_reason.saying("请写明撤回 %(what)s 的理由。")
    refusal = again(what="申请")
    assert (refusal.code, refusal.kind, refusal.message) == (
        "test_reason",
        Refused.INVALID,
        "请写明撤回 申请 的理由。",
    )
    assert engine.refusals()["test_reason"] == [no_reason, again]


def test_it_is_told_in_the_language_of_whoever_reads_it() -> None:
    refusal = refusals.BUSY(seconds=5)
    with override("zh-hans"):
        assert refusal.message == "系统繁忙，请 5 秒后重试。"
    with override("en"):
        assert refusal.message == "The system is busy. Try again in 5 seconds."


def test_a_choice_is_told_by_its_label_and_a_list_word_by_word(refuse: Declare) -> None:
    strange = refuse.invalid("test_words", "%(state)s：%(fields)s")
    refusal = strange(state=InstrumentState.SCRAPPED, fields=[_("检定日期"), "x"])
    with override("zh-hans"):
        assert refusal.message == "报废：检定日期、x"
    with override("en"):
        assert refusal.message == "Scrapped：Verified on, x"
    assert refusal.facts["state"] == "scrapped"


@pytest.mark.parametrize(
    ("kind", "status", "raised"),
    [
        ("not_found", 404, RuleBroken),
        ("invalid", 422, RuleBroken),
        ("conflict", 409, RuleBroken),
        ("changed", 412, RuleBroken),
        ("forbidden", 403, NotYours),
        ("unknown_caller", 401, RuleBroken),
        ("too_soon", 429, NotNow),
        ("unavailable", 503, NotNow),
    ],
)
def test_the_kind_says_status_and_exception(
    refuse: Declare, kind: str, status: int, raised: type[RuleBroken]
) -> None:
    refusal = getattr(refuse, kind)("test_kind", "不行。")()
    assert type(refusal) is raised
    assert refusal.kind.status == status
    assert len(Refused) == 8


def test_a_field_may_be_named(refuse: Declare) -> None:
    wrong = refuse.invalid("test_field", "应为 %(what)s。")
    refusal = wrong(what="数字").at("readings.kind")
    assert refusal.facts["faults"] == [{"field": "readings.kind", "message": "应为 数字。"}]


def test_when_it_may_pass_is_told_where_it_is_known(refuse: Declare) -> None:
    assert refusals.BUSY(seconds=5).seconds == 5
    assert refusals.NO_REASON().seconds is None


def test_it_is_copied_whole(refuse: Declare) -> None:
    again = copy.copy(refusals.BUSY(seconds=5))
    assert (again.code, again.facts) == ("busy", {"seconds": 5})
