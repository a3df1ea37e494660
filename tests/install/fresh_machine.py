"""Does a newcomer's machine get from a clone to a running province? Tried from nothing, and cleared away.

    make fresh-machine      each Python from 3.11 on of QUANHENG_PYTHONS (paths, as in PATH) and of the PATH

Clones the last commit into a temporary directory, empties the caches of pip and npm for it, runs `make setup`
and `make demo` to its `ready:`, asks the page of a shopper, and stops it. Takes some five minutes a Python.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = ("python3.11", "python3.12", "python3.13", "python3.14", "python3")
PATIENCE = 1800  # seconds until `ready:`


def interpreters() -> list[Path]:
    """Return one Python of each version from 3.11 on, the oldest first."""
    named = os.environ.get("QUANHENG_PYTHONS", "").split(os.pathsep)
    found: dict[tuple[int, ...], Path] = {}
    for place in filter(None, [*named, *map(shutil.which, NAMES), sys.executable]):
        version = version_of(place)
        if version >= (3, 11):
            found.setdefault(version, Path(place))
    return [found[version] for version in sorted(found)]


def version_of(python: str) -> tuple[int, ...]:
    """Return major and minor version of an interpreter; (0,) for a name on the PATH that leads nowhere."""
    said = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    return tuple(map(int, said.stdout.split())) if said.returncode == 0 else (0,)


class FreshMachine:
    """A clone with caches of its own.

    Args:
        find_links: a folder of more releases that pip gets to see beside the index.
    """

    def __init__(self, home: Path, python: Path, find_links: str = "") -> None:
        self.clone = home / "quanheng"
        self.python = python
        more = " ".join(filter(None, [os.environ.get("PIP_FIND_LINKS", ""), find_links]))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("QUANHENG_")},
            "PIP_CACHE_DIR": str(home / "pip"), "npm_config_cache": str(home / "npm"),
            "UV_CACHE_DIR": str(home / "uv"), "PIP_FIND_LINKS": more,
        }  # fmt: skip
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL"):
            self.environment.pop(name, None)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.clone)], check=True)

    def set_up(self) -> None:
        """`make setup`; raises CalledProcessError."""
        command = ["make", f"PYTHON={self.python}", "setup"]
        subprocess.run(command, cwd=self.clone, env=self.environment, check=True, stdout=sys.stderr)

    def installed(self) -> dict[str, str]:
        """Return what pip says is installed beside ourselves: versions by name."""
        said = subprocess.run(
            [self.clone / ".venv/bin/pip", "list", "--format=freeze", "--exclude-editable"],
            cwd=self.clone, env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return dict(line.split("==") for line in said.stdout.split())

    def demonstrate(self, port: int) -> str:
        """`make demo` as far as `ready:`, one page, and a clean stop; return the page's text."""
        log = self.clone / "demo.log"
        with log.open("wb") as output:
            make = subprocess.Popen(
                ["make", f"PYTHON={self.python}", "demo"], cwd=self.clone, stdout=output,
                env=self.environment | {"PORT": str(port)}, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                address = self._until_ready(make, log)
                with urllib.request.urlopen(address, timeout=60) as answer:
                    text: str = answer.read().decode()
            finally:
                self._stop(make)
        if make.returncode:
            raise RuntimeError(f"make demo ended with {make.returncode}:\n{log.read_text()[-3000:]}")
        return text

    def _until_ready(self, make: subprocess.Popen[bytes], log: Path) -> str:
        end = time.monotonic() + PATIENCE
        while not (ready := re.search(r"^ready: (\S+)", log.read_text("utf-8"), re.M)):
            if make.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"make demo is not ready:\n{log.read_text()[-3000:]}")
            time.sleep(1)
        return ready.group(1)

    def _stop(self, make: subprocess.Popen[bytes]) -> None:
        """End the platform as its operator does; its process stands in the lock of its directory."""
        lock = self.clone / "var" / "up.lock"
        if make.poll() is None and lock.exists():
            os.kill(int(lock.read_text()), signal.SIGTERM)
        make.wait(120)


def try_it(python: Path, port: int) -> None:
    """Run the whole way on one interpreter."""
    with tempfile.TemporaryDirectory(prefix="fresh-machine-", ignore_cleanup_errors=True) as home:
        began = time.monotonic()
        machine = FreshMachine(Path(home), python)
        machine.set_up()
        ready = time.monotonic()
        machine.demonstrate(port)
        print(
            f"{python}: set-up {ready - began:.0f} s, demonstration {time.monotonic() - ready:.0f} s, stopped"
        )


if __name__ == "__main__":
    for each in interpreters():
        try_it(each, int(os.environ.get("PORT", "8000")))
