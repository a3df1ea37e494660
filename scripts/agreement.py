"""Write docs/reference/agreement.md: our figures beside those of independent implementations, in one run.

    .venv/bin/python -m scripts.agreement

Every generator is seeded, so that the same versions give the same page.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import GTC
import numpy as np

from quanheng.metrology.uncertainty.coverage import shortest_interval, symmetric_interval
from quanheng.metrology.uncertainty.monte_carlo import draw_output
from quanheng.metrology.uncertainty.propagation import propagate
from quanheng.metrology.uncertainty.several_outputs import propagate_jointly
from scripts import agreement_draws, agreement_published
from scripts.agreement_models import (
    GUM,
    MONTE_CARLO,
    Model,
    h_2_jointly,
    in_gtc,
    in_metrolopy,
    in_suncal,
    ours,
)
from scripts.peers import metrolopy

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "agreement.md"
TRIALS = 1_000_000
SEED = 20260601
SEQUENCES = 50
SIGMAS = 5
RELATIVE = 1e-9
PAGE_TEXT = """\
# Agreement with independent implementations

Written by `make agreement` (`scripts/agreement.py`); do not edit. One run computes our figures and those
of others, which share no code with ours, from the same inputs. A row agrees when every difference is within
the tolerance.

## The GUM framework

Against {gtc} and {suncal}. Each differentiates in its own way, so the figures must be equal but for the
rounding of binary numbers: the tolerance is {relative} of u, {relative} of the effective degrees of freedom,
{relative} of a correlation, or 1e-12 of an estimate if that is larger. H.2 and H.3 have correlated inputs,
for which the Welch-Satterthwaite formula does not hold and we state no degrees of freedom.

{framework}

## Monte Carlo

The examples of JCGM 101, clause 9, against {metrolopy} and {suncal}, {trials} trials each, every generator
seeded otherwise. Two honest runs differ by chance: the tolerance is {sigmas}·√2·s/√{sequences}, where s is
the standard deviation of the figure among {sequences} equal parts of our draws, so that chance alone fails
one difference in a hundred thousand. The interval holds 95 % (9.5 and H.1: 99 %), with equal probability
beyond either end; in 9.4 it is the shortest, which starts at 0 where x₁ = 0, and whose parts scatter more
than their pool: there the tolerance is generous.

The degrees of freedom of H.1 make t-distributions of its normal
inputs (JCGM 101, 6.4.9) and limits that are not known exactly of its rectangular ones (6.4.3).

{monte_carlo}

{published}

{draws}
"""
FIGURES = ("estimate", "u", "lower end", "upper end")


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of one model: ours, what each peer found, and how far they may lie apart."""

    model: str
    figure: str
    ours: float
    peers: tuple[float | None, ...]
    tolerance: float

    @property
    def differences(self) -> tuple[float | None, ...]:
        return tuple(None if peer is None else peer - self.ours for peer in self.peers)

    @property
    def agrees(self) -> bool:
        return all(abs(one) <= self.tolerance for one in self.differences if one is not None)


def frameworks(models: Sequence[Model] = GUM) -> list[Compared]:
    """Compare estimate, uncertainty and degrees of freedom with GTC and suncal."""
    return [row for model in models for row in _framework(model)]


def _framework(model: Model) -> list[Compared]:
    found, theirs = propagate(ours(model)), in_gtc(model)
    with np.errstate(all="ignore"):  # it divides by no degrees of freedom where there are infinitely many
        summary = in_suncal(model, standard=True).calculate_gum()
    u = found.standard_uncertainty
    rows = [
        Compared(
            model.label,
            "estimate",
            found.estimate,
            (GTC.value(theirs), float(summary.expected["y"])),
            max(RELATIVE * u, abs(found.estimate) * 1e-12),
        ),
        Compared(
            model.label,
            "u",
            u,
            (GTC.uncertainty(theirs), float(summary.uncertainty["y"])),
            RELATIVE * u,
        ),
    ]
    degrees = found.degrees_of_freedom
    if degrees is not None and math.isfinite(degrees):
        peers = (GTC.dof(theirs), float(summary.degf["y"]))
        rows.append(Compared(model.label, "ν_eff", degrees, peers, RELATIVE * degrees))
    return rows


def correlations() -> list[Compared]:
    """Compare the correlations of the outputs of H.2 with GTC and suncal."""
    mine, numbers, built = h_2_jointly()
    found = propagate_jointly(mine, 0.95).correlation
    with np.errstate(all="ignore"):
        summary = built.calculate_gum().correlation()
    names = list(mine.equations)
    return [
        Compared(
            "H.2 outputs",
            f"r({names[one].upper()}, {names[other].upper()})",
            float(found[one, other]),
            (
                GTC.get_correlation(numbers[one], numbers[other]),
                float(summary[names[one]][names[other]]),
            ),
            RELATIVE,
        )
        for one, other in ((0, 1), (0, 2), (1, 2))
    ]


