"""Rates from samples: published intervals, the stratified vector, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quanheng.metrology.survey_estimates.allocation import (
    neyman_shares,
    proportional_shares,
    whole_numbers,
)
from quanheng.metrology.survey_estimates.proportions import (
    clopper_pearson,
    defectives,
    fewest_defectives,
    most_defectives,
    wilson,
)
from quanheng.metrology.survey_estimates.rates import (
    Stratum,
    design_effect,
    stratified_rate,
    weighted_rate,
    weighted_total,
)
from quanheng.metrology.survey_estimates.selection import Selection
from quanheng.packs.case_fault import CaseFault

STRATA = [Stratum(1200, 60, 3), Stratum(300, 30, 4), Stratum(80, 20, 6)]


@pytest.mark.parametrize(
    ("hits", "trials", "score", "exact"),
    [
        (0, 10, (0, 0.27753), (0, 0.30850)),
        (1, 10, (0.01788, 0.40415), (0.00253, 0.44502)),
        (4, 20, (0.08066, 0.41602), (0.05733, 0.43661)),
        (10, 200, (0.02738, 0.08958), (0.02423, 0.09003)),
        (81, 263, (0.25529, 0.36621), (0.25274, 0.36762)),
    ],
)
def test_intervals_of_newcombe(
    hits: int, trials: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    found = wilson(hits, trials), clopper_pearson(hits, trials)
    assert [(round(one.lower, 5), round(one.upper, 5)) for one in found] == [score, exact]


@pytest.mark.parametrize(
    ("population", "sample", "hits", "most"), [(500, 100, 0, 13), (500, 100, 2, 28), (1000, 200, 3, 35)]
)
def test_most_defectives_of_a_finite_lot(population: int, sample: int, hits: int, most: int) -> None:
    assert most_defectives(hits, sample, population) == most


def test_a_clean_sample_of_a_hundred_does_not_show_99_per_cent() -> None:
    assert 1 - most_defectives(0, 100, 500) / 500 == pytest.approx(0.974)


@given(st.integers(1, 60), st.data())
def test_the_bounds_are_those_of_a_search_through_all(population: int, data: st.DataObject) -> None:
    sample = data.draw(st.integers(1, population))
    hits = data.draw(st.integers(0, sample))
    possible = [
        lot for lot in range(hits, population - sample + hits + 1)
        if stats.hypergeom.cdf(hits, population, lot, sample) >= 1 - 0.95
    ]  # fmt: skip
    assert most_defectives(hits, sample, population, 0.95) == max(possible)
    both = defectives(hits, sample, population)
    assert fewest_defectives(hits, sample, population, 0.975) == both.lower <= hits * population / sample
    assert both.lower <= both.upper
    if sample == population:
        assert both.lower == both.upper == hits


@given(st.integers(1, 500), st.data())
def test_an_interval_holds_its_rate_and_its_mirror_image(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    for interval in (wilson, clopper_pearson):
        found, mirrored = interval(hits, trials), interval(trials - hits, trials)
        assert found.lower <= hits / trials <= found.upper
        assert found.lower == pytest.approx(1 - mirrored.upper, abs=1e-12)
        assert interval(hits, trials, 0.99).upper >= found.upper


def test_the_stratified_rate_of_three_strata() -> None:
    found = stratified_rate(STRATA, selection=Selection.UNIT)
    assert round(found.rate, 6) == 0.078481
    assert round(found.standard_error, 6) == 0.024325
    assert (round(found.wald.lower, 4), round(found.wald.upper, 4)) == (0.0308, 0.1262)
    assert found.exact.lower > 0
    assert found.exact.lower < found.rate < found.exact.upper
    assert (found.sample, found.population) == (110, 1580)
    assert design_effect(found) == pytest.approx(110 * 0.024325**2 / (0.078481 * 0.921519), rel=1e-3)


def test_the_order_of_strata_does_not_matter_and_a_census_has_no_error() -> None:
    assert stratified_rate(STRATA[::-1], selection=Selection.UNIT).standard_error == pytest.approx(
        stratified_rate(STRATA, selection=Selection.UNIT).standard_error
    )
    census = stratified_rate([Stratum(1, 1, 1), Stratum(9, 9, 0)], selection=Selection.UNIT)
    assert (census.rate, census.standard_error) == (0.1, 0.0)


def test_no_hits_have_an_upper_bound_nevertheless() -> None:
    found = stratified_rate([Stratum(1000, 100, 0)], selection=Selection.UNIT)
    assert found.wald.upper == 0
    assert round(found.exact.upper, 4) == 0.0362


def test_equal_probabilities_are_a_simple_random_sample() -> None:
    hits = np.array([1] * 3 + [0] * 57)
    found = weighted_rate(hits, np.full(60, 0.05), selection=Selection.UNIT)
    simple = stratified_rate([Stratum(1200, 60, 3)], selection=Selection.UNIT)
    assert found.rate == pytest.approx(simple.rate)
    assert found.standard_error == pytest.approx(simple.standard_error)
    assert found.population == pytest.approx(1200)
    assert weighted_total(hits, np.full(60, 0.05)) == pytest.approx(60)


def test_a_sample_aimed_at_risk_is_weighted_back() -> None:
    """1000 units, 100 of them risky with 30 % failing, the others 1 %: in truth 3.9 %."""
    rng = np.random.default_rng(17)
    fails = np.concatenate([rng.random(100) < 0.3, rng.random(9900) < 0.01]).astype(float)
    chance = np.concatenate([np.full(100, 0.8), np.full(9900, 0.05)])
    inside, plain = 0, []
    for _ in range(200):
        drawn = rng.random(10_000) < chance
        found = weighted_rate(fails[drawn], chance[drawn], selection=Selection.UNIT)
        inside += found.wald.lower <= fails.mean() <= found.wald.upper
        plain.append(fails[drawn].mean())
    assert inside >= 178  # of 200, nominal 190
    assert np.mean(plain) > 2.5 * fails.mean()  # what an unweighted rate would claim


def test_neyman_and_proportional_shares() -> None:
    sizes = [1200, 300, 80]
    rates = np.array([3 / 60, 4 / 30, 6 / 20])
    neyman = neyman_shares(sizes, np.sqrt(rates * (1 - rates)), 110)
    assert neyman.round(2).tolist() == [71.89, 28.03, 10.08]
    assert proportional_shares(sizes, 110).round(2).tolist() == [83.54, 20.89, 5.57]
    assert whole_numbers(neyman, sizes, 110) == (72, 28, 10)
    assert whole_numbers(proportional_shares(sizes, 110), sizes, 110) == (83, 21, 6)


def test_a_dear_stratum_is_asked_less() -> None:
    assert neyman_shares([100, 100], [0.3, 0.3], 30, [1.0, 4.0]).tolist() == pytest.approx([20.0, 10.0])


def test_a_floor_of_five_in_each_stratum() -> None:
    """Annual batches: at least 5 a stratum; a stratum of 3 is taken whole."""
    sizes = [1000, 500, 20, 3]
    counts = whole_numbers(proportional_shares(sizes, 60), sizes, 60, at_least=5)
    assert sum(counts) == 60
    assert counts[2:] == (5, 3)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.floats(0, 1), st.integers(0, 6), st.data())
def test_whole_numbers_add_up_and_stay_inside(
    sizes: list[int], part: float, floor: int, data: st.DataObject
) -> None:
    least = sum(min(size, floor) for size in sizes)
    sample = least + round(part * (sum(sizes) - least))
    shares = data.draw(st.lists(st.floats(0, 100), min_size=len(sizes), max_size=len(sizes)))
    counts = whole_numbers(shares, sizes, sample, at_least=floor)
    assert sum(counts) == sample
    assert all(min(size, floor) <= count <= size for size, count in zip(sizes, counts, strict=True))


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: wilson(0, 0), "trials"),
        (lambda: wilson(3, 2), "hits"),
        (lambda: clopper_pearson(1, 2, 1.0), "confidence"),
        (lambda: most_defectives(0, 5, 4), "sample"),
        (lambda: stratified_rate([], selection=Selection.UNIT), "strata"),
        (lambda: stratified_rate([Stratum(5, 6, 0)], selection=Selection.UNIT), "strata[0].sample"),
        (lambda: stratified_rate([Stratum(5, 4, 5)], selection=Selection.UNIT), "strata[0].hits"),
        (lambda: stratified_rate([Stratum(5, 1, 0)], selection=Selection.UNIT), "strata[0].sample"),
        (lambda: weighted_rate([1], [0.5], selection=Selection.UNIT), "inclusion"),
        (lambda: weighted_rate([2, 0], [0.5, 0.5], selection=Selection.UNIT), "hits"),
        (lambda: weighted_rate([1, 0], [0.5, 0.0], selection=Selection.UNIT), "inclusion"),
        (lambda: stratified_rate(STRATA, selection=Selection.CLUSTER), "selection"),
        (lambda: weighted_rate([1, 0], [0.5, 0.5], selection=Selection.CLUSTER), "selection"),
        (lambda: proportional_shares([0, 0], 5), "sizes"),
        (lambda: neyman_shares([1, 2], [0.1, -0.1], 5), "deviations"),
        (lambda: neyman_shares([1, 2], [0.1, 0.1], 5, [1.0, 0.0]), "costs"),
        (lambda: neyman_shares([1, 2], [0.1], 5), "deviations"),
        (lambda: whole_numbers([1.0], [3], 4), "sample"),
        (lambda: whole_numbers([1.0, 2.0], [3], 2), "shares"),
    ],
)  # fmt: skip
def test_what_makes_no_estimate_is_refused(call: object, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()  # type: ignore[operator]
    assert refused.value.field == field
