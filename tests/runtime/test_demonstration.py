"""`up --demo` and a database: an empty one becomes a demonstration's for good, another is left as it is."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from quanheng.config.environment import read_environment
from quanheng.runtime.account import NotPossible
from quanheng.runtime.contents import Kind, kind_of, refuse_wrong_kind
from quanheng.runtime.up import warn_of_missing_proxies
from tests.runtime.platform import environment, quanheng, running
from tests.runtime.test_refusals import PRODUCTION


@pytest.fixture
def scratch_database(db: None) -> Iterator[str]:
    """Return the URL of an empty database on the session's server."""
    url, name = urlsplit(os.environ["DATABASE_URL"]), f"scratch_{secrets.token_hex(4)}"
    with psycopg.connect(url.geturl(), autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}".encode())
        yield url._replace(path=f"/{name}").geturl()
        owner.execute(f"DROP DATABASE {name}".encode())


@pytest.mark.faults
@pytest.mark.xdist_group("platform")
def test_a_database_is_a_demonstrations_or_an_offices_and_never_both(tmp_path: Path) -> None:
    office = tmp_path / "office"
    with running(office, QUANHENG_LOG_LEVEL="WARNING"):
        pass
    made = quanheng("create-administrators", env=environment(office))
    assert made.returncode == 0, made.stderr
    refused = quanheng("up", "--demo", env=environment(office))
    assert refused.returncode == 2
    assert "--demo is refused" in refused.stderr
    again = quanheng("demo", "--instruments", "5", env=environment(office))
    assert again.returncode == 1
    assert "不能装入演示数据" in again.stderr
    shown = tmp_path / "shown"
    assert quanheng("demo", "--instruments", "300", env=environment(shown)).returncode == 0
    live = quanheng("up", env=environment(shown, **PRODUCTION))
    assert live.returncode == 2
    assert "is a demonstration's: it is refused in production" in live.stderr


@pytest.mark.parametrize(
    ("tables", "kind"),
    [
        ("", Kind.EMPTY),
        ("CREATE TABLE accounts_user (id int)", Kind.UNTOLD),
        ("CREATE TABLE accounts_user (id int); CREATE TABLE accounts_demonstration (id int)", Kind.EMPTY),
        ("CREATE TABLE accounts_user AS SELECT 1; CREATE TABLE accounts_demonstration (id int)", Kind.IN_USE),
        (
            "CREATE TABLE registry_entity AS SELECT 1; CREATE TABLE accounts_demonstration (id int)",
            Kind.IN_USE,
        ),
        (
            "CREATE TABLE accounts_user AS SELECT 1; CREATE TABLE accounts_demonstration AS SELECT 1",
            Kind.DEMONSTRATION,
        ),
    ],
)
def test_what_a_database_holds_is_told_whatever_its_version(
    tables: str, kind: Kind, scratch_database: str
) -> None:
    with psycopg.connect(scratch_database, autocommit=True) as owner:
        owner.execute(tables.encode())
    assert kind_of(scratch_database) is kind
    settings = read_environment()
    for asked, wrong in (
        (replace(settings, demo=True, production=False), Kind.IN_USE),
        (replace(settings, demo=False, production=True), Kind.DEMONSTRATION),
        (replace(settings, demo=False, production=False), None),
    ):
        if kind is wrong:
            with pytest.raises(NotPossible):
                refuse_wrong_kind(scratch_database, asked)
        else:
            assert refuse_wrong_kind(scratch_database, asked) is kind


def test_production_without_a_trusted_proxy_is_told_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    alone = replace(read_environment(), production=True, trusted_proxies=())
    warn_of_missing_proxies(alone)
    assert "no trusted proxy: QUANHENG_TRUSTED_PROXIES" in caplog.text
    caplog.clear()
    for quiet in (replace(alone, trusted_proxies=("10.0.0.1",)), replace(alone, production=False)):
        warn_of_missing_proxies(quiet)
    assert not caplog.text
