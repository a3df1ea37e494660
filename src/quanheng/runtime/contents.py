"""What a database holds, asked before Django speaks to it: nothing yet, a demonstration, somebody's rows."""

from __future__ import annotations

from enum import Enum, auto

import psycopg

from quanheng.config.environment import Environment
from quanheng.runtime.account import NotPossible
from quanheng.runtime.database import without_password

ROWS = ("accounts_user", "registry_entity", "instruments_instrument")


class Kind(Enum):
    """Whose rows a database holds."""

    EMPTY = auto()
    DEMONSTRATION = auto()
    IN_USE = auto()
    UNTOLD = auto()  # of a version that had no mark: the migrations will tell


def kind_of(url: str) -> Kind:
    """Return what a database holds, whatever version its tables have."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        tables = [name for name in ROWS if _is_there(connection, name)]
        if _is_there(connection, "accounts_demonstration"):
            if _has_rows(connection, "accounts_demonstration"):
                return Kind.DEMONSTRATION
        elif tables:
            return Kind.UNTOLD
        return Kind.IN_USE if any(_has_rows(connection, name) for name in tables) else Kind.EMPTY


def refuse_wrong_kind(url: str, environment: Environment) -> Kind:
    """Refuse a demonstration on a database in use, and production on a demonstration's.

    Raises:
        NotPossible: says which database, and what to do instead.
    """
    kind, place = kind_of(url), without_password(url)
    if environment.demo and kind is Kind.IN_USE:
        raise NotPossible(
            f"--demo is refused: the database ({place}) holds accounts or a ledger of no demonstration. "
            "Start without --demo, or set QUANHENG_DATA_DIR (or DATABASE_URL) to a place of its own."
        )
    if environment.production and kind is Kind.DEMONSTRATION:
        raise NotPossible(
            f"The database ({place}) is a demonstration's: it is refused in production. Set DATABASE_URL to "
            "a database of your own, or QUANHENG_DATA_DIR to another directory."
        )
    return kind


def has_accounts(url: str) -> bool:
    """Say whether anybody can sign in: a demonstration that was killed half-way goes on where it has none."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        return _has_rows(connection, "accounts_user")


def _is_there(connection: psycopg.Connection, table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone() == (True,)


def _has_rows(connection: psycopg.Connection, table: str) -> bool:
    connection.execute("SELECT set_config('quanheng.everything', '1', true)")
    return connection.execute(f"SELECT EXISTS (SELECT FROM {table})".encode()).fetchone() == (True,)  # noqa: S608
