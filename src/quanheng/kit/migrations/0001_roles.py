"""Extensions, and the role under which everything but migrations runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import migrations
from psycopg import errors, sql

from quanheng.kit.database import how_to_grant

EXTENSIONS = ("pg_trgm", "btree_gist")
RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def create(_apps: Any, schema_editor: Any) -> None:
    role = sql.Identifier(settings.DATABASE_ROLE)
    with schema_editor.connection.cursor() as wrapped:
        run = wrapped.cursor.execute
        for extension in EXTENSIONS:
            run(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        run(
            "SELECT (SELECT count(*) FROM pg_roles WHERE rolname = %s),"
            " current_user, (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)",
            [settings.DATABASE_ROLE],
        )
        exists, user, may_create = wrapped.cursor.fetchone()
        # Functions through which the public reads one card have it in their SET clause.
        run("SELECT has_parameter_privilege(current_user, 'quanheng.everything', 'SET')")
        may_set = wrapped.cursor.fetchone()[0]
        if not may_set or not (exists or may_create):
            raise ImproperlyConfigured(how_to_grant(user))
        if not exists:
            run(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(role))
        # Since PostgreSQL 16 a member may be forbidden to SET ROLE; before, every member may.
        right = "SET" if wrapped.connection.info.server_version >= 160000 else "MEMBER"
        run("SELECT pg_has_role(current_user, %s, %s)", [settings.DATABASE_ROLE, right])
        if not wrapped.cursor.fetchone()[0]:
            try:
                run(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
            except errors.InsufficientPrivilege:
                raise ImproperlyConfigured(how_to_grant(user)) from None
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            f"GRANT {RIGHTS} ON ALL TABLES IN SCHEMA public TO {{}}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {RIGHTS} ON TABLES TO {{}}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            run(sql.SQL(statement).format(role))


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    # Tables made later get their grants by default privileges, so this comes before every app of ours.
    run_before = [
        ("accounts", "0001_initial"),
        ("audit", "0001_initial"),
        ("outbox", "0001_initial"),
        ("registry", "0001_initial"),
        ("instruments", "0001_initial"),
        ("certificates", "0001_initial"),
        ("indicators", "0001_initial"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
