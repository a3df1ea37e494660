"""As whom we speak to PostgreSQL.

Migrations run as the owner of the database. Everything else (pages, API, jobs, commands, tests) takes the
role `quanheng_app`, which owns nothing and cannot log in, so that row-level security always applies.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors, sql

VARIABLE = "QUANHENG_DATABASE_ROLE"
OWNER = "owner"


def is_owner() -> bool:
    """Say whether this process migrates: `QUANHENG_DATABASE_ROLE=owner`."""
    return os.environ.get(VARIABLE) == OWNER


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the database: open connections are closed before and after."""
    before = os.environ.get(VARIABLE)
    connections.close_all()
    os.environ[VARIABLE] = OWNER
    try:
        yield
    finally:
        connections.close_all()
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def take_role(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Become the application's role on a fresh connection (receiver of `connection_created`).

    Raises:
        ImproperlyConfigured: the role is missing, or the user of DATABASE_URL may not take it.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        if is_owner():
            # The owner is not a superuser either: data migrations reach rows because they say so.
            cursor.execute("SELECT set_config('quanheng.everything', '1', false)")
            return
        role: str = settings.DATABASE_ROLE
        try:
            # The cursor below Django's wrappers, to see PostgreSQL's own exceptions.
            cursor.cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        except (errors.InvalidParameterValue, errors.UndefinedObject):
            connection.close()
            raise ImproperlyConfigured(
                f"The database has no role {role}: run `quanheng migrate` first."
            ) from None
        except errors.InsufficientPrivilege:
            connection.close()
            raise ImproperlyConfigured(how_to_grant(connection.settings_dict["USER"])) from None


def how_to_grant(user: str) -> str:
    """Return what an administrator of the database has to run for the user of DATABASE_URL."""
    role = settings.DATABASE_ROLE
    return (
        f"The user {user!r} of DATABASE_URL lacks a right. As administrator of the database run: "
        f'CREATE ROLE {role} NOLOGIN; GRANT {role} TO "{user}"; '
        f'GRANT SET ON PARAMETER quanheng.everything TO "{user}";'
    )
