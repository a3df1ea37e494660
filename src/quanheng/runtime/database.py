"""Which database this process works on: the one that DATABASE_URL names, or the embedded one."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from quanheng.config.environment import Environment
from quanheng.runtime.account import NotPossible
from quanheng.runtime.postgres import Cluster

log = logging.getLogger("quanheng.database")

OLDEST = 15  # PostgreSQL versions that the test suite knows: 15 and later


def embedded(environment: Environment, *, dies_with_us: bool) -> Cluster:
    """Return the cluster below the data directory."""
    home = Path(environment.data_dir) / "postgres"
    return Cluster(home, dies_with_us=dies_with_us)


@contextmanager
def database(environment: Environment) -> Iterator[bool]:
    """Make sure that a database answers and that DATABASE_URL names it, for the time of one command.

    Yields:
        Whether it is the embedded one.

    Raises:
        NotPossible: says what to set.
    """
    if environment.database_url:
        check(environment.database_url)
        yield False
        return
    cluster = embedded(environment, dies_with_us=False)
    try:
        cluster.start()
        os.environ["DATABASE_URL"] = cluster.url()
        yield True
    finally:
        cluster.leave()


def check(url: str) -> None:
    """Connect to the database that DATABASE_URL names and see whether it will do.

    Raises:
        NotPossible: unreachable, too old, not UTF-8, or a setting that could lose acknowledged acts.
    """
    place = without_password(url)
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
            encoding = connection.info.parameter_status("server_encoding")
            row = connection.execute(
                "SELECT current_setting('fsync'), current_setting('full_page_writes')"
            ).fetchone()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise NotPossible(
            f"The database of DATABASE_URL ({place}) does not answer: {reason}\n"
            "Set DATABASE_URL to postgresql://user:password@host:5432/name, or unset it to use the "
            "embedded PostgreSQL."
        ) from None
    if version < OLDEST:
        raise NotPossible(
            f"The database of DATABASE_URL ({place}) is PostgreSQL {version}; {OLDEST} or later is needed."
        )
    if encoding != "UTF8":
        raise NotPossible(
            f"The database of DATABASE_URL ({place}) is encoded in {encoding}; create it in UTF8."
        )
    if row != ("on", "on"):
        log.warning(
            "the database runs with fsync or full_page_writes off: a power cut loses acknowledged acts"
        )


def without_password(url: str) -> str:
    """Return host, port and name of a database URL: what may be shown and logged."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'local socket'}{f':{parts.port}' if parts.port else ''}{parts.path}"
