"""Bring the database to the version of the code, as its owner, one process at a time."""

from __future__ import annotations

import logging
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import Error

log = logging.getLogger("quanheng.migrate")

LOCK = 0x5175616E  # any number that nobody else's advisory locks use: "Quan"


def pending() -> int:
    """Return how many migrations are not applied yet. Django must be set up."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from quanheng.kit.database import as_owner

    with as_owner():
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> int:
    """Apply what is pending and return how many migrations that was. Django must be set up."""
    from django.core.management import call_command
    from django.db import connection

    from quanheng.kit.database import as_owner
    from quanheng.kit.sql_objects import load_sql_objects

    count = pending()
    if count == 0:
        with as_owner():
            load_sql_objects()
        count_new_indicators()
        return 0
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # ends with the connection
        call_command("migrate", interactive=False, verbosity=0)
    log.info("applied %d migrations", count)
    load_reference_data()
    count_new_indicators()
    return count


def count_new_indicators() -> None:
    """Count the ledger for an indicator that was declared since the last start; no migration says so."""
    from quanheng.apps.instruments.services.rate_changes import add_new
    from quanheng.kit.database import as_owner

    with as_owner():
        for key in add_new():
            log.info("counted the ledger for the indicator %s", key)


def load_reference_data() -> None:
    """Load what every province needs before its first row: divisions and catalogue. Adds what is missing."""
    from quanheng.apps.accounts.services.load_areas import load_areas
    from quanheng.apps.instruments.services.load_catalogue import load_catalogue

    areas, catalogue = load_areas(), load_catalogue()
    log.info("loaded %d divisions and %d catalogue items", areas.areas, catalogue.items)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    django.setup(set_prefix=False)
    try:
        migrate()
    except (ImproperlyConfigured, Error) as error:
        log.error("%s", error)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
