"""Who may see which rows: the first wall (querysets) and the context of the second (row-level security).

A scope is an interval of area positions (officers), one entity with its children (operators), one
institute, or nothing. Areas are integers laid out so that every area's descendants are one interval
(`accounts.Area`); a comparison of integers is leakproof, so PostgreSQL may use indexes below the policies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from django.db import connection, models, transaction

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that an actor reaches.

    Args:
        first, last: interval of area positions, both included; None for no area.
        entity_id: the regulated entity whose rows (and whose children's rows) are reached.
        everything: the system itself (migrations, jobs, the seeding of a demonstration).
    """

    first: int | None = None
    last: int | None = None
    entity_id: int | None = None
    everything: bool = False

    def covers_area(self, position: int) -> bool:
        """Say whether the area at this position lies in the scope."""
        if self.everything:
            return True
        return self.first is not None and self.last is not None and self.first <= position <= self.last


NOTHING = Scope()
EVERYTHING = Scope(everything=True)


class Actor(Protocol):
    """Anybody on whose behalf rows are read or written."""

    @property
    def scope(self) -> Scope: ...


class ActorMissing(RuntimeError):
    """A scoped table was read without saying for whom: the code is wrong, not the user."""


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that has to be told for whom it reads."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the rows that the actor's scope reaches."""
        scope = actor.scope
        if scope.everything:
            return self
        fields: dict[str, str] = getattr(self.model, "scope_fields", {})
        reached = models.Q(pk__in=[])
        if scope.first is not None and "area" in fields:
            reached |= models.Q(
                **{f"{fields['area']}__gte": scope.first, f"{fields['area']}__lte": scope.last}
            )
        if scope.entity_id is not None:
            for name in ("entity", "root"):
                if name in fields:
                    reached |= models.Q(**{fields[name]: scope.entity_id})
        return self.filter(reached)


class ScopedManager(models.Manager[M]):
    """A manager that raises unless `visible_to` (or, for the code of acts, `unscoped`) is said first."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        raise ActorMissing(f"{self.model.__name__}: say visible_to(actor) first.")

    def visible_to(self, actor: Actor) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db).visible_to(actor)

    def unscoped(self) -> ScopedQuerySet[M]:
        """Every row that row-level security lets through. For services, after the right was checked."""
        return ScopedQuerySet(self.model, using=self._db)


def set_scope(scope: Scope) -> None:
    """Tell PostgreSQL for whom this transaction reads and writes (SET LOCAL: it ends with the transaction)."""
    values = (
        "1" if scope.everything else "",
        "" if scope.first is None else str(scope.first),
        "" if scope.last is None else str(scope.last),
        "" if scope.entity_id is None else str(scope.entity_id),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('quanheng.everything', %s, true), set_config('quanheng.area_first', %s, true),"
            " set_config('quanheng.area_last', %s, true), set_config('quanheng.entity', %s, true)",
            values,
        )


@contextmanager
def acting_in(scope: Scope) -> Iterator[None]:
    """Open a transaction in which row-level security lets this scope through."""
    with transaction.atomic():
        set_scope(scope)
        yield


def row_security(table: str, *, area: str = "", entity: str = "", root: str = "") -> tuple[str, str]:
    """Return the SQL that puts the second wall around a table, and the SQL that takes it down.

    The settings read '' (not NULL) in a pooled session that has had them once, therefore nullif everywhere:
    without a context the policy lets no row through.
    """

    def setting(name: str) -> str:
        return f"nullif(current_setting('quanheng.{name}', true), '')"

    reached = [f"{setting('everything')} = '1'"]
    if area:
        reached.append(
            f"({area} >= {setting('area_first')}::bigint AND {area} <= {setting('area_last')}::bigint)"
        )
    reached += [f"{column} = {setting('entity')}::bigint" for column in (entity, root) if column]
    condition = " OR ".join(reached)
    up = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
        f"CREATE POLICY {table}_scope ON {table} USING ({condition}) WITH CHECK ({condition});"
    )
    down = f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    return up, down
