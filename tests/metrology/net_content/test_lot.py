"""The verdict on a lot: JJF 1070 with its worked examples, and the plans of others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.net_content.lot import (
    LotOutcome,
    LotVerdict,
    Reason,
    judge_lot,
    largest_uncertainty,
)
from quanheng.metrology.net_content.quantities import QuantityKind
from quanheng.metrology.net_content.sampling import acceptance_probability, exact_factor, sampling_plan
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped

DAY = date(2026, 6, 1)
CN = shipped().in_force("net-content/cn", DAY)
R87, EU, NZ, US = (shipped().in_force(f"net-content/{name}", DAY) for name in ("oiml-r87", "eu", "nz", "us"))
CASE_A = "498.2 501.1 499.5 500.3 497.8 499.0 500.6 498.9 499.7 498.4"
CASE_B = "494.0 496.5 495.2 497.1 493.8 495.5 496.0 494.9 495.7 496.2"


def judged(items: str | list[Decimal], lot: int = 40, pack: RulePack = CN, nominal: int = 500) -> LotVerdict:
    given = [Decimal(item) for item in items.split()] if isinstance(items, str) else items
    return judge_lot(QuantityKind.MASS, Decimal(nominal), lot, given, pack=pack)


def spread_out(base: str) -> list[Decimal]:
    return [Decimal(base) + Decimal("0.2") * (Decimal(7 * i % 50) - Decimal("24.5")) for i in range(50)]


def test_case_a_is_accepted_on_its_mean() -> None:
    verdict = judged(CASE_A)
    test = verdict.mean_test
    assert test is not None
    assert (test.mean, test.deviation.quantize(Decimal("1E-4"))) == (Decimal("499.35"), Decimal("1.0865"))
    assert test.limit.quantize(Decimal("1E-3")) == Decimal("498.883")
    assert (verdict.t1, verdict.outcome, verdict.reasons) == (0, LotOutcome.ACCEPTED, ())


def test_case_b_is_rejected_on_its_mean_though_no_item_lacks_too_much() -> None:
    verdict = judged(CASE_B)
    assert verdict.mean_test is not None
    assert verdict.mean_test.limit.quantize(Decimal("1E-3")) == Decimal("498.920")
    assert (verdict.t1, verdict.reasons) == (0, (Reason.MEAN_TOO_SMALL,))


@pytest.mark.parametrize(
    ("base", "outcome"), [("499.0", LotOutcome.ACCEPTED), ("498.8", LotOutcome.REJECTED)]
)
def test_case_c_turns_on_a_fifth_of_a_gram(base: str, outcome: LotOutcome) -> None:
    verdict = judged(spread_out(base), lot=300)
    assert verdict.mean_test is not None
    assert verdict.mean_test.deviation.quantize(Decimal("1E-6")) == Decimal("2.915476")
    assert verdict.mean_test.limit.quantize(Decimal("1E-6")) == Decimal("498.895035")
    assert verdict.outcome == outcome


@pytest.mark.parametrize(
    ("item", "t1", "outcome"), [("484.9", 1, LotOutcome.REJECTED), ("485.0", 0, LotOutcome.ACCEPTED)]
)
def test_case_d_turns_on_exactly_t(item: str, t1: int, outcome: LotOutcome) -> None:
    verdict = judged(CASE_A.replace("497.8", item))
    assert (verdict.t1, verdict.outcome) == (t1, outcome)
    if t1 == 0:
        assert verdict.mean_test is not None
        assert verdict.mean_test.mean == Decimal("498.07")
        assert verdict.mean_test.deviation.quantize(Decimal("1E-5")) == Decimal("4.68758")
        assert verdict.mean_test.limit.quantize(Decimal("1E-3")) == Decimal("495.181")


def test_case_e_a_small_lot_is_measured_whole_and_has_no_test_of_the_mean() -> None:
    verdict = judged([Decimal(500)] * 7 + [Decimal("484.9")], lot=8)
    assert (verdict.mean_test, verdict.reasons) == (None, (Reason.TOO_MANY_T1,))


@pytest.mark.parametrize(
    ("short", "reasons"),
    [
        (["484"] * 3, ()),
        (["484"] * 4, (Reason.TOO_MANY_T1,)),
        (["469.9"], (Reason.T2_ITEM,)),
    ],
)
def test_case_f_three_may_lack_more_than_t_and_none_more_than_twice(
    short: list[str], reasons: tuple[Reason, ...]
) -> None:
    items = [Decimal(value) for value in short] + [Decimal(502)] * (50 - len(short))
    assert judged(items, lot=300).reasons == reasons


def test_case_g_a_mean_of_992_8_of_a_kilogram_is_too_small() -> None:
    """A campaign in Lima, N = 10: the whole lot is measured, and the mean of the EU's test must reach Qn."""
    items = [Decimal("992.8")] * 10
    assert judged(items, lot=10, pack=EU, nominal=1000).reasons == (Reason.MEAN_TOO_SMALL,)