def monte_carlos(trials: int = TRIALS, models: Sequence[Model] = MONTE_CARLO) -> list[Compared]:
    """Compare estimate, uncertainty and interval ends with metrolopy and suncal, as many trials each."""
    metrolopy.Distribution.set_seed(SEED + 1)  # the same generator as ours: the same seed were the same draws
    np.random.seed(SEED + 2)  # the one that suncal draws from
    chance = np.random.Generator(np.random.PCG64(SEED))
    return [row for model in models for row in _monte_carlo(model, trials, chance)]


def _monte_carlo(model: Model, trials: int, chance: np.random.Generator) -> list[Compared]:
    draws = draw_output(ours(model), trials, chance)
    apart = np.array([_figures(part, model) for part in np.array_split(draws, SEQUENCES)])
    allowed = SIGMAS * math.sqrt(2) * apart.std(axis=0, ddof=1) / math.sqrt(SEQUENCES)
    peers = [_of_metrolopy(model, trials), _of_suncal(model, trials)]
    return [
        Compared(model.label, name, mine, tuple(peer[index] for peer in peers), float(allowed[index]))
        for index, (name, mine) in enumerate(zip(FIGURES, _figures(draws, model), strict=True))
    ]


def _figures(draws: Any, model: Model) -> tuple[float, float, float, float]:
    interval = shortest_interval if model.is_shortest else symmetric_interval
    found = interval(np.sort(draws), model.probability)
    return float(draws.mean()), float(draws.std(ddof=1)), found.lower, found.upper


def _of_metrolopy(model: Model, trials: int) -> tuple[float, float, float, float]:
    """The figures as metrolopy itself states them, its interval by its own method."""
    output = in_metrolopy(model)
    output.sim(trials)
    output.p = model.probability
    output.cimethod = "shortest" if model.is_shortest else "symmetric"
    lower, upper = output.cisim
    return float(output.xsim), float(output.usim), float(lower), float(upper)


def _of_suncal(model: Model, trials: int) -> tuple[float, float, float, float]:
    found = in_suncal(model, standard=False).monte_carlo(samples=trials)
    interval = found.expand("y", conf=model.probability, shortest=model.is_shortest)
    return (
        float(found.expected["y"]), float(found.uncertainty["y"]), float(interval.low), float(interval.high)
    )  # fmt: skip


def table(rows: Sequence[Compared], peers: tuple[str, ...]) -> list[str]:
    """Return the rows as a table: ours, each peer's difference, the tolerance, the verdict."""
    heads = ["example", "figure", "ours", *(f"{peer} − ours" for peer in peers), "tolerance", "agrees"]
    return [
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
        *("| " + " | ".join(_cells(row)) + " |" for row in rows),
    ]


def _cells(row: Compared) -> list[str]:
    apart = ["–" if one is None else f"{one:.1e}" for one in row.differences]
    return [row.model, row.figure, f"{row.ours:.9g}", *apart, f"{row.tolerance:.1e}", _verdict(row.agrees)]


def _verdict(agrees: bool) -> str:
    return "yes" if agrees else "**NO**"


def page(trials: int = TRIALS, *, draws: str) -> str:
    """Return the page around the section on draws."""
    return PAGE_TEXT.format(
        gtc=f"GTC {version('GTC')}",
        suncal=f"suncal {version('suncal')}",
        metrolopy=f"metrolopy {version('metrolopy')}",
        relative=f"{RELATIVE:.0e}",
        trials=f"{trials:,}",
        sigmas=SIGMAS,
        sequences=SEQUENCES,
        framework="\n".join(table([*frameworks(), *correlations()], ("GTC", "suncal"))),
        monte_carlo="\n".join(table(monte_carlos(trials), ("metrolopy", "suncal"))),
        published=agreement_published.section(),
        draws=draws,
    )


def main() -> int:
    """Write the page; 1 when something does not agree."""
    draws = agreement_draws.compared()
    text = page(draws=agreement_draws.section(lambda: draws)).rstrip() + "\n"
    PAGE.write_text(text, "utf-8")
    apart = text.count("**NO**") + sum(differing > 0 for *_, differing in draws)
    print(
        f"{PAGE.relative_to(ROOT)}: {text.count('| yes |') + len(draws)} rows compared, {apart} do not agree"
    )
    return int(apart > 0)


if __name__ == "__main__":
    sys.exit(main())
