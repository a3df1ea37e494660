"""`.ci/run` installs from nothing, with the commands of the Makefile, and says what pytest says last."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.install.lock import ROOT

CACHES = ("PIP_CACHE_DIR", "npm_config_cache", "UV_CACHE_DIR")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that was used before, with a `make` that tells what it found."""
    folder = tmp_path / "checkout"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    for remains in (".venv/bin", "node_modules/left", "src/quanheng/web/static/vendor", "src/quanheng/kept"):
        (folder / remains).mkdir(parents=True)
    make = tmp_path / "bin" / "make"
    make.parent.mkdir()
    variables = "".join(f'"${{{name}}}" ' for name in CACHES)
    make.write_text(
        f"#!/bin/sh\nls -A\nls -A src/quanheng/web/static\nfor cache in {variables}; do\n"
        'echo "$cache"; mkdir -p "$cache/used"; done\necho "$@"\necho 1 passed in 1s\nexit ${VERDICT:-0}\n'
    )
    make.chmod(0o755)
    return folder


def run(checkout: Path, **more: str) -> subprocess.CompletedProcess[str]:
    path = f"{checkout.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", ".ci/run"], cwd=checkout, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "PIP_CACHE_DIR": "/old", **more},
    )  # fmt: skip


def test_it_begins_without_environment_and_with_caches_of_its_own_that_it_clears_away(checkout: Path) -> None:
    said = run(checkout)
    assert said.returncode == 0
    *found, words, closing = said.stdout.splitlines()
    places, caches = found[:-3], [Path(line) for line in found[-3:]]
    assert places == [".ci", "src"], "nothing is left of an earlier environment"
    assert (words, closing) == ("--no-print-directory test", "1 passed in 1s")
    assert len({*caches}) == 3
    assert not any(cache.exists() or checkout in cache.parents or str(cache) == "/old" for cache in caches)


def test_what_pytest_said_is_the_verdict(checkout: Path) -> None:
    assert run(checkout, VERDICT="2").returncode == 2
