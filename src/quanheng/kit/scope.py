"""Who may see which rows: the first wall (querysets) and the context of the second (row-level security).

A scope is an interval of area positions (officers), one entity with its children (operators), one
institute, or nothing. Areas are integers laid out so that every area's descendants are one interval
(`accounts.Area`); a comparison of integers is leakproof, so PostgreSQL may use indexes below the policies.
Beyond it lie single rows that were assigned for a time (`kit.assignments`, ADR 0029): `shown_to` adds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeAlias, TypeVar

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from quanheng.kit.assignments import AssignedRow, capacities_reading

M = TypeVar("M", bound=models.Model)
Fields: TypeAlias = dict[str, str | tuple[str, ...]]  # of a row that is reached in several ways, each of them


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that an actor reaches.

    Args:
        first, last: interval of area positions, both included; None for no area.
        entity_id: the regulated entity whose rows (and whose children's rows) are reached.
        everything: the system itself (migrations, jobs, the seeding of a demonstration).
        user_id: the person; their own acts in the log are always theirs to see.
        log: the log of acts of the whole province (the audit administrator).
        agency_id: the office or institute, for what is assigned to its people.
        capacities: what the role may hold an assignment as; empty for nearly everybody.
        assigned: the single rows that are assigned to the person, the entity or the agency today.
        subject: the one subject of which the role reads rows in its areas, and nothing else there (the
            hotline reads reports, not the ledger); `subject_first` and `subject_last` are those areas.
    """

    first: int | None = None
    last: int | None = None
    entity_id: int | None = None
    everything: bool = False
    user_id: int | None = None
    log: bool = False
    agency_id: int | None = None
    capacities: tuple[str, ...] = ()
    assigned: tuple[AssignedRow, ...] = ()
    subject: str = ""
    subject_first: int | None = None
    subject_last: int | None = None

    @property
    def areas(self) -> tuple[int, int] | None:
        """The areas that the actor deals with, be it in one subject: what may be named, not what is seen."""
        if self.first is not None and self.last is not None:
            return self.first, self.last
        if self.subject_first is not None and self.subject_last is not None:
            return self.subject_first, self.subject_last
        return None

    def covers_subject(self, subject: str, position: int) -> bool:
        """Say whether rows of a subject in the area at this position lie in the scope."""
        first, last = self.subject_first, self.subject_last
        mine = bool(subject) and subject == self.subject
        return mine and first is not None and last is not None and first <= position <= last

    def covers_area(self, position: int) -> bool:
        """Say whether the area at this position lies in the scope."""
        if self.everything:
            return True
        return self.first is not None and self.last is not None and self.first <= position <= self.last

    def rows_assigned(self, kind: str, table: str) -> list[int]:
        """Return the rows of a kind that were assigned in a capacity that reads a table."""
        reading = capacities_reading(table) if self.assigned else ()
        return sorted({it.row_id for it in self.assigned if it.kind == kind and it.capacity in reading})


NOTHING = Scope()
EVERYTHING = Scope(everything=True)


class Actor(Protocol):
    """Anybody on whose behalf rows are read or written."""

    @property
    def scope(self) -> Scope: ...


class InArea:
    """Of a model (or another row): it belongs to an area, and maybe to a subject (`Scope.subject`)."""

    __slots__ = ()
    area_id: int
    scope_subject: ClassVar[str] = ""

    def reached_by(self, by: Actor, /) -> bool:
        """Say whether the row lies in the actor's scope: `visible_to`, of a row that is at hand."""
        scope = by.scope
        return scope.covers_area(self.area_id) or scope.covers_subject(self.scope_subject, self.area_id)


class InLedger(InArea):
    """Of a model (or another row): it belongs to an area, and to an entity below a root."""

    __slots__ = ()
    entity_id: int
    root_id: int

    def reached_by(self, by: Actor, /) -> bool:
        scope = by.scope
        return super().reached_by(by) or (
            scope.entity_id is not None and scope.entity_id in (self.entity_id, self.root_id)
        )


