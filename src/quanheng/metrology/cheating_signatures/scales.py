"""Signs of manipulation in the data of scales and weighbridges. Masses are in the unit of e, unless said."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from quanheng.metrology.cheating_signatures import chance
from quanheng.metrology.cheating_signatures.suspicion import (
    SignatureRule,
    Suspicion,
    numbers,
    suspicion_of,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

FEWEST = 8  # readings from which two groups can be told


def two_spans(
    gains: ArrayLike,
    tolerated: float,
    rule: SignatureRule,
    random: np.random.Generator,
    simulations: int = 1999,
) -> Suspicion:
    """Tell whether ratios of indication to true load fall into two groups: a span that a hidden key changes.

    Also for the error of a dispenser at one volume. An exact Monte Carlo test against one normal group.

    Args:
        gains: of repeated loads known otherwise, such as the same goods on another scale.
        tolerated: difference of gain that the permissible error or the scale interval explains.
        random: seeded by the caller, so that the figure can be had again.
    """
    values = numbers(gains, "gains", at_least=FEWEST)
    explained, share = chance.best_split(values)
    ordered = np.sort(values)
    cut = round(float(share[0]) * len(values))
    distance = float(ordered[cut:].mean() - ordered[:cut].mean())
    probability = chance.of_two_groups(values, random, simulations) if distance > tolerated else 1.0
    reason = tell(
        "示值与实际之比分成两群，相差 {percent:.2f} %，较小一群占 {share:.0f} %",
        percent=distance * 100,
        share=share[0] * 100,
    )
    return suspicion_of(
        "two_spans", probability, rule, reason, distance=distance, explained=float(explained[0])
    )


def zero_preset(unloaded: ArrayLike, e: float, rule: SignatureRule) -> Suspicion:
    """Tell whether the scale shows more or less than its permitted zero error with nothing on it."""
    values = numbers(unloaded, "unloaded", at_least=3)
    if not e > 0:
        raise CaseFault("e", "not_positive", tell("检定分度值应大于 0，现为 {e}。", e=e))
    mean = float(values.mean())
    probability = 2 * chance.of_mean_above(np.sign(mean) * values, rule.zero_error_e * e)
    reason = tell(
        "空载时平均示值 {mean:+.4g}，零点误差允许 ±{zero_error_e:g}e",
        mean=mean,
        zero_error_e=rule.zero_error_e,
    )
    return suspicion_of("zero_preset", probability, rule, reason, mean=mean)


def zero_not_reestablished(starts: ArrayLike, e: float, rule: SignatureRule) -> Suspicion:
    """Count weighings that began a scale interval or more away from zero."""
    away = np.abs(numbers(starts, "starts")) >= e
    count, trials = int(away.sum()), len(away)
    probability = chance.of_so_many(count, trials, rule.start_not_zero)
    reason = tell("{trials} 次称量中有 {count} 次开始前未回零", trials=trials, count=count)
    return suspicion_of("zero_not_reestablished", probability, rule, reason, count=count, trials=trials)


def span_jump(before: ArrayLike, after: ArrayLike, tolerated: float, rule: SignatureRule) -> Suspicion:
    """Compare relative errors before an instant, such as the last sealing, with those after it (Welch).

    A jump no larger than what is tolerated, such as the drift of a year, is none.
    """
    early, late = numbers(before, "before", at_least=3), numbers(after, "after", at_least=3)
    jump = float(late.mean() - early.mean())
    probability = chance.of_difference_above(early, late, tolerated)
    reason = tell("铅封之后示值误差平均变化 {percent:+.3f} %", percent=jump * 100)
    return suspicion_of("span_jump", probability, rule, reason, jump=jump)


def partial_loading(tare_history: ArrayLike, tare: float, rule: SignatureRule) -> Suspicion:
    """Compare a vehicle's tare with its earlier ones: too light where an axle stood off the platform.

    Student's prediction interval for one more weighing, one-sided.
    """
    earlier = numbers(tare_history, "tare_history", at_least=4)
    spread = float(earlier.std(ddof=1)) * float(np.sqrt(1 + 1 / len(earlier)))
    missing = float(earlier.mean()) - tare
    probability = chance.of_student(missing, spread, len(earlier) - 1)
    reason = tell("皮重比该车以往平均值轻 {missing:.4g}", missing=missing)
    return suspicion_of("partial_loading", probability, rule, reason, missing=missing)


def simulated_signal(raw: ArrayLike, noise: float, rule: SignatureRule) -> Suspicion:
    """Tell whether a load cell's signal is quieter than a load cell can be: a simulator in its place.

    Args:
        raw: successive signals at rest.
        noise: standard deviation of an honest cell with this amplifier (χ² test, lower tail).
    """
    values = numbers(raw, "raw", at_least=FEWEST)
    if not noise > 0:
        raise CaseFault("noise", "not_positive", tell("噪声标准差应大于 0，现为 {noise}。", noise=noise))
    quiet = float(values.std(ddof=1))
    freedom = len(values) - 1
    probability = float(stats.chi2.cdf(freedom * quiet**2 / noise**2, freedom))
    reason = tell("静止信号的标准差 {quiet:.3g}，正常传感器约为 {noise:.3g}", quiet=quiet, noise=noise)
    return suspicion_of("simulated_signal", probability, rule, reason, deviation=quiet)
