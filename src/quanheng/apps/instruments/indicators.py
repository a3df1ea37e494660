"""Indicators, each declared once: a share of the instruments in use of which something holds, by day.

    CODED = declare(Indicator(key="coded", name=_("赋码率"), ..., days=SQL, holds=has_code_on, targets=(...)))

A declaration stands in `apps/indicators/declared/`, one file each, and is loaded at the start. From it come
the rollup that every act keeps exact (`services/rate_changes.py`), its recount, the frozen days, page, map,
trend, rows, API and `quanheng indicators`: nothing else names an indicator. Here and not in the higher app,
because the acts write the rollup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models.expressions import Combinable

from quanheng.kit.dated import holds_on
from quanheng.kit.tones import Text

Rule = Callable[[date], Combinable]  # a condition on rows of Instrument, asked of a day
LONGEST_KEY = 8  # the column of the frozen days


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the numbers of an indicator.

    Args:
        key: its name in addresses and data; never changes.
        label: as a heading.
        note: what it is, where the label does not say it.
        rows: what the instruments behind it are called.
    """

    key: str
    label: Text
    note: Text = ""
    rows: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another formula with the same denominator, whose value stands beside the indicator's.

    Args:
        version: of the formula.
        key: its name in data.
        part: its numerator.
        holds: its rule on rows.
    """

    version: str
    key: str
    part: Part
    holds: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target in per cent, reached from it upwards, for a time.

    Args:
        source: who set it, and where it is written.
        verified: somebody has read it there; else the page says that it is not certain.
    """

    percent: int
    valid_from: date
    valid_to: date | None = None
    source: Text
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An indicator.

    Args:
        key: name in the rollup, in frozen days and (in small letters) in addresses; never changes.
        name: short, for a heading of a column; title: with what it is counted of.
        formula: in words, with its version; a new reading is a new version.
        targets: dated; none where nobody set one.
        premises: the kinds of premises that count, called `premises_label`, until one kind is asked for.
        in_use, holding, gap: denominator, numerator, and what is between them.
        variant: a second numerator.
        days: SQL of the days on which the rule holds of the instruments in `counted` (id, item_id, ...):
            columns instrument_id, first_day, last_day (None for no end), numerator and variant (0 or 1 each).
            The rows of one instrument must not overlap within a column.
        holds: the same rule as a condition on rows, for the instruments behind a figure. A test holds both
            together for every indicator, and an indicator's own test holds them to its rule.
        counts_item: whether a catalogue item counts, by its supervision and mode of verification.
    """

    key: str
    name: Text
    title: Text
    formula: Text
    version: str
    targets: tuple[Target, ...] = ()
    premises: tuple[str, ...]
    premises_label: Text
    in_use: Part
    holding: Part
    gap: Part
    variant: Variant | None = None
    days: str
    holds: Rule
    counts_item: Callable[[str, str], bool] = lambda _supervision, _mode: True

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.key.lower()

    @property
    def parts(self) -> dict[str, Part]:
        """Return its numbers by key."""
        variant = [self.variant.part] if self.variant else []
        return {part.key: part for part in (self.in_use, self.holding, *variant, self.gap)}

    def target_on(self, day: date) -> Target | None:
        """Return the target that holds on a day."""
        return next((target for target in self.targets if holds_on(target, day)), None)

    def counted_items(self, items: Iterable[tuple[int, str, str]]) -> list[int]:
        """Return the catalogue items that count, of (key, supervision, mode)."""
        return [pk for pk, supervision, mode in items if self.counts_item(supervision, mode)]


_DECLARED: dict[str, Indicator] = {}


def declare(indicator: Indicator) -> Indicator:
    """Make an indicator known.

    Raises:
        ValueError: the key is taken, or does not fit.
    """
    if indicator.slug in _DECLARED or not (indicator.key.isalnum() and len(indicator.key) <= LONGEST_KEY):
        raise ValueError(f"The key {indicator.key!r} is taken, or is not of at most {LONGEST_KEY} letters.")
    _DECLARED[indicator.slug] = indicator
    return indicator


def indicators() -> tuple[Indicator, ...]:
    """Return every indicator that is declared: those of the plan (T1, ...) before our own."""
    return tuple(sorted(_DECLARED.values(), key=lambda indicator: indicator.key))


def indicator_of(key: str) -> Indicator:
    """Return an indicator by its key, in whatever case. Raises KeyError where nobody declares it."""
    return _DECLARED[key.lower()]