@pytest.mark.parametrize(
    ("pack", "lot"), [(R87, 12), (R87, 99), (NZ, 2), (NZ, 12), (US, 1), (US, 11), (US, 12)]
)
def test_the_mean_of_a_lot_that_is_measured_whole_reaches_qn_without_a_correction(
    pack: RulePack, lot: int
) -> None:
    """SR 1999/373, Schedule 7A, table 1: c = 0 for lots of 2 to 12; the same holds of every whole lot."""
    short = judged([Decimal("499.9")] * lot, lot=lot, pack=pack)
    assert short.mean_test is not None
    assert (short.mean_test.limit, short.reasons) == (Decimal(500), (Reason.MEAN_TOO_SMALL,))
    spread = [Decimal(500) + (index - Decimal(lot - 1) / 2) for index in range(lot)]
    assert Reason.MEAN_TOO_SMALL not in judged(spread, lot=lot, pack=pack).reasons


def test_a_sample_of_a_lot_keeps_its_correction() -> None:
    """One package more than New Zealand measures whole: the same twelve contents pass with c·s."""
    wider = [Decimal("498")] * 6 + [Decimal("501.8")] * 6
    assert judged(wider, lot=12, pack=NZ).outcome == LotOutcome.REJECTED
    assert judged(wider, lot=13, pack=NZ).outcome == LotOutcome.ACCEPTED


@pytest.mark.parametrize(
    ("pack", "lot", "sample", "factor", "allowed"),
    [
        (CN, 10, 10, None, 0), (CN, 11, 10, "1.028", 0), (CN, 50, 10, "1.028", 0), (CN, 51, 13, "0.848", 1),
        (CN, 99, 13, "0.848", 1), (CN, 100, 50, "0.379", 3), (CN, 501, 80, "0.295", 5),
        (CN, 3200, 80, "0.295", 5), (CN, 3201, 125, "0.234", 7), (R87, 99, 99, None, 0),
        (R87, 120, 50, "0.379", 3), (NZ, 13, 12, "0.746", 0), (NZ, 40, 12, "0.826", 1),
        (NZ, 149, 12, "0.860", 2), (NZ, 399, 32, "0.465", 3), (NZ, 4000, 32, "0.483", 4),
        (NZ, 4001, 80, "0.295", 6), (US, 11, 11, None, 0), (US, 12, 12, None, 0), (US, 13, 12, "0.635", 0),
        (US, 251, 24, "0.422", 0),
        (US, 3201, 48, "0.291", 0), (EU, 100, 30, "0.503", 1), (EU, 501, 50, "0.379", 2),
    ],
)  # fmt: skip
def test_the_plan_of_a_lot(pack: RulePack, lot: int, sample: int, factor: str | None, allowed: int) -> None:
    plan = sampling_plan(lot, pack)
    assert (plan.sample, plan.allowed) == (sample, allowed)
    assert plan.factor == (None if factor is None else Decimal(factor))
    if factor is not None and pack is not NZ:
        assert plan.exact_factor == pytest.approx(float(factor), abs=1.1e-3)


