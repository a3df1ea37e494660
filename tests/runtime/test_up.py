"""`quanheng up` from outside: it starts, mends what is killed, refuses a second one, and ends cleanly."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from quanheng.runtime.processes import lives, wait_until_gone
from tests.runtime.platform import Up, environment, free_port, quanheng, running, until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("platform")]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with running(tmp_path_factory.mktemp("up") / "var") as platform:
        yield platform


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_it_says_ready_once_and_only_when_readyz_does(up: Up) -> None:
    until(lambda: "ready:" in up.output)
    assert up.output.splitlines() == [f"ready: http://127.0.0.1:{up.port}"]
    answer = until(lambda: up.get("/readyz")[1])  # a busy machine may let the first request wait too long
    assert answer["checks"] == {"database": "ok", "migrations": "ok", "worker": "ok"}
    assert up.is_ready()
    assert up.get("/healthz") == (200, {"status": "ok"})


def test_a_killed_web_server_is_started_again(up: Up) -> None:
    before = until(lambda: up.pid("quanheng.runtime.web"))
    orphans = [psutil.Process(pid) for pid in up.web_workers()]
    kill(before)
    until(lambda: up.pid("quanheng.runtime.web") not in {0, before} and up.is_ready())
    assert f"web[{before}] ended (killed by SIGKILL)" in up.log
    assert wait_until_gone(orphans, 5) == [], "an orphan would go on serving old code"


def test_a_killed_web_worker_is_started_again(up: Up) -> None:
    before = until(up.web_workers)
    kill(before[0])
    until(lambda: len(set(up.web_workers()) - set(before)) == 1 and up.is_ready())
    assert "Unexpected exit from worker" in up.log


def test_the_public_log_is_signed_and_its_killed_sealer_is_started_again(up: Up) -> None:
    until((up.data_dir / "public-log" / "checkpoint").exists)
    before = until(lambda: up.pid("quanheng.runtime.sealer"))
    kill(before)
    until(lambda: up.pid("quanheng.runtime.sealer") not in {0, before})


def test_the_key_of_the_log_on_the_command_line_is_the_one_that_is_served(up: Up) -> None:
    until((up.data_dir / "keys" / "public-log.key").exists)
    said = quanheng("log", "key", env=environment(up.data_dir))  # knows nothing of the port
    served = up.page("/log/key").splitlines()[1:]
    assert said.stdout.splitlines() == [line for line in served if line]


def test_a_killed_background_worker_is_started_again(up: Up) -> None:
    before = until(lambda: up.pid("quanheng.runtime.worker"))
    kill(before)
    until(lambda: up.pid("quanheng.runtime.worker") not in {0, before} and up.is_ready())
    assert f"worker[{before}] ended (killed by SIGKILL)" in up.log


def test_a_killed_postmaster_is_started_again_and_the_platform_recovers(up: Up) -> None:
    before = until(lambda: up.pid("postgres"))
    kill(before)
    until(lambda: up.pid("postgres") not in {0, before} and up.is_ready())
    assert "PostgreSQL is gone; it starts again" in up.log


def test_a_killed_backend_is_reported_and_the_platform_recovers(up: Up) -> None:
    backend = until(up.backend)
    kill(backend)
    until(lambda: f"(PID {backend}) was terminated by signal 9" in up.log)
    until(up.is_ready)


def test_a_second_up_on_the_same_data_says_so(up: Up) -> None:
    second = quanheng("up", env=environment(up.data_dir, PORT="1"))
    assert second.returncode == 2
    assert f"runs already on {up.data_dir} (process {up.process.pid})" in second.stderr


def test_an_up_on_a_taken_port_says_what_to_set(up: Up, tmp_path: Path) -> None:
    second = quanheng("up", env=environment(tmp_path, PORT=str(up.port)))
    assert second.returncode == 2
    assert "Set PORT to a free port." in second.stderr


def test_a_command_beside_it_uses_its_database_and_leaves_it_running(up: Up) -> None:
    before = up.pid("postgres")
    listed = quanheng("showmigrations", "kit", env=environment(up.data_dir))
    assert (listed.returncode, "[X] 0001_roles" in listed.stdout) == (0, True), listed.stderr
    assert up.pid("postgres") == before


def test_no_secret_is_in_its_log(up: Up) -> None:
    for secret in ("postgres/password", "secret-key"):
        assert (up.data_dir / secret).read_text().strip() not in up.log
        assert (up.data_dir / secret).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_web_then_worker_then_sealer_then_postgres(tmp_path: Path, signum: signal.Signals) -> None:
    with running(tmp_path / "var") as up:
        family = psutil.Process(up.process.pid).children(recursive=True)
        up.process.send_signal(signum)
        assert up.process.wait(60) == 0
    said = [
        up.log.index(part)
        for part in ("stopping web", "stopping worker", "stopping sealer", "stopping PostgreSQL", "stopped")
    ]
    assert said == sorted(said)
    assert wait_until_gone(family, 5) == []
    assert "database system is shut down" in (up.data_dir / "postgres" / "server.log").read_text()


def test_after_kill_9_of_up_itself_the_next_one_starts(tmp_path: Path) -> None:
    with running(tmp_path / "var") as first:
        family = psutil.Process(first.process.pid).children(recursive=True)
        first.process.kill()
        first.process.wait()
        with running(tmp_path / "var") as second:
            assert second.is_ready()
            assert [process for process in family if lives(process)] == []


def test_another_port_on_the_same_directory_continues_the_same_log(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("moved") / "var"
    names = []
    for _ in range(2):  # each on a port of its own
        with running(home) as platform:
            signed = until(lambda: (home / "public-log" / "checkpoint").exists() and platform.is_ready())
            assert signed
            assert platform.page("/log/").startswith("HTTP 200")
            names.append((home / "public-log" / "checkpoint").read_text().splitlines()[0])
            assert "stands still" not in platform.log
    assert names[0] == names[1]


def test_a_log_is_not_called_otherwise_by_a_setting(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "public-log.name").write_text("first.example/log")
    settings = {"PORT": str(free_port()), "QUANHENG_LOG_ORIGIN": "second.example/log"}
    said = quanheng("up", env=environment(tmp_path, **settings))
    assert said.returncode == 2
    assert "The public log is called first.example/log" in said.stderr