class ActorMissing(RuntimeError):
    """A scoped table was read without saying for whom: the code is wrong, not the user."""


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that has to be told for whom it reads."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the rows that the actor's scope reaches."""
        scope = actor.scope
        fields: Fields = getattr(self.model, "scope_fields", {})
        if scope.everything or (scope.log and "log" in fields):
            return self
        return self.filter(self._reached(scope, fields))

    def shown_to(self, actor: Actor) -> Self:
        """Keep the rows that the actor may look at: those in reach, and what was assigned.

        To be seen is not to be acted on: an act asks `kit.acts.check`, which knows the capacity.
        """
        kind, columns = getattr(self.model, "assigned_through", ("", ()))
        rows = actor.scope.rows_assigned(kind, self.model._meta.db_table) if columns else []
        if not rows:
            return self.visible_to(actor)
        shown = self._reached(actor.scope, getattr(self.model, "scope_fields", {}))
        for column in columns:
            shown |= models.Q(**{f"{column}__in": rows})
        return self.filter(shown)

    def _reached(self, scope: Scope, fields: Fields) -> models.Q:
        reached, subject = models.Q(pk__in=[]), getattr(self.model, "scope_subject", "")
        if subject and subject == scope.subject and scope.subject_first is not None:
            reached |= self._within(fields["area"], scope.subject_first, scope.subject_last)
        if scope.user_id is not None and "person" in fields:
            reached |= _equals(fields["person"], scope.user_id)
        if scope.first is not None and "area" in fields:
            reached |= self._within(fields["area"], scope.first, scope.last)
        if scope.agency_id is not None and "agency" in fields:
            reached |= _equals(fields["agency"], scope.agency_id)
        if scope.entity_id is not None:
            for name in ("entity", "root"):
                if name in fields:
                    reached |= _equals(fields[name], scope.entity_id)
        return reached

    def _within(self, field: str | tuple[str, ...], first: int | None, last: int | None) -> models.Q:
        """Keep what lies in an interval of areas.

        Where there are several ways, none is a join: the row behind one of them may lie where the actor does
        not reach, and a join would drop what another way reaches.
        """
        if isinstance(field, str):
            return models.Q(**{f"{field}__gte": first, f"{field}__lte": last})
        reached = models.Q()
        for path in field:
            name, _, column = path.partition("__")
            key: Any = self.model._meta.get_field(name)
            behind: models.QuerySet[Any] = models.QuerySet(key.related_model)
            named, there = models.Q(pk=models.OuterRef(key.attname)), self._within(column, first, last)
            reached |= models.Q(models.Exists(behind.filter(named, there)))
        return reached


def _paths(field: str | tuple[str, ...]) -> tuple[str, ...]:
    return (field,) if isinstance(field, str) else field


def _equals(field: str | tuple[str, ...], value: int) -> models.Q:
    reached = models.Q()
    for path in _paths(field):
        reached |= models.Q(**{path: value})
    return reached


