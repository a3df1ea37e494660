"""A `quanheng up` of its own, for tests that look at it from outside and kill parts of it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil

T = TypeVar("T")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Return the environment of a user's shell: nothing of the test session's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"QUANHENG_DATA_DIR": str(data_dir), **more}


def quanheng(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "quanheng.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


def until(ask: Callable[[], T], *, within: float = 90) -> T:
    """Ask again and again until the answer is true."""
    deadline = time.monotonic() + within
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s")
        time.sleep(0.1)
    return answer


class Up:
    """A running platform."""

    def __init__(self, data_dir: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.data_dir = data_dir
        self.port = port
        self.process = process

    @property
    def log(self) -> str:
        return (self.data_dir / "up.err").read_text()

    @property
    def output(self) -> str:
        return (self.data_dir / "up.out").read_text()

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except OSError:
            return 0, {}
        finally:
            connection.close()

    def page(self, path: str) -> str:
        """Return a page as text, its status in front."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return f"HTTP {response.status}\n{response.read().decode()}"
        finally:
            connection.close()

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"`up` ended with {self.process.returncode}:\n{self.log}")
        return self.get("/readyz")[0] == 200

    def pid(self, name: str) -> int:
        """Return the newest process of this name that the log mentions, as `up` started it."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):  # it may be a zombie, or gone by now
                if name in " ".join(child.cmdline()) or name == child.name():
                    return child.pid
        return 0

    def web_workers(self) -> list[int]:
        master = self.pid("quanheng.runtime.web")
        with suppress(psutil.Error):
            return [child.pid for child in psutil.Process(master).children()] if master else []
        return []

    def backend(self) -> int:
        """Return a PostgreSQL process that serves a connection of the platform."""
        postmaster = psutil.Process(self.pid("postgres"))
        serving = [
            p.pid for p in postmaster.children() if re.search("quanheng .*idle", " ".join(p.cmdline()))
        ]
        return serving[0] if serving else 0


@contextmanager
def running(data_dir: Path, *words: str, **more: str) -> Iterator[Up]:
    """Start `quanheng up` and stop whatever of it is left at the end."""
    data_dir.mkdir(exist_ok=True)
    port = free_port()
    with (data_dir / "up.out").open("ab") as out, (data_dir / "up.err").open("ab") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "quanheng.cli", "up", *words],
            stdout=out, stderr=err, env=environment(data_dir, PORT=str(port), **more), start_new_session=True,
        )  # fmt: skip
    platform = Up(data_dir, port, process)
    try:
        until(platform.is_ready, within=200)
        yield platform
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
