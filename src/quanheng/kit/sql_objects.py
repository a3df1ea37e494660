"""Functions of the database as files: `apps/<app>/sql/*.sql`, each whole and current.

A function is changed by changing its file. Every run of the migrations ends by replacing all of them, in the
order of their names, so that what runs is what stands in the tree; `quanheng up` does the same when there was
nothing to migrate. A file holds `CREATE OR REPLACE` statements only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection
from django.db.models.signals import post_migrate

from quanheng.kit import acts, assignments
from quanheng.kit.database import is_owner


def load_sql_objects() -> None:
    """Replace the functions of every app. Only the owner may; Django must be set up."""
    for app in apps.get_app_configs():
        load_of(app)


def load_of(sender: AppConfig, **_: Any) -> None:
    """Replace the functions of one app (receiver of `post_migrate`).

    Emptying the tables between tests sends the signal too, as the application: nothing to do then.
    """
    if not is_owner():
        return
    if sender.label == "kit":
        acts.write_to_database()
        assignments.write_to_database()
    for file in sorted((Path(sender.path) / "sql").glob("*.sql")):
        with connection.cursor() as cursor:
            cursor.execute(file.read_text("utf-8"))


def connect() -> None:
    """Load the functions after every run of the migrations."""
    post_migrate.connect(load_of, dispatch_uid="quanheng.kit.sql_objects")
