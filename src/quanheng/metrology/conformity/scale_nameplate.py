"""What the nameplate of a scale says, and whether it fits together (OIML R 76-1:2006, 3.2 and 3.3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

# How nameplates and ledgers write a class: in words, or with another numeral.
CLASS_AS_WRITTEN = {
    "特种": "I", "高": "II", "中": "III", "普通": "IIII", "IV": "IIII",
    "2": "II", "3": "III", "4": "IIII", "一": "I", "二": "II", "三": "III", "四": "IIII",
}  # fmt: skip
CLASS_WORDS = ("准确度", "等级", "级", "CLASS", "第")
STROKES = re.compile(r"[1IL|丨]{1,4}")  # a keyboard without the numeral: III, lll, 111, |||
GRAMS = {"mg": Decimal("0.001"), "g": Decimal(1), "kg": Decimal(1000), "t": Decimal(1_000_000)}
VALUE = r"\d+(?:\.\d+)?\s*(?:mg|kg|g|t)?"
VALUES = rf"\s*[=:]?\s*(?P<values>{VALUE}(?:\s*/\s*{VALUE})+)"
CAPACITIES = re.compile(rf"(?:max|最大秤量){VALUES}")
INTERVALS = re.compile(rf"(?<![a-z])(?:e(?:\s*=\s*d)?|检定分度值){VALUES}")


@dataclass(frozen=True, slots=True)
class PartialRange:
    """One partial weighing range of a multi-interval scale: up to max_g it weighs in steps of e_g."""

    max_g: Decimal
    e_g: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """What the nameplate says.

    Args:
        accuracy_class: I, II, III or IIII.
        max_g: maximum capacity.
        e_g: verification scale interval; the smallest of a multi-interval scale.
        d_g: actual scale interval; e where the nameplate has one interval.
        ranges: partial weighing ranges of a multi-interval scale (Max 6/15 kg, e 2/5 g), from the smallest;
            empty where one interval holds over the whole range.
    """

    accuracy_class: str
    max_g: Decimal
    e_g: Decimal
    d_g: Decimal | None = None
    ranges: tuple[PartialRange, ...] = ()

    @property
    def parts(self) -> tuple[PartialRange, ...]:
        return self.ranges or (PartialRange(self.max_g, self.e_g),)

    def interval_at(self, load_g: Decimal) -> Decimal:
        """Return e of the partial range that a load falls into; its upper end belongs to it."""
        return next((part.e_g for part in self.parts if load_g <= part.max_g), self.parts[-1].e_g)

    def step_at(self, load_g: Decimal) -> Decimal:
        """Return d at a load; e of the partial range where the nameplate states none."""
        return self.d_g or self.interval_at(load_g)


def read_class(text: str) -> str:
    """Return an accuracy class as the regulation names it, from how a nameplate or a ledger writes it.

    >>> read_class("Ⅲ级"), read_class("中准确度级"), read_class("(iii)")
    ('III', 'III', 'III')

    What is not understood is returned as it stands, for the limits to refuse by its name.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip(" ()")
    for word in CLASS_WORDS * 2:  # 准确度等级, 准确度级: a word may hide another
        plain = plain.removeprefix(word).removesuffix(word).strip(" ()")
    if STROKES.fullmatch(plain):
        return "I" * len(plain)
    return CLASS_AS_WRITTEN.get(plain, plain)


