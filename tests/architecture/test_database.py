"""Migrations are complete, and the walls stand around every table."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from quanheng.jobs.app import task_modules
from quanheng.kit.scope import ScopedManager


@pytest.mark.django_db
def test_no_model_was_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_every_table_with_rows_of_a_place_has_its_row_level_security() -> None:
    """Forced: it binds the owner too."""
    scoped = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and isinstance(model._meta.default_manager, ScopedManager)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        walled = {row[0] for row in cursor.fetchall()}
    assert scoped - walled == set()


@pytest.mark.django_db
def test_the_application_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE rolname = %s",
            [settings.DATABASE_ROLE],
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_the_application_may_use_every_table() -> None:
    """What it may not change is said table by table (the act log), never by a grant that was forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT has_table_privilege(current_user, oid, 'SELECT')"
        )
        assert cursor.fetchall() == []


def test_every_module_of_jobs_is_found_by_the_worker() -> None:
    from procrastinate.contrib.django import app

    assert list(app.import_paths) == task_modules()
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    strangers = [
        name for name in app.tasks if "procrastinate." not in name and not name.startswith("quanheng.jobs.")
    ]
    assert strangers == []


@pytest.mark.django_db
def test_every_function_of_the_database_stands_in_a_file_whole_and_is_what_runs() -> None:
    """Those of libraries apart, and the three that are written from declarations of acts and capacities."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
            " WHERE pronamespace = 'public'::regnamespace AND lanname IN ('sql', 'plpgsql')"
            " AND proname NOT LIKE 'procrastinate%%'"
            " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        running = dict(cursor.fetchall())
    written = {
        file.stem: file.read_text("utf-8").split("$$")[1]
        for config in apps.get_app_configs()
        for file in (Path(config.path) / "sql").glob("*.sql")
        if config.name.startswith("quanheng.")
    }
    from_acts = {"acts_on_scan_page", "acts_without_instrument", "capacities_reading"}
    assert {name: body for name, body in running.items() if name not in from_acts} == written