class ScopedManager(models.Manager[M]):
    """A manager that raises unless `visible_to` (or, for the code of acts, `unscoped`) is said first."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        raise ActorMissing(f"{self.model.__name__}: say visible_to(actor) first.")

    def visible_to(self, actor: Actor) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db).visible_to(actor)

    def shown_to(self, actor: Actor) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db).shown_to(actor)

    def unscoped(self) -> ScopedQuerySet[M]:
        """Every row that row-level security lets through. For services, after the right was checked."""
        return ScopedQuerySet(self.model, using=self._db)


def set_scope(scope: Scope, *, read_only: bool = False) -> None:
    """Tell PostgreSQL for whom this transaction reads and writes (SET LOCAL: it ends with the transaction).

    Args:
        scope: the rows that policies let through.
        read_only: the transaction refuses every write from here on (a GET).
    """
    values = {
        "quanheng.everything": "1" if scope.everything else "",
        "quanheng.area_first": _text(scope.first),
        "quanheng.area_last": _text(scope.last),
        "quanheng.entity": _text(scope.entity_id),
        "quanheng.person": _text(scope.user_id),
        "quanheng.log": "1" if scope.log else "",
        "quanheng.agency": _text(scope.agency_id),
        "quanheng.capacities": ",".join(scope.capacities),
        "quanheng.subject": scope.subject,
        "quanheng.subject_first": _text(scope.subject_first),
        "quanheng.subject_last": _text(scope.subject_last),
    }
    if read_only:
        values["transaction_read_only"] = "on"
    _set(values)


def _set(values: dict[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, true)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for pair in values.items() for part in pair])


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


@contextmanager
def acting_in(scope: Scope, *, read_only: bool = False) -> Iterator[None]:
    """Open a transaction in which row-level security lets this scope through.

    Inside another such block the outer scope holds again afterwards (a released savepoint keeps SET LOCAL;
    one that is rolled back does not).
    """
    outer = _current_settings() if connection.in_atomic_block else {}
    with transaction.atomic():
        set_scope(scope, read_only=read_only)
        yield
    if outer and not connection.needs_rollback:
        _set(outer)


@contextmanager
def seeing_everything() -> Iterator[CursorWrapper]:
    """Open a cursor to which row-level security shows every row: counts do not depend on who acts.

    Within a transaction the scope is exchanged for a moment, three statements less than `acting_in`: this
    runs several times within every act. Afterwards the outer scope holds again, whatever happened; where
    PostgreSQL has refused something, with the savepoint to which one has to go back.
    """
    if not connection.in_atomic_block:
        with acting_in(EVERYTHING), connection.cursor() as cursor:
            yield cursor
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('quanheng.everything', true), ''),"
            " set_config('quanheng.everything', '1', true)"
        )
        before = cursor.fetchone()[0]
        try:
            yield cursor
        finally:
            if connection.connection.info.transaction_status == TransactionStatus.INTRANS:
                _set({"quanheng.everything": before})


def _current_settings() -> dict[str, str]:
    names = [
        "everything", "area_first", "area_last", "entity", "person", "log", "agency", "capacities",
        "subject", "subject_first", "subject_last",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(setting(name) for name in names)}")
        return {f"quanheng.{name}": value or "" for name, value in zip(names, cursor.fetchone(), strict=True)}


def setting(name: str) -> str:
    """Return the SQL that reads a part of the scope inside a policy; NULL when nobody has set it.

    A pooled session that has had the setting once reads '' afterwards (not NULL): therefore nullif. The
    SELECT around it makes PostgreSQL read it once for a query instead of once for a row.
    """
    return f"(SELECT nullif(current_setting('quanheng.{name}', true), ''))"


def number_setting(name: str) -> str:
    """Return `setting` as a bigint."""
    return f"(SELECT nullif(current_setting('quanheng.{name}', true), '')::bigint)"


def row_security(
    table: str, *, area: str = "", entity: str = "", root: str = "", person: str | tuple[str, ...] = "",
    log: bool = False, subject: str = "", agency: str = "",
) -> tuple[str, str]:  # fmt: skip
    """Return the SQL that puts the second wall around a table, and the SQL that takes it down.

    Without a context the policy lets no row through (see `setting`).

    Args:
        table: the table.
        area, entity, root, person: the column, or the SQL expression, that holds the area's position, the
            entity, its root, and the person (or several) whose own row it is; empty for none.
        log: whoever reads the whole log reads the table (but writes no more than others).
        subject: the subject to which the rows of an area belong (`Scope.subject`).
        agency: the column of the agency whose own row it is.
    """
    reached = [f"{setting('everything')} = '1'"]
    if area:
        reached.append(f"{area} BETWEEN {number_setting('area_first')} AND {number_setting('area_last')}")
    if subject:
        within = f"{area} BETWEEN {number_setting('subject_first')} AND {number_setting('subject_last')}"
        reached.append(f"({setting('subject')} = '{subject}' AND {within})")
    reached += [f"{column} = {number_setting('entity')}" for column in (entity, root) if column]
    reached += [f"{column} = {number_setting('person')}" for column in _paths(person) if column]
    if agency:
        reached.append(f"{agency} = {number_setting('agency')}")
    written = " OR ".join(reached)
    read = " OR ".join([*reached, f"{setting('log')} = '1'"]) if log else written
    return _wall(table, read, written)


def assigned(kind: str, capacities: str) -> str:
    """Return the SQL for the rows of a kind that are assigned now: an array, asked for once a query.

    Args:
        kind: of row, such as ``instrument``.
        capacities: the SQL of an array of capacities, such as ``capacities_reading('instruments_seal')``.
    """
    return f"(SELECT assigned_rows('{kind}', {capacities}))::bigint[]"


def assigned_reading(table: str, *, kind: str, columns: Sequence[str]) -> tuple[str, str]:
    """Return the SQL that lets what was assigned be read in a table, and the SQL that ends it.

    It is asked after `{table}_scope` has said no, so that whoever reaches the row pays nothing for it. What a
    capacity writes is a policy of its own, which says how it leaves the row (ADR 0029).
    """
    rows = assigned(kind, f"capacities_reading('{table}')")
    read = " OR ".join(f"{column} = ANY ({rows})" for column in columns)
    up = f"CREATE POLICY {table}_assigned ON {table} FOR SELECT USING ({expected(read)});"
    return up, f"DROP POLICY {table}_assigned ON {table};"


def expected(condition: str) -> str:
    """Return a condition of a policy in a form of which the planner expects that nearly every row meets it.

    It does not know the settings when it plans, and takes a comparison with them to let through one row in
    200; and that on top of the first wall, which has said the same with numbers already: a county of 20,000
    would be planned as one of a hundred. Of `<>` it expects 99.5 %. NULL is not reached (ADR 0022).
    """
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END <> 0"


def _wall(table: str, read: str, written: str) -> tuple[str, str]:
    up = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
        f"CREATE POLICY {table}_scope ON {table} USING ({expected(read)}) WITH CHECK ({written});"
    )
    down = f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    return up, down


def row_security_through(table: str, *, column: str, parent: str) -> tuple[str, str]:
    """Return the same for a table whose rows are reached when the row they belong to is.

    Args:
        table: the table; column: its foreign key to `parent`, a table with a wall of its own.
    """
    reached = through(table, column, parent)
    return _wall(table, reached, reached)


def through(table: str, column: str, parent: str) -> str:
    """Return the condition that the row it belongs to is reached: looked up, not by reading all its kind."""
    found = f"EXISTS (SELECT FROM {parent} wall WHERE wall.id = {table}.{column})"
    return f"{setting('everything')} = '1' OR {found}"
