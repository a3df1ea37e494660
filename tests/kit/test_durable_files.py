"""Files that a power cut must not take; the cut itself is `make power-cut`."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from quanheng.kit.durable_files import read_or_make_secret, write_secret


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the system, in its order: a file or folder made durable, a name given."""
    made: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def told(handle: int) -> None:
        made.append(f"sync {Path(f'/proc/self/fd/{handle}').readlink().name}")
        fsync(handle)

    def renamed(self: Path, target: Path) -> Path:
        made.append(f"name {target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", told)
    monkeypatch.setattr(Path, "replace", renamed)
    return made


def test_the_text_is_durable_before_its_name_and_the_name_at_the_end(
    tmp_path: Path, calls: list[str]
) -> None:
    write_secret(tmp_path / "home" / "key", "s3cret")
    assert calls == [f"sync .key.{os.getpid()}", "name key", "sync home"]


def test_only_the_owner_reads_it_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_secret(tmp_path / "home" / "key", "old")
    write_secret(tmp_path / "home" / "key", "new")
    assert (tmp_path / "home" / "key").read_text() == "new"
    assert (tmp_path / "home" / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["key"]


def test_what_is_there_is_read_and_not_made_again(tmp_path: Path) -> None:
    numbers = count()
    made = [read_or_make_secret(tmp_path / "key", lambda: str(next(numbers))) for _ in range(3)]
    assert made == ["0", "0", "0"]


def test_of_many_at_once_all_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = count(1)
    monkeypatch.setattr(os, "getpid", lambda: next(pids))  # threads stand in for processes
    with ThreadPoolExecutor(16) as pool:
        read = list(pool.map(lambda n: read_or_make_secret(tmp_path / "key", lambda: f"key {n}"), range(64)))
    assert len(set(read)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
