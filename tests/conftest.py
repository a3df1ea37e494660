"""What every test stands on: a PostgreSQL of its own, the application's role, one fixed instant.

Without DATABASE_URL each process (every xdist worker) starts the embedded server once, in a temporary
directory. fsync is off here and nowhere else. After the migrations the tests speak as
`quanheng_app`, so that every one of them runs under row-level security.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from pytest_django import DjangoDbBlocker

from quanheng.config.environment import database_settings
from quanheng.kit.database import OWNER, VARIABLE, as_owner
from quanheng.kit.scope import EVERYTHING, NOTHING, Scope, acting_in, set_scope
from quanheng.runtime.postgres import Cluster
from quanheng.runtime.provision import OWNER as DATABASE_OWNER
from quanheng.runtime.provision import SUPERUSER
from tests import emptying

NOT_DURABLE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "256MB",
    "max_connections": "300",  # fifty at once, while the fifty of the test before are still leaving
}
SHANGHAI = ZoneInfo("Asia/Shanghai")
# A shared machine may stand still for a moment: that says nothing about what is drawn or tested. Where time
# is asked about, tests/fuzz.py does.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")


class Server:
    """The process's PostgreSQL, started by whoever needs a database first."""

    def __init__(self) -> None:
        self.cluster: Cluster | None = None

    def ensure(self) -> None:
        """Start the server unless DATABASE_URL names one, and point Django at it."""
        if "DATABASE_URL" not in os.environ:
            self.cluster = Cluster(Path(tempfile.mkdtemp(prefix="quanheng-tests-")), NOT_DURABLE)
            self.cluster.start()
            os.environ["DATABASE_URL"] = self.cluster.url()  # the platforms that tests start inherit it
            self._create_role()
            self._let_the_owner_rest_triggers()
        settings.DATABASES["default"].update(database_settings(os.environ["DATABASE_URL"]))

    def _create_role(self) -> None:
        """Roles belong to the server, not to a database: the migrations only grant to them."""
        with psycopg.connect(os.environ["DATABASE_URL"]) as owner:
            owner.execute(f"CREATE ROLE {settings.DATABASE_ROLE} NOLOGIN".encode())
            owner.execute(f"GRANT {settings.DATABASE_ROLE} TO CURRENT_USER".encode())

    def _let_the_owner_rest_triggers(self) -> None:
        assert self.cluster is not None
        with psycopg.connect(self.cluster.url("postgres", SUPERUSER)) as superuser:
            superuser.execute(f"GRANT SET ON PARAMETER session_replication_role TO {DATABASE_OWNER}".encode())

    def stop(self) -> None:
        if self.cluster is not None:
            self.cluster.leave()
            shutil.rmtree(self.cluster.home)


SERVER = Server()


def pytest_configure(config: pytest.Config) -> None:
    """Give every worker of xdist a server of its own; otherwise the first test that needs one starts it.

    Transactions are numbered by the server, whatever the database: what one worker leaves open for minutes
    would stand before every reader of changes in commit order that another one tests.
    """
    emptying.install()
    if hasattr(config, "workerinput"):
        SERVER.ensure()


def pytest_unconfigure() -> None:
    SERVER.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Point pytest-django, which now makes the test database, at the server, as its owner."""
    SERVER.ensure()
    with as_owner():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After the migrations the tests speak as the application; transactional tests may truncate."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {settings.DATABASE_ROLE}")
            cursor.execute("ALTER TABLE audit_act DISABLE TRIGGER act_log_is_never_emptied")
        del os.environ[VARIABLE]
        connection.close()
    yield
    from quanheng.apps.instruments.scan_counter import SCANS  # an app: not before Django has been set up
    from quanheng.kit.pace import PACES

    os.environ[VARIABLE] = OWNER
    with django_db_blocker.unblock():
        PACES.stop()
        SCANS.stop()  # what the server counted has nowhere to go once the database is gone
        connection.close()


@pytest.fixture(autouse=True)
def _in_the_platforms_language() -> None:
    """A request in English leaves its language behind in the thread; the next test begins in Chinese."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_questions_remembered() -> None:
    """A statement of the test before was built with its walls, its rules and its caps."""
    from quanheng.kit.lists.glances import REMEMBERED  # an app's: not before Django has been set up

    REMEMBERED.clear()


@pytest.fixture(autouse=True)
def _no_jobs_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the job tables after a transactional test: Django flushes only the tables that it manages."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,"
                " procrastinate_workers"
            )


@pytest.fixture
def at() -> datetime:
    """Return the instant of the act: Monday, 23 November 2026, 10:00 in Chengdu."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def acting() -> Callable[[Scope], AbstractContextManager[None]]:
    """Return the context in which row-level security lets a scope through: `with acting(actor.scope): …`.

    A test's own transaction outlives the block, so that the scope before it is put back by hand.
    """
    open_scopes = [NOTHING]

    @contextmanager
    def act(scope: Scope) -> Iterator[None]:
        open_scopes.append(scope)
        try:
            with acting_in(scope):
                yield
        finally:
            open_scopes.pop()
            if connection.in_atomic_block and not connection.needs_rollback:
                set_scope(open_scopes[-1])

    return act


@pytest.fixture
def everything(db: None) -> None:
    """Let row-level security through for the whole test, for tests whose subject is not access."""
    set_scope(EVERYTHING)
