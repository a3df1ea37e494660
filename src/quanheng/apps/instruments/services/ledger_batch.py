"""How acts on many instruments run: lock them once, act in memory, write all of it at once.

    with open_ledger([id, ...], by=by, at=at) as ledger:
        for ...:
            with ledger.all_or_nothing():
                enter_seal(ledger, id, ...)
                enter_verification(ledger, id, ...)

One act is a ledger of one. What a rule asks of the ledger (seals, verifications, the parts of a whole) it
asks here, where what was entered a moment ago already stands; the database is not asked for each instrument.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import Draft, record_many
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument, Placement, Seal, Verification
from quanheng.apps.instruments.queries.periods import longest_period, period_months
from quanheng.apps.instruments.queries.seals import Carrier, carriers
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.act_on import (
    RECORDS,
    InstrumentAct,
    drafted,
    logged,
    not_found,
    recorded,
)
from quanheng.kit.acts import Verb, check
from quanheng.kit.bulk import update_many
from quanheng.regulation.seal_numbers import seal_key

H = TypeVar("H", Seal, Verification)  # what hangs on an instrument
R = TypeVar("R", Seal, Verification, Instrument)


@dataclass(frozen=True, slots=True)
class Page:
    """One instrument in the open ledger; each act puts a new page in the place of the old one.

    Args:
        seals, verifications: its own, old and new; a new one has no number yet.
        last_day: of the newest placement that has ended.
        broken_parts: of a whole, its parts in use whose flag of a broken or an opened seal is up.
    """

    instrument: Instrument
    seals: tuple[Seal, ...] = ()
    verifications: tuple[Verification, ...] = ()
    last_day: date | None = None
    broken_parts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A seal or verification that an act changed, for its line in the log; a new row gets its number later.

    Args:
        before, after: the columns that changed; None before for a new row.
    """

    act: Draft
    row: Seal | Verification
    before: dict[str, Any] | None
    after: dict[str, Any]

    def tell(self) -> None:
        """Write it into the act, once the row is written."""
        table = self.row._meta.model_name or ""
        now = recorded(self.row)
        after = {
            name: now[name] if isinstance(value, DatabaseDefault) else value
            for name, value in self.after.items()
        }
        for side, values in ((self.act.before, self.before), (self.act.after, after)):
            side.setdefault(RECORDS, {}).setdefault(table, {})[str(self.row.pk)] = values


