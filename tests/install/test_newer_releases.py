"""Somebody publishes a newer release of what we depend on: set-up does not notice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.install.lock import ROOT
from tests.install.wheels import make_wheel, pinned


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """pytest-cov asks for coverage with an extra, as it does; both have a newer release than the lock's."""
    folder = tmp_path / "index"
    folder.mkdir()
    locked = [
        make_wheel(folder, "coverage", "7.17.3"),
        make_wheel(folder, "pytest-cov", "7.1.0", ["coverage[toml]>=7.10.6"]),
    ]
    (tmp_path / "requirements.lock").write_text("".join(map(pinned, locked)))
    make_wheel(folder, "coverage", "7.18.0")
    make_wheel(folder, "pytest-cov", "8.0.0", ["coverage[toml]>=7.18"])
    return folder


def command_of_the_makefile() -> list[str]:
    """The line of `make setup` that installs the lock."""
    (line,) = re.findall(
        r"^\t@\$\(BIN\)/pip (install .*-r requirements\.lock)$", (ROOT / "Makefile").read_text(), re.M
    )
    return str(line).split()


def pip(command: list[str], index: Path) -> subprocess.CompletedProcess[str]:
    home = index.parent
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, "-m", "pip", *command, "--target", str(home / "site"), "--no-index",
         "--find-links", str(index)],
        env=bare | {"PIP_CONFIG_FILE": os.devnull}, cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip


def installed(index: Path) -> dict[str, str]:
    return {one.name: one.version for one in distributions(path=[str(index.parent / "site")])}


def test_the_makefile_installs_what_the_lock_names_though_newer_releases_exist(index: Path) -> None:
    said = pip(command_of_the_makefile(), index)
    assert said.returncode == 0, said.stderr
    assert installed(index) == {"coverage": "7.17.3", "pytest-cov": "7.1.0"}


def test_it_asks_for_nothing_beyond_the_lock_where_resolving_would(index: Path) -> None:
    """The control: the same command without --no-deps looks for what is not locked, and stops.

    The pip of Python 3.11 did so even for what is locked, where somebody asks for it with an extra.
    """
    lock = index.parent / "requirements.lock"
    lock.write_text(lock.read_text().splitlines(keepends=True)[1])
    resolving = pip([word for word in command_of_the_makefile() if word != "--no-deps"], index)
    assert resolving.returncode != 0
    assert "coverage" in resolving.stderr
    assert installed(index) == {}
    assert pip(command_of_the_makefile(), index).returncode == 0
    assert installed(index) == {"pytest-cov": "7.1.0"}


def test_a_wheel_that_was_replaced_is_not_installed(index: Path) -> None:
    make_wheel(index, "coverage", "7.17.3", ["something-else"])
    said = pip(command_of_the_makefile(), index)
    assert said.returncode != 0
    assert "DO NOT MATCH THE HASHES" in said.stderr
