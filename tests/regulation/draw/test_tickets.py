"""The ticket rule and its replacements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.draw.frame import freeze
from quanheng.regulation.draw.tickets import Draw, Replacement, draw, ordered, ticket
from tests.regulation.draw.frames import COLUMNS, SEED, frame, units

FORTY = frame({"P": 40})
SIZES = st.dictionaries(st.sampled_from(["甲", "乙", "丙"]), st.integers(1, 30), min_size=1)


def drawn(sizes: dict[str, int], quotas: dict[str, int], **options: object) -> Draw:
    return draw(frame(sizes), quotas, seed=SEED, draw_id="Q1-2026", **options)  # type: ignore[arg-type]


def keys(made: Draw) -> list[str]:
    return [pick.key for pick in made.picks]


def test_the_published_order_of_forty() -> None:
    order = ordered(SEED, "Q1-2026", [f"P{number:03}" for number in range(1, 41)])
    assert list(order.values())[:8] == ["P019", "P038", "P004", "P037", "P027", "P002", "P028", "P031"]
    assert next(iter(order)).hex().startswith("071ef5ee16c00657")
    assert next(iter(order)).hex() == ticket(SEED, "Q1-2026", "P019")


@given(st.permutations(units({"甲": 9, "乙": 5})))
def test_the_order_in_which_units_come_does_not_matter(rows: list[list[str]]) -> None:
    made = draw(freeze(COLUMNS, rows), {"甲": 3, "乙": 2}, seed=SEED, draw_id="x")
    assert made == draw(frame({"甲": 9, "乙": 5}), {"乙": 2, "甲": 3}, seed=SEED, draw_id="x")


@given(SIZES, st.data())
def test_a_larger_quota_keeps_the_earlier_picks(sizes: dict[str, int], data: st.DataObject) -> None:
    more = {stratum: data.draw(st.integers(1, size)) for stratum, size in sizes.items()}
    fewer = {stratum: data.draw(st.integers(1, quota)) for stratum, quota in more.items()}
    small, large = drawn(sizes, fewer), drawn(sizes, more)
    for one, other in zip(small.strata, large.strata, strict=True):
        assert other.drawn[: len(one.drawn)] == one.drawn
        assert len(other.drawn) == other.quota


@given(SIZES)
def test_strata_are_drawn_apart(sizes: dict[str, int]) -> None:
    together = drawn(sizes, dict.fromkeys(sizes, 1))
    apart = [drawn({stratum: size}, {stratum: 1}).picks[0] for stratum, size in sorted(sizes.items())]
    assert together.picks == apart


def test_every_unit_is_drawn_about_as_often_as_any_other() -> None:
    count = dict.fromkeys(FORTY.column("id"), 0)
    for number in range(2000):
        for unit in draw(FORTY, {"P": 8}, seed=SEED, draw_id=f"draw {number}").units:
            count[unit] += 1
    chi_square = sum((found - 400) ** 2 / (400 * 0.8) for found in count.values())
    assert chi_square < 72.05  # 0.1 % of chi-square with 39 degrees of freedom


def test_an_excluded_unit_is_never_drawn() -> None:
    held = frame({"P": 40}, excluded=["P-0003", "P-0004"])
    made = draw(held, {"P": 38}, seed=SEED, draw_id="x")
    assert set(made.units) == set(held.column("id")) - {"P-0003", "P-0004"}
    assert (made.strata[0].size, made.strata[0].eligible) == (40, 38)


def test_a_stratum_that_owes_nothing_is_left_out() -> None:
    assert [one.stratum for one in drawn({"甲": 3, "乙": 3}, {"甲": 0, "乙": 1}).strata] == ["乙"]


def test_a_replacement_is_the_next_ticket_with_its_reason() -> None:
    order = keys(drawn({"P": 40}, {"P": 10}))
    made = drawn(
        {"P": 40}, {"P": 8}, replacements=[Replacement(order[2], "已拆除"), Replacement(order[8], "停业")]
    )
    assert keys(made) == [*order[:2], *order[3:8], order[9]]
    assert [(one.out, one.brought) for one in made.replaced] == [
        (order[2], (order[8],)),
        (order[8], (order[9],)),
    ]


@pytest.mark.parametrize(
    ("out", "reason", "field", "code"),
    [
        ("nobody", "停业", "replacements[0].out", "not_drawn"),
        ("P-0001", " ", "replacements[0].reason", "empty"),
        ("P-0001", "停业", "replacements[0]", "no_ticket_left"),
    ],
)
def test_a_replacement_that_cannot_be_is_refused(out: str, reason: str, field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        drawn({"P": 2}, {"P": 2}, replacements=[Replacement(out, reason)])
    assert (refused.value.field, refused.value.code) == (field, code)


def test_whole_stations_are_drawn_until_their_dispensers_fill_the_quota() -> None:
    made = drawn({"甲": 40}, {"甲": 9}, selection="cluster")
    assert [len(pick.units) for pick in made.picks] == [4, 4, 4]
    assert all(unit.startswith("甲-") for unit in made.units)
    assert keys(drawn({"甲": 40}, {"甲": 20}, selection="cluster"))[:3] == keys(made)
    excluded = [f"甲-{number:04}" for number in range(4)]
    held = frame({"甲": 8}, excluded=excluded)
    only = draw(held, {"甲": 4}, seed=SEED, draw_id="x", selection="cluster")
    assert keys(only) == ["甲-S1"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["A", "甲", "S1", ""], ["B", "乙", "S1", ""]], "two_strata"),
        ([["A", "甲", "", ""], ["B", "乙", "S1", ""]], "empty"),
    ],
)
def test_a_station_stands_in_one_county(rows: list[list[str]], code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        draw(freeze(COLUMNS, rows), {"甲": 1}, seed=SEED, draw_id="x", selection="cluster")
    assert refused.value.code == code


@pytest.mark.parametrize("draw_id", ["", "a,b", " a", "a\nb", "a\u200b"])
def test_an_id_that_could_be_read_as_another_is_refused(draw_id: str) -> None:
    with pytest.raises(CaseFault, match="抽取编号"):
        draw(FORTY, {"P": 1}, seed=SEED, draw_id=draw_id)