@dataclass(slots=True)
class LedgerBatch:
    """Locked instruments, the wholes that they are part of, and what is being entered about them."""

    by: Actor
    at: datetime
    today: date
    pages: dict[int, Page]
    acts: tuple[Draft, ...] = ()
    told: tuple[ToldRow, ...] = ()
    _sealed: dict[str, Carrier] = field(default_factory=dict)
    _carriers: dict[str, Carrier | None] = field(default_factory=dict)
    _months: dict[tuple[int, date], int | None] = field(default_factory=dict)
    _longest: dict[tuple[int, date], int | None] = field(default_factory=dict)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Leave nothing of the block behind when something in it is refused."""
        kept = dict(self.pages), self.acts, self.told, dict(self._sealed)
        try:
            yield
        except Exception:
            self.pages, self.acts, self.told, self._sealed = kept
            raise

    @contextmanager
    def act_on(self, verb: Verb, instrument_id: int) -> Iterator[InstrumentAct]:
        """Run one act on one instrument, as `act_on.act_on` does.

        Raises:
            RuleBroken: instrument_not_found, or whatever rule the block finds broken.
            NotYours: the actor's role or scope does not reach the act.
        """
        now = self.page(instrument_id).instrument
        check(verb, self.by, now)
        act = InstrumentAct(copy(now), self.today)
        beside = _beside(self.page(instrument_id))
        yield act
        changed = _changed(beside, _beside(self.page(instrument_id)))
        act.facts |= {RECORDS: {}} if changed else {}  # an act in any case; `_write` says which
        if told := drafted(verb, act, logged(now), by=self.by, at=self.at):
            self._turn(instrument_id, instrument=act.instrument)
            self.acts += (told,)
            self.told += tuple(ToldRow(told, *values) for values in changed)
            self._follow_whole(act.instrument)

    def page(self, instrument_id: int) -> Page:
        """Return the page of an instrument as it stands now.

        Raises:
            RuleBroken: instrument_not_found.
        """
        if instrument_id not in self.pages:
            raise not_found()
        return self.pages[instrument_id]

    def seals_protecting(self, instrument: Instrument) -> tuple[Seal, ...]:
        """The seals that protect an instrument: its own, and those of the whole that it is part of."""
        whole = self.pages.get(instrument.parent_id or 0)
        return self.page(instrument.pk).seals + (whole.seals if whole else ())

    def period_months(self, item_id: int, day: date) -> int | None:
        """Return how many months a verification holds, as `queries.periods` does; each is asked for once."""
        asked = item_id, day
        if asked not in self._months:
            self._months[asked] = period_months(item_id, day)
        return self._months[asked]

    def longest_period(self, item_id: int, day: date) -> int | None:
        """Return how many months it may hold at most, as `queries.periods` does; each is asked for once."""
        asked = item_id, day
        if asked not in self._longest:
            self._longest[asked] = longest_period(item_id, day)
        return self._longest[asked]

    def look_up_seals(self, numbers: Collection[str]) -> None:
        """Ask at once who carries seals with these numbers; otherwise each is asked for on its own."""
        found = carriers(numbers, self.by)
        self._carriers |= {key: found.get(key) for key in map(seal_key, numbers)}

    def carrier_of(self, number: str) -> Carrier | None:
        """Return who carries a whole seal with this number, what was entered a moment ago among them."""
        key = seal_key(number)
        if key not in self._carriers:
            self.look_up_seals([number])
        return self._sealed.get(key) or self._carriers[key]

    def add_seal(self, seal: Seal) -> None:
        """Enter a seal."""
        self._sealed[seal_key(seal.number)] = Carrier(seal.instrument_id, str(seal.instrument))
        self._turn(seal.instrument_id, seals=(*self.page(seal.instrument_id).seals, seal))

    def add_verification(self, row: Verification) -> None:
        """Enter a verification."""
        self._turn(row.instrument_id, verifications=(*self.page(row.instrument_id).verifications, row))

    def change_verification(self, row: Verification) -> None:
        """Put a changed copy of a verification in its place."""
        rows = self.page(row.instrument_id).verifications
        changed = tuple(row if known.pk == row.pk else known for known in rows)
        self._turn(row.instrument_id, verifications=changed)

    def _follow_whole(self, part: Instrument) -> None:
        whole = self.pages.get(part.parent_id or 0)
        if whole and not part.is_unsealed:
            self._turn(whole.instrument.pk, broken_parts=whole.broken_parts - {part.pk})

    def _turn(self, instrument_id: int, **changed: Any) -> None:
        self.pages[instrument_id] = replace(self.pages[instrument_id], **changed)


@contextmanager
def open_ledger(instrument_ids: Collection[int], *, by: Actor, at: datetime) -> Iterator[LedgerBatch]:
    """Lock instruments, let the block act on them, and write what it entered; one transaction.

    Locks are taken in ascending order of id, so that two ledgers cannot wait for each other forever. What the
    actor does not see is not in the ledger.
    """
    with transaction.atomic(), rate_changes.tracking(instrument_ids):
        found = _pages(instrument_ids, by)
        ledger = LedgerBatch(by=by, at=at, today=timezone.localdate(at), pages=dict(found))
        yield ledger
        _write(ledger, found)


def _pages(instrument_ids: Collection[int], by: Actor) -> dict[int, Page]:
    own = Instrument.objects.visible_to(by).filter(pk__in=instrument_ids)
    wholes = {whole for whole in own.values_list("parent_id", flat=True) if whole}
    rows = {
        row.pk: row for row in Instrument.objects.visible_to(by).filter(pk__in=wholes.union(instrument_ids))
    }
    seals = _by_instrument(Seal.objects.unscoped().filter(instrument__in=rows).order_by("pk"))
    known = _by_instrument(Verification.objects.unscoped().filter(instrument__in=rows).order_by("pk"))
    ended = Placement.objects.unscoped().filter(instrument__in=rows).values_list("instrument_id")
    last_days = dict(ended.annotate(Max("last_day")))
    broken = _broken_parts([row.pk for row in rows.values() if row.is_unsealed])
    return {
        pk: Page(row, seals[pk], known[pk], last_days.get(pk), frozenset(broken[pk]))
        for pk, row in rows.items()
    }


def _by_instrument(rows: Iterable[H]) -> defaultdict[int, tuple[H, ...]]:
    found: defaultdict[int, tuple[H, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.instrument_id] += (row,)
    return found


def _broken_parts(wholes: Collection[int]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    parts = Instrument.objects.unscoped().filter(
        Q(seal_broken=True) | Q(seal_opened=True), parent_id__in=wholes
    )
    for whole, part in parts.exclude(state=InstrumentState.SCRAPPED).values_list("parent_id", "pk"):
        found[whole or 0].add(part)
    return found


def _write(ledger: LedgerBatch, found: dict[int, Page]) -> None:
    pages = ledger.pages.values()
    known = {row.pk: row for page in found.values() for row in page.verifications}
    rows = [row for page in pages for row in page.verifications if row.pk and row is not known[row.pk]]
    update_many(rows, _columns(rows, known))
    try:
        Seal.objects.unscoped().bulk_create(seal for page in pages for seal in page.seals if seal.pk is None)
    except IntegrityError as broken:
        raise number_taken(broken) from None
    Verification.objects.unscoped().bulk_create(
        row for page in pages for row in page.verifications if row.pk is None
    )
    changed = [
        page.instrument for pk, page in ledger.pages.items() if page.instrument is not found[pk].instrument
    ]
    before = {page.instrument.pk: page.instrument for page in found.values()}
    update_many(changed, _columns(changed, before))
    for one in ledger.told:
        one.tell()
    record_many(list(ledger.acts))


Beside: TypeAlias = dict[Any, tuple[Seal | Verification, dict[str, Any]]]


def _beside(page: Page) -> Beside:
    """What stands beside an instrument, each row with its columns; a new row is known by its object."""
    rows: tuple[Seal | Verification, ...] = (*page.seals, *page.verifications)
    return {(type(row), row.pk or id(row)): (row, recorded(row)) for row in rows}


def _changed(
    then: Beside, now: Beside
) -> list[tuple[Seal | Verification, dict[str, Any] | None, dict[str, Any]]]:
    changed: list[tuple[Seal | Verification, dict[str, Any] | None, dict[str, Any]]] = []
    for key, (row, values) in now.items():
        if key not in then:
            changed.append((row, None, values))
        elif (was := then[key][1]) != values:
            names = [name for name in values if was[name] != values[name]]
            changed.append((row, {name: was[name] for name in names}, {name: values[name] for name in names}))
    return changed


def number_taken(broken: IntegrityError) -> Exception:
    """A number that another seal took a moment before is refused; anything else is a fault of ours."""
    if "seal_number_in_use_once" in str(broken):
        return refusals.SEAL_NUMBER_JUST_TAKEN()
    return broken


def _columns(changed: Sequence[R], before: Mapping[int, R]) -> set[str]:
    """Which columns any of the acts changed."""
    return {
        column.attname
        for row in changed
        for column in row._meta.concrete_fields
        if getattr(row, column.attname) != getattr(before[row.pk], column.attname)
    }
