"""The page that sets our figures beside those of independent implementations."""

from __future__ import annotations

import dataclasses

import pytest

pytest.importorskip("metrolopy", reason="it has wheels for Linux on x86-64 only")

from scripts import agreement_published
from scripts.agreement import FIGURES, PAGE, correlations, frameworks, monte_carlos, page, table
from scripts.agreement_models import GUM, MONTE_CARLO


def test_the_framework_agrees_with_gtc_and_suncal() -> None:
    rows = frameworks()
    assert {row.model for row in rows} == {model.label for model in GUM}
    assert [row for row in rows if not row.agrees] == []


def test_the_correlations_of_several_outputs_agree_and_are_the_published_ones() -> None:
    rows = correlations()
    assert [round(row.ours, 3) for row in rows] == [-0.588, -0.485, 0.993]
    assert all(row.agrees for row in rows)


def test_a_short_monte_carlo_agrees_with_metrolopy_and_suncal() -> None:
    rows = monte_carlos(trials=20_000)
    assert len(rows) == len(MONTE_CARLO) * len(FIGURES)
    assert [row for row in rows if not row.agrees] == []
    assert all(difference for row in rows for difference in row.differences)  # no draws in common


def test_a_difference_beyond_the_tolerance_is_shown() -> None:
    row = frameworks(GUM[:1])[0]
    wrong = dataclasses.replace(row, ours=row.ours + 1)
    assert not wrong.agrees
    assert "**NO**" in table([wrong], ("GTC", "suncal"))[-1]


def test_the_committed_page_has_every_row_and_each_agrees() -> None:
    text = PAGE.read_text("utf-8")
    assert "**NO**" not in text
    for head in ("## The GUM framework", "## Monte Carlo", "## Draws"):
        assert head in text
    for model in GUM:
        assert f"| {model.label} | u |" in text
    for model in MONTE_CARLO:
        assert all(f"| {model.label} | {figure} |" in text for figure in FIGURES)


def test_the_committed_page_is_laid_out_as_the_script_writes_it() -> None:
    now = page(trials=20_000, draws="## Draws").splitlines()
    committed = PAGE.read_text("utf-8").splitlines()
    assert [line for line in now if line.startswith("#")] == [
        line for line in committed if line.startswith("#")
    ]
    exact = now.index("## Monte Carlo")
    assert committed.index("## Monte Carlo") == exact
    labels = [line.split("|")[1:3] for line in now[:exact] if line.startswith("|")]
    assert labels == [line.split("|")[1:3] for line in committed[:exact] if line.startswith("|")]


def test_what_a_text_printed_is_ours_to_its_last_place() -> None:
    found = agreement_published.rows()
    assert [row[0] for row in found if agreement_published.agrees(*row[2:]) != "yes"] == []
    assert agreement_published.agrees(1.0, 1.006, 0.005) == "**NO**"


def test_each_subject_stands_on_the_page_with_what_printed_it() -> None:
    text = PAGE.read_text("utf-8")
    for figure, source, printed, *_ in agreement_published.rows():
        assert f"| {figure} | {source} | {printed:.10g} |" in text
    for subject in ("SCF of a lot", "6/15 kg", "K-factor", "E₀", "kW·h", "clusters in strata", "drift: days"):
        assert subject in text
