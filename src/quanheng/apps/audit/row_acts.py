"""How acts on rows run: lock, check, change, save, log; one transaction. One row is a batch of one.

    LINES = RowKind(model=ApplicationLine, missing=refusals.LINE_NOT_FOUND, told=…, filed=…)

    with act_on_row(LINES, acts.VERIFICATION_RETURNED, line_id, by=by, at=at, reason=reason) as act:
        act.row.state = LineState.RETURNED

    with act_on_rows(LINES, acts.VERIFICATION_ACCEPTED, line_ids, by=by, at=at) as batch:
        batch.take(lambda act: accept(act.row))  # what is refused stays as it was and holds up no other
    batch.refused                                # id → why

A kind says once what its log tells and where the log files it; what is locked, checked, stamped, saved and
logged follows, for one row and for a thousand alike. An act that changes nothing and has no facts to tell
leaves nothing in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from quanheng.apps.audit.services import Draft, draft, record_many
from quanheng.kit.acts import Reachable, Verb, check
from quanheng.kit.bulk import update_many
from quanheng.kit.refusal import Refusal, RuleBroken
from quanheng.kit.scope import Scope

M = TypeVar("M", bound=Model)
Told: TypeAlias = dict[str, Any]  # as the log keeps it: JSON values by name
Beside: TypeAlias = tuple[Told, Told]  # what an act changed in other rows, before and after


class Person(Protocol):
    """Who acts, as the right and the log want to know it (`accounts.actors.Actor` fits)."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Any: ...
    @property
    def area_id(self) -> int | None: ...
    @property
    def agency_id(self) -> int | None: ...
    @property
    def scope(self) -> Scope: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKind(Generic[M]):
    """What acts have to know of a kind of row.

    Args:
        model: its manager is scoped (`kit.scope`): what the actor does not see is not there.
        missing: the refusal for a row that is not there.
        filed: under what the log files an act: `area_id`, `entity_id`, `root_id`, `instrument_id`, `subject`.
        told: what the log tells of a row; of an act it tells what differs. Nothing where the acts name facts
            of their own: on an instrument's line `state` and the like are the instrument's.
        related: the rows that are read with it, as for `select_related`.
        reached: of what the right is asked, where that is not the row itself.
        stamped: the column that gets the instant of the last act.
        versioned: whether the row counts its changes in `version`.
        meanwhile: the refusal where somebody changed the row since it was read.
        around: what has to stand open while rows change, by their ids.
        beside: what stands beside the rows, by id, asked before and after.
        difference: what an act changed of it.
    """

    model: type[M]
    missing: Refusal
    filed: Callable[[M], Told]
    told: Callable[[M], Told] = lambda _row: {}
    related: tuple[str, ...] = ()
    reached: Callable[[M], Reachable] | None = None
    stamped: str = ""
    versioned: bool = False
    meanwhile: Refusal | None = None
    around: Callable[[Collection[int]], AbstractContextManager[None]] = lambda _ids: nullcontext()
    beside: Callable[[Collection[int]], Mapping[int, Any]] = lambda _ids: {}
    difference: Callable[[Any, Any], Beside] = lambda _then, _now: ({}, {})