@pytest.mark.parametrize(
    ("sample", "largest_lot", "factor"),
    [(12, 39, 0.746), (12, 79, 0.826), (12, 149, 0.860), (32, 399, 0.465), (32, 4000, 0.483)],
)
def test_the_finite_lot_correction_gives_every_row_of_new_zealand(
    sample: int, largest_lot: int, factor: float
) -> None:
    assert exact_factor(sample, 0.995, largest_lot) == pytest.approx(factor, abs=6e-4)


def test_destructive_tests_take_twenty_in_the_eu() -> None:
    plan = sampling_plan(500, EU, destructive=True)
    assert (plan.sample, plan.factor) == (20, Decimal("0.640"))
    assert plan.exact_factor == pytest.approx(0.640, abs=6e-4)
    assert sampling_plan(500, CN, destructive=True).sample == 50


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (1, None, LotOutcome.ACCEPTED),
        (2, None, LotOutcome.SECOND_SAMPLE),
        (3, None, LotOutcome.REJECTED),
        (2, 2, LotOutcome.ACCEPTED),
        (2, 3, LotOutcome.REJECTED),
    ],
)
def test_between_two_numbers_a_second_sample_decides(
    first: int, second: int | None, outcome: LotOutcome
) -> None:
    def sample(short: int) -> list[Decimal]:
        return [Decimal(484)] * short + [Decimal(503)] * (30 - short)

    items = sample(first) + ([] if second is None else sample(second))
    assert judged(items, lot=300, pack=EU).outcome == outcome


@pytest.mark.parametrize(
    ("lot", "sample", "allowed", "share", "probability"),
    [
        (500, 50, 3, 0.025, 0.976), (500, 50, 3, 0.09, 0.317), (3200, 80, 5, 0.025, 0.986),
        (3200, 80, 5, 0.09, 0.260), (10000, 125, 7, 0.025, 0.987), (10000, 125, 7, 0.09, 0.115),
    ],
)  # fmt: skip
def test_how_likely_a_lot_passes(
    lot: int, sample: int, allowed: int, share: float, probability: float
) -> None:
    found = acceptance_probability(lot, sample, allowed, int(lot * share))
    assert found == pytest.approx(probability, abs=2e-3)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: sampling_plan(0, CN), "lot_size"),
        (lambda: judged([Decimal(500)] * 9), "items"),
        (lambda: judged([Decimal(500)] * 9 + [Decimal(-1)]), "items[9]"),
        (lambda: acceptance_probability(10, 11, 0, 0), "sample"),
        (lambda: acceptance_probability(10, 5, 0, 11), "inadequate"),
    ],
)
def test_what_cannot_be_judged_names_its_field(call: object, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()  # type: ignore[operator]
    assert refused.value.field == field


def test_the_edition_of_the_day_applies_and_an_unknown_table_says_so() -> None:
    assert shipped().in_force("net-content/cn", date(2024, 10, 11)).edition == "JJF 1070-2005"
    assert CN.edition == "JJF 1070-2023"
    assert not judged(CASE_A).citation.is_verified


def test_contents_are_measured_to_a_fifth_of_t() -> None:
    assert largest_uncertainty(Decimal(15), CN) == 3


ITEMS = st.lists(st.decimals(min_value=440, max_value=540, places=1), min_size=10, max_size=10)


@given(ITEMS, st.randoms())
def test_the_order_of_the_items_does_not_matter(items: list[Decimal], chance: st.Random) -> None:  # type: ignore[name-defined]
    other = list(items)
    chance.shuffle(other)
    one, two = judged(items), judged(other)
    assert (one.outcome, one.reasons, one.t1, one.t2) == (two.outcome, two.reasons, two.t1, two.t2)


@given(ITEMS, st.integers(0, 9), st.decimals(min_value=0, max_value=50, places=1))
def test_a_fuller_item_never_worsens_the_test_of_the_items(
    items: list[Decimal], which: int, more: Decimal
) -> None:
    fuller = [*items]
    fuller[which] += more
    before, after = judged(items), judged(fuller)
    assert (after.t2, after.t1 + after.t2) <= (before.t2, before.t1 + before.t2)
