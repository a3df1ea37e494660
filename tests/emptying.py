"""Emptying the database after a test that commits: only what has rows.

Django truncates every table there is, which takes a second, however little was written. Here rows are deleted
from the tables that have any, as the owner and with triggers at rest (the log's forbid it, and foreign keys
would ask for an order). What the migrations wrote (rights, kinds of content) stays, so that nothing has to be
written anew.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"auth_permission", "django_content_type"}
MAY = "SELECT has_parameter_privilege(session_user, 'session_replication_role', 'SET')"
_by_django = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def install() -> None:
    """Have transactional tests empty the database so, where its owner may put triggers to rest."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]


def _empty(case: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MAY)
        if cursor.fetchone() == (True,):
            _delete(cursor)
            return
    _by_django(case)


def _delete(cursor: Any) -> None:
    cursor.execute("RESET ROLE; SET LOCAL session_replication_role = replica")
    cursor.execute("SELECT set_config('quanheng.everything', '1', true)")
    cursor.execute(" UNION ALL ".join(map(_name_if_any, _tables())))
    for (table,) in cursor.fetchall():
        cursor.execute(f"DELETE FROM {table}")
    cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")


@cache
def _tables() -> list[str]:
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(found) - KEPT)


def _name_if_any(table: str) -> str:
    return f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"
