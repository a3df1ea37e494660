"""Rates from whole clusters drawn in strata: a printed example, every possible sample, what is refused."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quanheng.metrology.survey_estimates.clusters import (
    ClusterRate,
    ClusterStratum,
    SeenCluster,
    stratified_cluster_rate,
)
from quanheng.metrology.survey_estimates.rates import Stratum, design_effect, stratified_rate
from quanheng.metrology.survey_estimates.selection import Selection
from quanheng.packs.case_fault import CaseFault

# SAS/STAT User's Guide, the SURVEYMEANS procedure, example 1: what pupils spend on ice cream. Grade, study
# group, spending; 8 of 608, 3 of 252 and 5 of 403 study groups were drawn, and all their pupils asked.
ICE_CREAM = """7 34 7 7 34 7 7 412 4 9 27 14 7 34 2 9 230 15 9 27 15 7 501 2 9 230 8 9 230 7 7 501 3 8 59 20
7 403 4 7 403 11 8 59 13 8 59 17 8 143 12 8 143 16 8 59 18 9 235 9 8 143 10 9 312 8 9 235 6 9 235 11
9 312 10 7 321 6 8 156 19 8 156 14 7 321 3 7 321 12 7 489 2 7 489 9 7 78 1 7 78 10 7 489 2 7 156 1
7 78 6 7 412 6 7 156 2 9 301 8"""
GROUPS = {7: 608, 8: 252, 9: 403}


def ice_cream() -> list[ClusterStratum]:
    """Return the strata, with those who spend less than 10 as hits."""
    numbers = [int(text) for text in ICE_CREAM.split()]
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for grade, group, spending in zip(*(iter(numbers),) * 3, strict=True):
        groups[grade, group].append(spending)
    return [
        ClusterStratum(total, [
            SeenCluster(len(spent), sum(one < 10 for one in spent))
            for (of, _group), spent in groups.items() if of == grade
        ])
        for grade, total in GROUPS.items()
    ]  # fmt: skip


def seen(*pairs: tuple[int, int]) -> list[SeenCluster]:
    return [SeenCluster(size, hits) for size, hits in pairs]


def test_the_stratified_cluster_sample_of_the_sas_manual() -> None:
    found = stratified_cluster_rate(ice_cream())
    assert (found.sample, found.clusters, round(found.population, 1)) == (40, 16, 3162.6)
    assert round(found.rate, 6) == 0.561437
    assert round(found.standard_error, 6) == 0.056368
    assert (round(found.interval.lower, 8), round(found.interval.upper, 8)) == (0.43966057, 0.68321302)
    assert found.degrees_of_freedom == 13


def test_the_same_by_cochrans_sum_of_strata() -> None:
    """Cochran 1977, 11.9, written out: S²(y) + R² S²(x) - 2R S(xy); the interval by the beta distribution."""
    strata, variance, spread = ice_cream(), 0.0, 0.0
    sums = [
        (one.clusters / len(one.seen) * sum(c.hits for c in one.seen),
         one.clusters / len(one.seen) * sum(c.size for c in one.seen)) for one in strata
    ]  # fmt: skip
    total, population = map(sum, zip(*sums, strict=True))
    rate = total / population
    for one in strata:
        hits, sizes = ([getattr(c, name) for c in one.seen] for name in ("hits", "size"))
        (yy, yx), (_, xx) = np.cov(hits, sizes)
        scale = one.clusters**2 * (1 - len(hits) / one.clusters) / len(hits)
        variance += scale * (yy + rate**2 * xx - 2 * rate * yx) / population**2
        spread += scale * yy
    found = stratified_cluster_rate(strata)
    assert found.rate == pytest.approx(rate)
    assert found.standard_error == pytest.approx(sqrt(variance))
    assert (found.total, found.total_error) == pytest.approx((total, sqrt(spread)))
    assert rate * (1 - rate) / variance > 40  # by chance better than simple: no more than the 40 is claimed
    size = 40 * (stats.t.ppf(0.975, 39) / stats.t.ppf(0.975, 13)) ** 2
    exact = stats.beta.ppf(
        [0.025, 0.975], [rate * size, rate * size + 1], [size - rate * size + 1, size - rate * size]
    )
    assert (found.exact.lower, found.exact.upper) == pytest.approx(tuple(exact))


def test_over_every_possible_sample_the_total_and_its_variance_are_right_on_average() -> None:
    """Two strata of 4 and 5 clusters, 2 and 3 drawn: all 60 samples."""
    strata = [seen((3, 1), (2, 2), (5, 0), (4, 1)), seen((1, 1), (6, 2), (2, 0), (3, 3), (4, 1))]
    samples = product(combinations(strata[0], 2), combinations(strata[1], 3))
    found = [
        stratified_cluster_rate([ClusterStratum(4, first), ClusterStratum(5, second)])
        for first, second in samples
    ]
    totals = [one.total for one in found]
    assert len(found) == 60
    assert np.mean(totals) == pytest.approx(sum(one.hits for stratum in strata for one in stratum))
    assert np.mean([one.total_error**2 for one in found]) == pytest.approx(np.var(totals))


def test_clusters_of_one_are_a_stratified_sample_of_units() -> None:
    strata = [(1200, 60, 3), (300, 30, 4), (80, 20, 6)]
    found = stratified_cluster_rate([
        ClusterStratum(of, seen(*[(1, 1)] * hits, *[(1, 0)] * (sample - hits))) for of, sample, hits in strata
    ])  # fmt: skip
    units = stratified_rate([Stratum(*one) for one in strata], selection=Selection.UNIT)
    assert found.rate == pytest.approx(units.rate)
    assert found.standard_error == pytest.approx(units.standard_error)
    assert (found.degrees_of_freedom, found.sample, found.population) == (107, 110, 1580)


def test_what_stands_together_and_fails_together_widens_the_interval() -> None:
    found = stratified_cluster_rate([ClusterStratum(100, seen((8, 8), (8, 0), (8, 0), (8, 8)))])
    plain = stratified_rate([Stratum(800, 32, 16)], selection=Selection.UNIT)
    assert found.rate == plain.rate == 0.5
    assert design_effect(found) > 5
    assert found.exact.upper - found.exact.lower > 2 * (plain.exact.upper - plain.exact.lower)


@pytest.mark.parametrize("hits", [0, 4, 8])
def test_clusters_that_do_not_differ_claim_no_more_than_their_number(hits: int) -> None:
    """Four stations with the same share: no error comes out, but 4 are not as good as 32 independent ones."""
    found = stratified_cluster_rate([ClusterStratum(100, seen(*[(8, hits)] * 4))])
    assert found.standard_error == 0
    assert found.effective_sample == 4
    assert found.exact.upper - found.exact.lower > 0.6


def test_a_census_has_no_error_and_no_interval() -> None:
    found = stratified_cluster_rate(
        [ClusterStratum(1, seen((8, 2))), ClusterStratum(2, seen((4, 0), (4, 2)))]
    )
    assert (found.rate, found.standard_error, found.degrees_of_freedom) == (0.25, 0.0, 0)
    assert (
        (found.exact.lower, found.exact.upper) == (found.interval.lower, found.interval.upper) == (0.25, 0.25)
    )
    assert (found.total, found.total_interval.lower, found.total_interval.upper) == (4, 4, 4)
    assert found.effective_sample == 16


def test_a_stratum_that_was_seen_whole_gives_no_degrees_of_freedom() -> None:
    """Its clusters say nothing about how those of another stratum vary."""
    drawn = ClusterStratum(50, seen((4, 1), (4, 0), (4, 2)))
    whole = ClusterStratum(3, seen((2, 0), (2, 1), (2, 0)))
    assert stratified_cluster_rate([drawn, whole]).degrees_of_freedom == 2


CLUSTERS = st.integers(1, 12).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size)))


@given(st.lists(st.lists(CLUSTERS, min_size=2, max_size=6), min_size=1, max_size=4), st.integers(0, 50))
def test_an_interval_holds_its_rate_whatever_the_order_and_whichever_side_is_counted(
    strata: list[list[tuple[int, int]]], unseen: int
) -> None:
    def rate(turned: bool = False, mirrored: bool = False) -> ClusterRate:
        return stratified_cluster_rate([
            ClusterStratum(len(one) + unseen, seen(*[(n, n - k if mirrored else k) for n, k in one]))
            for one in (strata[::-1] if turned else strata)
        ])  # fmt: skip

    found, turned, mirrored = rate(), rate(turned=True), rate(mirrored=True)
    assert found.exact.lower <= found.rate + 1e-12
    assert found.rate <= found.exact.upper + 1e-12
    assert turned.standard_error == pytest.approx(found.standard_error, abs=1e-9)
    assert mirrored.standard_error == pytest.approx(found.standard_error, abs=1e-9)
    assert found.exact.lower == pytest.approx(1 - mirrored.exact.upper, abs=1e-6)
    assert found.total_interval.lower >= sum(hits for one in strata for _, hits in one) - 1e-9
    assert found.effective_sample <= found.sample


@pytest.mark.parametrize(
    ("strata", "confidence", "field"),
    [
        ([], 0.95, "strata"),
        ([ClusterStratum(5, [])], 0.95, "strata[0].seen"),
        ([ClusterStratum(1, seen((3, 0), (3, 1)))], 0.95, "strata[0].seen"),
        ([ClusterStratum(5, seen((3, 0)))], 0.95, "strata[0].seen"),
        ([ClusterStratum(5, seen((3, 0), (0, 0)))], 0.95, "strata[0].seen[1]"),
        ([ClusterStratum(5, seen((3, 0), (3, 4)))], 0.95, "strata[0].seen[1]"),
        ([ClusterStratum(5, seen((3, 0), (3, 1)))], 1.0, "confidence"),
    ],
)
def test_clusters_that_make_no_estimate_are_refused(
    strata: list[ClusterStratum], confidence: float, field: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        stratified_cluster_rate(strata, confidence)
    assert refused.value.field == field


def test_what_takes_units_for_independent_names_the_estimate_for_clusters() -> None:
    with pytest.raises(CaseFault, match="分层整群估计"):
        stratified_rate([Stratum(800, 32, 16)], selection=Selection.CLUSTER)
