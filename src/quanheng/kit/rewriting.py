"""Where encrypted values lie, which key each needs, and how all of them are brought to the current one.

Columns of `EncryptedTextField` are found by themselves. What is encrypted elsewhere says so: a model by
`encrypted_columns` (bytes that the code encrypts itself), anything else by `also_encrypted`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.apps import apps
from django.db import connection
from psycopg import sql

from quanheng.kit.fields import EncryptedTextField, decrypt, encrypt
from quanheng.kit.key_ring import key_ring
from quanheng.kit.scope import EVERYTHING, acting_in

AT_ONCE = 1_000
NUMBER = "CASE get_byte({c}, 0) WHEN 1 THEN 0 ELSE get_byte({c}, 1) * 256 + get_byte({c}, 2) END"


class Place(Protocol):
    """Something that holds encrypted values."""

    def needed(self) -> Counter[int]:
        """Return key → how many values need it."""

    def rewrite(self, current: int) -> int:
        """Encrypt anew what needs another key than the current one; return how many values."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of bytes."""

    table: str
    primary_key: str
    column: str

    def needed(self) -> Counter[int]:
        rows = self._ask("SELECT {number}, count(*) FROM {t} WHERE length({c}) > 0 GROUP BY 1", [])
        return Counter(dict(rows))

    def rewrite(self, current: int) -> int:
        """A value that somebody changes meanwhile is left to them: they write it with the current key."""
        done, last = 0, -1
        while rows := self._after(last, current):
            changed = [(encrypt(decrypt(bytes(value))), pk, value) for pk, value in rows]
            update = self._statement("UPDATE {t} SET {c} = %s WHERE {pk} = %s AND {c} = %s")
            with acting_in(EVERYTHING), connection.cursor() as cursor:
                cursor.executemany(update, changed)
                done += cursor.rowcount
            last = rows[-1][0]
        return done

    def _after(self, last: int, current: int) -> list[tuple[int, bytes]]:
        return self._ask(
            "SELECT {pk}, {c} FROM {t} WHERE length({c}) > 0 AND {number} <> %s AND {pk} > %s"
            " ORDER BY {pk} LIMIT %s",
            [current, last, AT_ONCE],
        )

    def _ask(self, text: str, values: list[int]) -> list[tuple[int, bytes]]:
        with acting_in(EVERYTHING), connection.cursor() as cursor:
            cursor.execute(self._statement(text), values)
            found: list[tuple[int, bytes]] = cursor.fetchall()
        return found

    def _statement(self, text: str) -> str:
        column = sql.Identifier(self.column)
        return sql.SQL(text).format(
            t=sql.Identifier(self.table), pk=sql.Identifier(self.primary_key), c=column,
            number=sql.SQL(NUMBER).format(c=column),
        ).as_string()  # fmt: skip


_ELSEWHERE: list[Place] = []


def also_encrypted(place: Place) -> None:
    """Name a place that no column tells of."""
    _ELSEWHERE.append(place)


def places() -> Iterator[Place]:
    """Yield every place that holds encrypted values."""
    for model in apps.get_models():
        named = getattr(model, "encrypted_columns", ())
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField) or field.attname in named:
                yield Column(model._meta.db_table, str(model._meta.pk.column), str(field.column))
    yield from _ELSEWHERE


def keys_needed() -> Counter[int]:
    """Return key → how many values need it, everywhere."""
    found: Counter[int] = Counter()
    for place in places():
        found += place.needed()
    return found


def rewrite_all() -> int:
    """Encrypt every value with the current key that needs another; return how many.

    In small transactions: it can be stopped and begun again, and pages read and write meanwhile.

    Raises:
        KeyNotHeld: a value needs a key that is retired or unknown.
    """
    current, done = key_ring().current.number, 0
    for place in places():
        while count := place.rewrite(current):
            done += count
    return done
