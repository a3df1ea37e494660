"""Scales: limits, errors before rounding, the verdict (OIML R 76-1:2006)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.conformity.points import Outcome
from quanheng.metrology.conformity.scale_nameplate import (
    PartialRange,
    Scale,
    check_nameplate,
    minimum_g,
    read_class,
    read_ranges,
)
from quanheng.metrology.conformity.scales import (
    DiscriminationPoint,
    Stage,
    WeighingPoint,
    error_g,
    examine,
    limit_bands,
    limits_of,
    mpe_changes_g,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

PACK = shipped().in_force("conformity/scales", date(2026, 6, 1))
MARKET = Scale("III", max_g=Decimal(15000), e_g=Decimal(5))
FINE = Scale("II", max_g=Decimal(2000), e_g=Decimal("0.1"))


@pytest.mark.parametrize(
    ("scale", "load", "stage", "limit"),
    [
        (MARKET, "2500", Stage.VERIFICATION, "2.5"),
        (MARKET, "2505", Stage.VERIFICATION, "5"),
        (MARKET, "10000", Stage.VERIFICATION, "5"),
        (MARKET, "10005", Stage.VERIFICATION, "7.5"),
        (MARKET, "15000", Stage.IN_SERVICE, "15"),
        (FINE, "500", Stage.VERIFICATION, "0.05"),
        (FINE, "500.1", Stage.VERIFICATION, "0.1"),
    ],
)
def test_the_limit_of_a_load(scale: Scale, load: str, stage: Stage, limit: str) -> None:
    assert limits_of(scale, Decimal(load), stage, PACK) == Limits(-Decimal(limit), Decimal(limit))


def test_the_example_of_r_76() -> None:
    """A.4.4.3: e = 5 g, L = I = 1000 g, ΔL = 1.5 g: E = +1 g; with E_0 = +0.5 g, E_c = +0.5 g."""
    zero = WeighingPoint(Decimal(0), Decimal(0), added_g=Decimal(2))
    load = WeighingPoint(Decimal(1000), Decimal(1000), added_g=Decimal("1.5"))
    assert error_g(load, Decimal(5)) == Decimal(1)
    assert error_g(zero, Decimal(5)) == Decimal("0.5")
    verdict = examine(MARKET, [load], zero=zero, pack=PACK)
    assert [row.error for row in verdict.points] == [Decimal("0.5"), Decimal("0.5")]
    assert verdict.outcome == Outcome.PASSED
    assert verdict.citation.digest == PACK.digest


@pytest.mark.parametrize(
    ("error", "outcome"), [("2.5", Outcome.PASSED), ("-2.5", Outcome.PASSED), ("2.51", Outcome.FAILED)]
)
def test_the_limit_itself_conforms(error: str, outcome: Outcome) -> None:
    verdict = examine(MARKET, [WeighingPoint(Decimal(2500), Decimal(2500) + Decimal(error))], pack=PACK)
    assert verdict.outcome == outcome


def test_one_failed_position_fails_the_scale_and_is_named() -> None:
    corners = [
        WeighingPoint(Decimal(5000), Decimal(5000), position="左前"),
        WeighingPoint(Decimal(5000), Decimal(5010), position="右后"),
    ]
    verdict = examine(MARKET, [WeighingPoint(Decimal(5000), Decimal(5000))], eccentricity=corners, pack=PACK)
    assert [(row.quantity, row.part, row.outcome) for row in verdict.points[1:]] == [
        ("偏载", "左前", Outcome.PASSED),
        ("偏载", "右后", Outcome.FAILED),
    ]
    assert verdict.outcome == Outcome.FAILED


@pytest.mark.parametrize(("last", "outcome"), [("7502.5", Outcome.PASSED), ("7503", Outcome.FAILED)])
def test_repeatability_is_the_range_within_the_limit(last: str, outcome: Outcome) -> None:
    runs = [WeighingPoint(Decimal(7500), Decimal(value)) for value in ("7500", "7497.5", last)]
    verdict = examine(MARKET, [WeighingPoint(Decimal(7500), Decimal(7500))], repeatability=runs, pack=PACK)
    assert verdict.points[-1].error == Decimal(last) - Decimal("7497.5")
    assert verdict.points[-1].outcome == outcome


def test_zero_has_a_quarter_of_an_interval() -> None:
    off = WeighingPoint(Decimal(0), Decimal(0), added_g=Decimal(1))
    verdict = examine(MARKET, [WeighingPoint(Decimal(500), Decimal(500))], zero=off, pack=PACK)
    assert (verdict.points[0].limits, verdict.points[0].outcome) == (
        Limits(Decimal("-1.25"), Decimal("1.25")),
        Outcome.FAILED,
    )


@pytest.mark.parametrize(
    ("scale", "code"),
    [
        (Scale("V", Decimal(15000), Decimal(5)), "unknown_class"),
        (Scale("III", Decimal(15000), Decimal(0)), "not_positive"),
        (Scale("III", Decimal(15000), Decimal("0.05")), "interval_not_in_class"),
        (Scale("III", Decimal(60000), Decimal(5)), "intervals_out_of_class"),
        (Scale("III", Decimal(1000), Decimal(5)), "intervals_out_of_class"),
        (Scale("I", Decimal(10), Decimal("0.001")), "intervals_out_of_class"),
    ],
)
def test_a_nameplate_that_does_not_fit_is_said_by_field(scale: Scale, code: str) -> None:
    (fault,) = check_nameplate(scale, PACK)
    assert fault.code == code
    with pytest.raises(CaseFault):
        examine(scale, [WeighingPoint(Decimal(1), Decimal(1))], pack=PACK)
    with pytest.raises(CaseFault):
        minimum_g(scale, PACK)


@pytest.mark.parametrize(
    ("scale", "grams"),
    [
        (MARKET, "100"),
        (FINE, "5.0"),
        (Scale("II", Decimal(20), Decimal("0.01")), "0.20"),
        (Scale("IIII", Decimal(50000), Decimal(50)), "500"),
    ],
)
def test_the_smallest_load_of_a_class(scale: Scale, grams: str) -> None:
    assert minimum_g(scale, PACK) == Decimal(grams)


def runs(*loads: int) -> list[WeighingPoint]:
    return [WeighingPoint(Decimal(load), Decimal(load)) for load in loads]


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"weighing": []}, "weighing", "no_points"),
        ({"weighing": runs(100, 15005)}, "weighing[1].load_g", "beyond_max"),
        ({"weighing": runs(-5)}, "weighing[0].load_g", "negative_nominal"),
        ({"weighing": runs(5), "eccentricity": runs(-5)}, "eccentricity[0].load_g", "negative_nominal"),
        ({"weighing": runs(5), "repeatability": runs(5, 5)}, "repeatability", "too_few"),
        ({"weighing": runs(5), "repeatability": runs(5, 5, 10)}, "repeatability", "loads_differ"),
    ],
)
def test_what_cannot_be_judged_names_its_field(
    facts: dict[str, list[WeighingPoint]], field: str, code: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        examine(MARKET, facts.pop("weighing"), pack=PACK, **facts)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_class_without_a_table_has_no_limit() -> None:
    for name in ("V", "in_service_factor"):
        with pytest.raises(CaseFault, match="准确度等级"):
            limits_of(Scale(name, Decimal(10), Decimal(1)), Decimal(1), Stage.VERIFICATION, PACK)


def test_beyond_the_last_band_there_is_no_limit() -> None:
    with pytest.raises(CaseFault, match="超出允差表"):
        limits_of(MARKET, Decimal(60000), Stage.VERIFICATION, PACK)


LOADS = st.decimals(min_value=0, max_value=15000, places=1)


@given(LOADS, LOADS)
def test_a_larger_load_never_has_a_narrower_limit(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    limit = limits_of(MARKET, less, Stage.VERIFICATION, PACK).upper
    assert limit <= limits_of(MARKET, more, Stage.VERIFICATION, PACK).upper


@given(LOADS)
def test_in_service_the_limits_are_twice_as_wide(load: Decimal) -> None:
    first = limits_of(MARKET, load, Stage.VERIFICATION, PACK)
    assert limits_of(MARKET, load, Stage.IN_SERVICE, PACK) == first.times(Decimal(2))


def test_the_new_regulation_applies_from_its_day_and_says_that_nobody_verified_it() -> None:
    pack = shipped().in_force("conformity/scales", date(2027, 1, 8))
    assert pack.edition == "JJG 1204-2025"
    assert not pack.cite("mpe").is_verified
    assert shipped().in_force("conformity/scales", date(2027, 1, 7)).edition == "JJG 539-2016"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("III", "III"), ("Ⅲ", "III"), ("Ⅲ级", "III"), ("（iii）", "III"), ("3级", "III"),
        ("中准确度级", "III"), ("中", "III"), ("Ⅳ", "IIII"), ("IIII", "IIII"), ("普通准确度级", "IIII"),
        ("Ⅱ", "II"), ("高", "II"),
        ("准确度等级 Ⅲ", "III"), ("Ⅲ 级", "III"), ("三级", "III"), ("lll", "III"), ("|||", "III"),
        ("111", "III"), ("Class III", "III"), ("（Ⅲ）级", "III"), ("1级", "I"), ("第四级", "IIII"),
        ("特种准确度级", "I"), (" I ", "I"), ("X", "X"), ("", ""),
    ],
)  # fmt: skip
def test_a_class_is_read_however_the_nameplate_writes_it(written: str, read: str) -> None:
    assert read_class(written) == read


def test_every_number_between_the_reading_and_the_error_is_told() -> None:
    """R 76-1, A.4.4.3: I = 1000 g, ΔL = 1.5 g, e = 5 g: P = 1001 g, E = +1 g, E₀ = +0.5 g, E_c = +0.5 g."""
    verdict = examine(
        Scale("III", Decimal(15000), Decimal(5)),
        [WeighingPoint(Decimal(1000), Decimal(1000), Decimal("1.5"))],
        zero=WeighingPoint(Decimal(0), Decimal(0), Decimal(2)),
        repeatability=[WeighingPoint(Decimal(7500), Decimal(one)) for one in (7500, 7505, 7500)],
        pack=PACK,
    )
    _, weighed, repeated = verdict.points
    assert [str(step.value) for step in weighed.steps] == ["1001.0", "1.0", "0.5"]
    assert weighed.error == Decimal("0.5")
    assert [step.name for step in repeated.steps] == ["第 1 次 E", "第 2 次 E", "第 3 次 E"]
    assert repeated.limits.is_one_sided


def test_a_small_weight_on_top_changes_the_indication_by_one_interval() -> None:
    def outcome(changed: str, added: str = "7") -> str:
        small = DiscriminationPoint(Decimal(7500), Decimal(added), Decimal(7500), Decimal(changed))
        verdict = examine(MARKET, [WeighingPoint(Decimal(0), Decimal(0))], discrimination=[small], pack=PACK)
        return verdict.points[-1].outcome

    assert (outcome("7505"), outcome("7510")) == ("passed", "passed")
    assert (outcome("7500"), outcome("7515")) == ("failed", "failed")
    for added in ("0", "7.1"):
        with pytest.raises(CaseFault, match=r"discrimination\[0\].added_g"):
            outcome("7505", added)


def test_the_limits_over_the_range_end_at_max() -> None:
    bands = limit_bands(MARKET, Stage.VERIFICATION, PACK)
    assert [(end, limits.upper) for end, limits in bands] == [
        (Decimal(2500), Decimal("2.5")), (Decimal(10000), Decimal(5)), (Decimal(15000), Decimal("7.5")),
    ]  # fmt: skip


def multi_interval(*ranges: tuple[int, int], accuracy_class: str = "III") -> Scale:
    parts = tuple(PartialRange(Decimal(most), Decimal(e)) for most, e in ranges)
    return Scale(accuracy_class, parts[-1].max_g, parts[0].e_g, ranges=parts)


SIX_FIFTEEN = multi_interval((6000, 2), (15000, 5))


@pytest.mark.parametrize(
    ("load", "limit"),
    [
        ("1000", "1"), ("1002", "2"), ("4000", "2"), ("4002", "3"), ("6000", "3"), ("6005", "5"),
        ("10000", "5"), ("10005", "7.5"), ("15000", "7.5"),
    ],
)  # fmt: skip
def test_the_limit_of_a_multi_interval_scale_is_that_of_the_partial_range(load: str, limit: str) -> None:
    """R 76-1, 3.5.1: Max 6/15 kg, e 2/5 g; 6 kg is 3000 e of 2 g, 6.005 kg is 1201 e of 5 g."""
    at = Decimal(load)
    assert limits_of(SIX_FIFTEEN, at, Stage.VERIFICATION, PACK).upper == Decimal(limit)
    assert limits_of(SIX_FIFTEEN, at, Stage.IN_SERVICE, PACK).upper == 2 * Decimal(limit)


def test_the_limit_also_changes_where_a_partial_range_ends() -> None:
    assert [int(load) for load in mpe_changes_g(SIX_FIFTEEN, PACK)] == [1000, 4000, 6000, 10000]
    assert [limits.upper for _end, limits in limit_bands(SIX_FIFTEEN, Stage.VERIFICATION, PACK)] == [
        1, 2, 3, 5, Decimal("7.5"),
    ]  # fmt: skip
    assert minimum_g(SIX_FIFTEEN, PACK) == 40


def test_the_error_before_rounding_uses_the_interval_of_the_load() -> None:
    """E = I + e/2 − ΔL − L: + 1 g − 0.5 g at 5 kg, + 2.5 g − 0.5 g at 10 kg."""
    rows = [
        WeighingPoint(Decimal(load), Decimal(load), added_g=Decimal("0.5"))
        for load in (5000, 10000)
    ]  # fmt: skip
    verdict = examine(SIX_FIFTEEN, rows, repeatability=[rows[1]] * 3, pack=PACK)
    assert [row.error for row in verdict.points] == [Decimal("0.5"), 2, 0]
    assert "3.3.3" in verdict.citation.clauses


def test_a_small_weight_on_a_multi_interval_scale_is_one_step_of_the_load() -> None:
    def outcome(load: int, added: str, change: int) -> str:
        small = DiscriminationPoint(Decimal(load), Decimal(added), Decimal(load), Decimal(load + change))
        return examine(SIX_FIFTEEN, runs(1000), discrimination=[small], pack=PACK).points[-1].outcome

    assert (outcome(5000, "2.8", 2), outcome(10000, "7", 5)) == ("passed", "passed")
    with pytest.raises(CaseFault, match="added_g"):
        outcome(5000, "7", 2)


@pytest.mark.parametrize(
    ("scale", "code"),
    [
        (multi_interval((6000, 5), (15000, 2)), "ranges_not_rising"),
        (multi_interval((6000, 2), (6000, 5)), "ranges_not_rising"),
        (multi_interval((200, 1), (15000, 5)), "ranges_too_coarse"),
        (multi_interval((30000, 2), (60000, 10)), "intervals_out_of_class"),
        (Scale("III", Decimal(15000), Decimal(5), ranges=SIX_FIFTEEN.ranges), "ranges_disagree"),
    ],
)
def test_partial_ranges_that_do_not_fit_are_refused(scale: Scale, code: str) -> None:
    assert [fault.code for fault in check_nameplate(scale, PACK)][:1] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Max 6/15 kg  Min 40 g  e=2/5 g", "Ｍａｘ 6kg/15kg，e＝d＝2 g／5 g",
        "最大秤量：6/15kg 检定分度值：2/5g",
        "Max6000/15000g d=e=2/5g", "Max 6 / 15 kg e = 2 / 5 g",
    ],
)  # fmt: skip
def test_partial_ranges_are_read_from_the_nameplate(text: str) -> None:
    assert read_ranges(text) == SIX_FIFTEEN.ranges


@pytest.mark.parametrize("text", ["", "Max 15 kg  Min 100 g", "(0~15) kg", "Max 15kg e=5g", "km/h"])
def test_a_nameplate_of_one_interval_has_no_partial_ranges(text: str) -> None:
    assert read_ranges(text) == ()


@pytest.mark.parametrize("text", ["Max 6/15 kg", "e=2/5 g", "Max 6/15/30 kg e=2/5 g"])
def test_which_interval_holds_at_which_load_is_never_guessed(text: str) -> None:
    with pytest.raises(CaseFault, match="Max 6/15 kg") as refused:
        read_ranges(text)
    assert refused.value.code == "ranges_unclear"