def read_ranges(text: str) -> tuple[PartialRange, ...]:
    """Read the partial ranges that a nameplate states, as in ``"Max 6/15 kg  e=2/5 g"``; empty without any.

    Raises:
        CaseFault: several capacities and not as many intervals, or the other way about: which interval holds
            at which load must not be guessed.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    capacities, intervals = (_grams(pattern.search(plain)) for pattern in (CAPACITIES, INTERVALS))
    if len(capacities) != len(intervals):
        message: str = tell(
            "多分度值秤须写明每一段的最大秤量和检定分度值，如“Max 6/15 kg，e=2/5 g”，现为“{text}”。",
            text=text,
        )
        raise CaseFault("ranges", "ranges_unclear", message)
    return tuple(PartialRange(*each) for each in zip(capacities, intervals, strict=True))


def check_nameplate(scale: Scale, pack: RulePack) -> list[CaseFault]:
    """Return what does not fit together on the nameplate: class, interval and number of intervals."""
    if scale.accuracy_class not in pack.table("classes").values:
        return [unknown_class(scale)]
    if any(part.e_g <= 0 or part.max_g <= 0 for part in scale.parts):
        return [CaseFault("e_g", "not_positive", "检定分度值 e 和最大秤量 Max 都应大于 0。")]
    faults = [fault for part in scale.parts for fault in _check_part(scale.accuracy_class, part, pack)]
    return faults or _check_ranges(scale, pack)


def minimum_g(scale: Scale, pack: RulePack) -> Decimal:
    """Return the minimum capacity that the class requires; the smallest interval counts.

    Raises:
        CaseFault: the nameplate does not fit.
    """
    if faults := check_nameplate(scale, pack):
        raise faults[0]
    least = scale.parts[0].e_g
    row = next(row for row in pack.table("classes").values[scale.accuracy_class] if _fits(row, least))
    return least * Decimal(row["min_e"])


def unknown_class(scale: Scale) -> CaseFault:
    """Return the fault of a class that no table knows."""
    message: str = tell(
        "准确度等级“{accuracy_class}”无法识别，应为 I、II、III 或 IIII。", accuracy_class=scale.accuracy_class
    )
    return CaseFault("accuracy_class", "unknown_class", message)


def _check_part(accuracy_class: str, part: PartialRange, pack: RulePack) -> list[CaseFault]:
    fitting = [row for row in pack.table("classes").values[accuracy_class] if _fits(row, part.e_g)]
    if not fitting:
        message: str = tell(
            "{accuracy_class} 级秤的检定分度值不会是 {e_g} g，请核对铭牌。",
            accuracy_class=accuracy_class,
            e_g=part.e_g,
        )
        return [CaseFault("e_g", "interval_not_in_class", message)]
    intervals = part.max_g / part.e_g
    row = fitting[0]
    if row["n_from"] <= intervals <= row.get("n_to", intervals):
        return []
    upper = f"–{row['n_to']}" if "n_to" in row else tell(" 以上")
    message = tell(
        "检定分度数 n = Max/e = {intervals:f}，{accuracy_class} 级应为 {least}{upper}。",
        intervals=intervals,
        accuracy_class=accuracy_class,
        least=row["n_from"],
        upper=upper,
    )
    return [CaseFault("max_g", "intervals_out_of_class", message, intervals=intervals)]


def _check_ranges(scale: Scale, pack: RulePack) -> list[CaseFault]:
    """Hold the partial ranges against the whole and against R 76-1, 3.3.3: Max_i / e_(i+1)."""
    if not scale.ranges:
        return []
    if (scale.ranges[-1].max_g, scale.ranges[0].e_g) != (scale.max_g, scale.e_g):
        message: str = tell(
            "多分度值秤的最大秤量应为最后一段的 {last_max_g:f} g，e 应为第一段的 {first_e_g:f} g，现"
            "为 {max_g:f} g 和 {e_g:f} g。",
            last_max_g=scale.ranges[-1].max_g,
            first_e_g=scale.ranges[0].e_g,
            max_g=scale.max_g,
            e_g=scale.e_g,
        )
        return [CaseFault("ranges", "ranges_disagree", message)]
    if any(less.max_g >= more.max_g or less.e_g >= more.e_g for less, more in pairwise(scale.ranges)):
        message = "多分度值秤各段的最大秤量和检定分度值都应逐段增大。"
        return [CaseFault("ranges", "ranges_not_rising", message)]
    least = pack.table("partial_ranges").values["least_intervals"][scale.accuracy_class]
    if any(less.max_g / more.e_g < least for less, more in pairwise(scale.ranges)):
        message = tell(
            "{accuracy_class} 级多分度值秤每一段的最大秤量除以下一段的 e 不应小于 {least}。",
            accuracy_class=scale.accuracy_class,
            least=least,
        )
        return [CaseFault("ranges", "ranges_too_coarse", message)]
    return []


def _fits(row: dict[str, Decimal], e_g: Decimal) -> bool:
    return bool(row["e_from_g"] <= e_g <= row.get("e_to_g", e_g))


def _grams(found: re.Match[str] | None) -> list[Decimal]:
    """Return the values between slashes in grams; one without a unit has that of the next that has one."""
    grams, unit = [], "g"
    for value in reversed(found["values"].split("/")) if found else ():
        number = value.strip().rstrip("mgkt")
        unit = value.strip()[len(number) :] or unit
        grams.append(Decimal(number.strip()) * GRAMS[unit])
    return grams[::-1]
