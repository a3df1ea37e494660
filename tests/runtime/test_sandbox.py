"""The sandbox: a folder of its own, emptied at night, with keys that stay and open invented data alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from quanheng.runtime import sandbox, up
from quanheng.runtime.account import NotPossible
from tests.runtime.platform import environment, free_port, quanheng


def test_it_takes_an_empty_folder_and_knows_it_again(tmp_path: Path) -> None:
    for name in ("up.lock", "secret-key"):  # of the start itself
        (tmp_path / name).touch()
    sandbox.claim(tmp_path, "")
    (tmp_path / "postgres").mkdir()
    sandbox.claim(tmp_path, "")


def test_it_deletes_nothing_that_was_there_before_it(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(NotPossible, match="not empty"):
        sandbox.claim(tmp_path, "")
    with pytest.raises(NotPossible, match="DATABASE_URL"):
        sandbox.claim(tmp_path / "new", "postgresql://me@host/ledger")


def test_the_night_leaves_the_keys_and_nothing_else(tmp_path: Path) -> None:
    sandbox.claim(tmp_path, "")
    for name in ("postgres", "public-log", "outbox"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    (tmp_path / "sandbox-keys.json").write_text("[]")
    sandbox.empty(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"sandbox", "sandbox-keys.json"}


def test_a_night_that_was_interrupted_is_finished_by_the_next_start(tmp_path: Path) -> None:
    sandbox.claim(tmp_path, "")
    (tmp_path / ".going" / "0-postgres").mkdir(parents=True)
    (tmp_path / "public-log").mkdir()
    sandbox.claim(tmp_path, "")
    assert {path.name for path in tmp_path.iterdir()} == {"sandbox"}


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-12-01T03:29:59+08:00", "2026-12-01T03:30:00+08:00"),
        ("2026-12-01T03:30:00+08:00", "2026-12-02T03:30:00+08:00"),
        ("2026-12-01T19:31:00+00:00", "2026-12-03T03:30:00+08:00"),
    ],
)
def test_it_begins_anew_at_half_past_three_in_beijing(now: str, night: str) -> None:
    assert sandbox.next_night(datetime.fromisoformat(now)) == datetime.fromisoformat(night)


def test_it_begins_anew_when_the_night_comes_and_ends_when_a_signal_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first day ends by the hour; the second by a signal: what it holds then stays."""
    days: list[list[str]] = []

    class Day:
        def __init__(self, environment: Any, *, demo: bool, until: datetime) -> None:
            assert demo
            assert until > datetime.now(until.tzinfo)
            self.stopping = Mock(is_set=lambda: len(days) == 2)

        def run(self) -> None:
            days.append(sorted(path.name for path in tmp_path.iterdir()))
            (tmp_path / "postgres").mkdir()

    monkeypatch.setattr(up, "Platform", Day)
    up.run_sandbox(Mock(data_dir=tmp_path, database_url=""))
    assert days == [["sandbox"], ["sandbox"]]
    assert (tmp_path / "postgres").exists()


def test_up_refuses_a_folder_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("x")
    (tmp_path / "postgres").mkdir()
    refused = quanheng("up", "--sandbox", env=environment(tmp_path, PORT=str(free_port())))
    assert refused.returncode == 2
    assert "not empty" in refused.stderr
    assert "Traceback" not in refused.stderr