@dataclass(slots=True)
class RowAct(Generic[M]):
    """An act on one row while it is being done.

    Args:
        row: locked; change it freely, it is saved at the end.
        at: the instant of the act.
        facts: what the log should say besides what changed on the row.
    """

    row: M
    at: datetime
    facts: Told = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of the act in China."""
        return timezone.localdate(self.at)


class RowActs(Generic[M]):
    """The same act on many rows; they are locked and those that may not are sorted out.

    Attributes:
        acts: what may be done, by id, in its order.
        refused: why the others may not, by id.
    """

    def __init__(
        self, kind: RowKind[M], verb: Verb, ids: Collection[int], *, by: Person, at: datetime,
        reason: str = "", versions: Mapping[int, int] | None = None,
    ) -> None:  # fmt: skip
        self.kind, self.verb, self.by, self.at, self.reason = kind, verb, by, at, reason
        self.acts: dict[int, RowAct[M]] = {}
        self.refused: dict[int, RuleBroken] = {}
        found = _locked(kind, ids, by)
        for row_id in sorted(set(ids)):
            self._sort_in(row_id, found.get(row_id), (versions or {}).get(row_id))
        self._before = {row_id: copy(act.row) for row_id, act in self.acts.items()}
        self._told = {row_id: kind.told(act.row) for row_id, act in self.acts.items()}
        self._beside = kind.beside(self.acts)

    def take(self, change: Callable[[RowAct[M]], object]) -> None:
        """Call `change` with each act; a row that it refuses is noted and stays as it was."""
        for row_id, act in list(self.acts.items()):
            try:
                change(act)
            except RuleBroken as refusal:
                self.refused[row_id] = refusal
                del self.acts[row_id]

    def refuse_any(self) -> None:
        """Have one refusal refuse them all.

        Raises:
            RuleBroken: the first; it names every row that was refused.
        """
        for refusal in self.refused.values():
            refusal.rows = dict(self.refused)
            raise refusal

    def write(self) -> None:
        """Save the rows that changed and log the acts."""
        beside = self.kind.beside(self.acts)
        drafts = [drafted for row_id in self.acts if (drafted := self._drafted(row_id, beside))]
        self._save()
        record_many(drafts)

    def _sort_in(self, row_id: int, row: M | None, version: int | None) -> None:
        try:
            if row is None:
                raise self.kind.missing()
            check(self.verb, self.by, _reached(self.kind, row))
            self._check_version(row, version)
        except RuleBroken as refusal:
            self.refused[row_id] = refusal
        else:
            self.acts[row_id] = RowAct(row, self.at)

    def _check_version(self, row: Any, version: int | None) -> None:
        if version is not None and self.kind.meanwhile and version != row.version:
            raise self.kind.meanwhile(version=row.version)

    def _drafted(self, row_id: int, beside: Mapping[int, Any]) -> Draft | None:
        act = self.acts[row_id]
        was, now = self._told[row_id], self.kind.told(act.row)
        changed = [name for name, value in now.items() if was.get(name) != value]
        others = self.kind.difference(self._beside.get(row_id), beside.get(row_id))
        if not (changed or act.facts or others[1] or _changed(act.row, self._before[row_id])):
            return None
        self._stamp(act.row)
        return draft(
            self.verb, by=self.by, at=self.at, reason=self.reason, **self.kind.filed(act.row),
            before={name: was.get(name) for name in changed} | others[0],
            after=act.facts | {name: now[name] for name in changed} | others[1],
        )  # fmt: skip

    def _stamp(self, row: Any) -> None:
        if self.kind.stamped:
            setattr(row, self.kind.stamped, self.at)
        if self.kind.versioned:
            row.version += 1

    def _save(self) -> None:
        changed = {row_id: _changed(act.row, self._before[row_id]) for row_id, act in self.acts.items()}
        rows = [self.acts[row_id].row for row_id, columns in changed.items() if columns]
        columns = {column for some in changed.values() for column in some}
        if len(rows) == 1 or any(
            isinstance(each, ArrayField) for each in self.kind.model._meta.concrete_fields
        ):
            for row in rows:
                row.save(update_fields=columns)
        else:
            update_many(rows, columns)


@contextmanager
def act_on_rows(
    kind: RowKind[M], verb: Verb, ids: Collection[int], *, by: Person, at: datetime, reason: str = "",
    versions: Mapping[int, int] | None = None,
) -> Iterator[RowActs[M]]:  # fmt: skip
    """Run one act on many rows. A refusal inside the block leaves nothing behind.

    Rows are locked in order of their id, so that two batches at once cannot wait for each other forever.

    Args:
        versions: the versions that the person was looking at, by id.
    """
    with transaction.atomic(), kind.around(ids):
        batch = RowActs(kind, verb, ids, by=by, at=at, reason=reason, versions=versions)
        yield batch
        batch.write()


@contextmanager
def act_on_row(
    kind: RowKind[M], verb: Verb, row_id: int, *, by: Person, at: datetime, reason: str = "",
    version: int | None = None,
) -> Iterator[RowAct[M]]:  # fmt: skip
    """Run one act on one row: a batch of one.

    Raises:
        RuleBroken: the row is not there, was changed meanwhile, or whatever rule the block finds broken.
        NotYours: the actor's role or scope does not reach the act.
    """
    versions = None if version is None else {row_id: version}
    with act_on_rows(kind, verb, [row_id], by=by, at=at, reason=reason, versions=versions) as batch:
        batch.refuse_any()
        yield batch.acts[row_id]


def _locked(kind: RowKind[M], ids: Collection[int], by: Person) -> dict[int, M]:
    """Return the rows by id; those that are only assigned too, for `check` is asked with each of them."""
    manager: Any = kind.model._default_manager
    rows = manager.shown_to(by).select_for_update(of=("self",))
    if kind.related:
        rows = rows.select_related(*kind.related)
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}


def _reached(kind: RowKind[M], row: M) -> Any:
    return kind.reached(row) if kind.reached else row


def _changed(row: Model, before: Model) -> set[str]:
    """Return the columns of a row that differ from what they were."""
    names = (column.attname for column in row._meta.concrete_fields if not column.generated)
    return {name for name in names if getattr(row, name) != getattr(before, name)}
