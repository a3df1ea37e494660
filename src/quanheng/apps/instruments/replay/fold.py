"""Acts in, in their order; out comes what the log says of one instrument.

What the log does not say is left out, never guessed: `LoggedValues.values` has no such column, and
`LoggedValues.complete` is False while it is not known what stood beside the instrument when the log began to
tell of it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quanheng.apps.instruments import acts
from quanheng.apps.instruments.ledger_lines import BESIDE, INSTRUMENT, Records, columns_today
from quanheng.apps.instruments.replay.values import may_be_empty, same
from quanheng.apps.instruments.services.act_on import RECORDS
from quanheng.apps.registry import acts as registry_acts

# Acts from before they told everything: a filing changed more than it said.
FILINGS = frozenset({acts.FILING_SUBMITTED, acts.FILING_ACCEPTED, acts.FILING_RETURNED})
UNTOLD_OF_FILINGS = ("return_reason", "placed_on", "in_use_since")


@dataclass(frozen=True, slots=True)
class Deed:
    """What replaying needs of an act."""

    act: int
    verb: str
    at: str
    batch: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """A reorganisation: what lay in an area lies in another; None where the act did not say from where."""

    act: int
    areas: Mapping[int, int] | None


@dataclass(frozen=True, slots=True)
class Break:
    """An act found something else than the act before it had left: it was changed in between.

    Args:
        said: what the log said until then; found: what the act says it found.
    """

    act: int
    column: str
    said: Any
    found: Any


@dataclass(slots=True)
class LoggedValues:
    """What the log says of one instrument.

    Args:
        values: column → value, of what is known.
        by: column → number of the act that said so last.
        records: what stands beside it, by table and id; a row that is gone is None.
        entered: number of the act by which it entered; 0 while there is none.
        complete: whether everything that stands beside it is known.
    """

    values: dict[str, Any] = field(default_factory=dict)
    by: dict[str, int] = field(default_factory=dict)
    records: dict[str, dict[str, dict[str, Any] | None]] = field(default_factory=dict)
    record_by: dict[tuple[str, str], int] = field(default_factory=dict)
    entered: int = 0
    complete: bool = False
    breaks: list[Break] = field(default_factory=list)

    def enter(self, act: int, values: Mapping[str, Any], records: Mapping[str, Records]) -> None:
        """Begin with all that stood in the ledger after an act."""
        self.values, self.by = dict(values), dict.fromkeys(values, act)
        self.records = {name: dict(records.get(name, {})) for name in BESIDE}
        self.record_by = {(name, number): act for name, rows in self.records.items() for number in rows}
        self.entered, self.complete = act, True

    def take(self, deed: Deed) -> None:
        """Let an act happen."""
        if deed.verb == acts.INSTRUMENT_REGISTERED:
            self._register(deed)
            return
        for column in _columns(deed):
            self._set(deed, column)
        before, after = (side.get(RECORDS) or {} for side in (deed.before, deed.after))
        for name in BESIDE:
            for number, row in (after.get(name) or {}).items():
                self._set_record(deed.act, name, number, (before.get(name) or {}).get(number), row)
        if deed.verb in FILINGS and not self.complete:
            self.forget(*UNTOLD_OF_FILINGS)

    def move(self, moved: Moved) -> None:
        """Let a reorganisation happen."""
        if moved.areas is None:
            self.forget("area_id")
        elif (area := self.values.get("area_id")) in moved.areas:
            self.values["area_id"], self.by["area_id"] = moved.areas[int(area or 0)], moved.act

    def forget(self, *columns: str) -> None:
        """Stop to know columns: something changed them that does not say how."""
        for column in columns:
            self.values.pop(column, None)

    def _register(self, deed: Deed) -> None:
        if not deed.before:  # from before acts told everything: there was one, and that is all
            self.entered = deed.act
            return
        empty = may_be_empty(INSTRUMENT)
        told = {
            column: deed.after.get(column)
            for column in columns_today()[INSTRUMENT]
            if column in deed.before or column in empty
        }
        self.enter(deed.act, told | {"registered_at": deed.at}, {})
        self.complete = RECORDS in deed.after

    def _set(self, deed: Deed, column: str) -> None:
        found = deed.before.get(column)
        if column in self.values and not same(INSTRUMENT, column, self.values[column], found):
            self.breaks.append(Break(deed.act, column, self.values[column], found))
        self.values[column], self.by[column] = deed.after.get(column), deed.act

    def _set_record(
        self, act: int, name: str, number: str, found: Mapping[str, Any] | None, row: Mapping[str, Any] | None
    ) -> None:
        rows = self.records.setdefault(name, {})
        known = rows.get(number)
        for column, value in (found or {}).items():
            if known and column in known and not same(name, column, known[column], value):
                self.breaks.append(Break(act, f"{name} {number} {column}", known[column], value))
        rows[number] = None if row is None else {**(known or {}), **row}
        self.record_by[name, number] = act


def _columns(deed: Deed) -> Iterator[str]:
    """The columns that an act changed: those that it says the earlier value of."""
    for column in deed.before:
        if column != RECORDS:
            yield column
    if deed.verb == registry_acts.CODES_ISSUED and "code" not in deed.before and "code" in deed.after:
        yield "code"


def replay(
    told: LoggedValues, deeds: Iterable[Deed], moves: Sequence[Moved], untold: Container[int] = frozenset()
) -> LoggedValues:
    """Let acts and reorganisations happen in their order; those before its entry are not its own.

    Args:
        untold: imports that were taken back without an act for each row: what they changed is not known.
    """
    waiting = [one for one in moves if one.act > told.entered]
    for deed in deeds:
        if deed.act <= told.entered:
            continue
        while waiting and waiting[0].act < deed.act:
            told.move(waiting.pop(0))
        told.take(deed)
        if deed.batch in untold:
            told.forget(*_columns(deed))
    for one in waiting:
        told.move(one)
    return told
