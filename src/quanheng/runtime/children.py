"""The processes that `quanheng up` keeps alive, and those that an earlier `up` may have left."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from quanheng.runtime.processes import die_with_parent, lives, wait_until_gone

log = logging.getLogger("quanheng.up")

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds between the end of a child and its next start
STEADY = 60.0  # seconds after which a child counts as well again


@dataclass
class Backoff:
    """How long to wait before the next start: twice as long each time, short again after a steady minute."""

    delay: float = FIRST_DELAY
    started: float = field(default_factory=time.monotonic)
    due: float = 0.0

    def failed(self, now: float) -> float:
        """Note a failure and return the seconds until the next attempt."""
        if now - self.started > STEADY:
            self.delay = FIRST_DELAY
        wait, self.delay = self.delay, min(self.delay * 2, LONGEST_DELAY)
        self.due = now + wait
        return wait


class Child:
    """One Python process of the platform, in a process group of its own.

    Args:
        name: what the log calls it.
        module: run with `python -m`.
    """

    def __init__(self, name: str, module: str) -> None:
        self.name = name
        self.module = module
        self.process: subprocess.Popen[bytes] | None = None
        self.backoff = Backoff()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module], stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM), env=os.environ | {"QUANHENG_PROCESS": self.name},
        )  # fmt: skip
        self.backoff.started = time.monotonic()

    def mend(self, now: float) -> bool:
        """Start the child again when it has ended and its time has come; say whether it was started."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return False
            self._end_group()
            wait = self.backoff.failed(now)
            log.warning(
                "%s[%d] ended (%s); it starts again in %.1f s", self.name, self.process.pid, _how(code), wait
            )
            self.process = None
        if now < self.backoff.due:
            return False
        self.start()
        return True

    def stop(self, patience: float) -> None:
        """Ask it to stop, and kill what is left of its group after `patience` seconds."""
        if self.process is None:
            return
        log.info("stopping %s", self.name)
        self.process.terminate()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            log.warning("%s does not stop within %.0f s; it is killed", self.name, patience)
        self._end_group()
        self.process.wait()
        self.process = None

    def _end_group(self) -> None:
        """A master killed with -9 leaves workers that would go on serving."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


class Register:
    """Who runs, in a file: an `up` that follows a killed one ends what is left of it."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def write(self, children: list[Child]) -> None:
        known = [_identity(child.process.pid) for child in children if child.process is not None]
        fresh = self.place.with_suffix(".new")
        fresh.write_text(json.dumps([entry for entry in known if entry]))
        fresh.replace(self.place)

    def clear_remains(self) -> None:
        """End the processes of an earlier `up` that are still there, with their groups."""
        try:
            known = json.loads(self.place.read_text())
        except (OSError, ValueError):
            return
        left = [process for pid, born in known for process in _still(pid, born)]
        if left:
            log.warning("ending %d processes that an earlier `up` left", len(left))
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in wait_until_gone(left, 10):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _identity(pid: int) -> tuple[int, float] | None:
    try:
        return pid, psutil.Process(pid).create_time()
    except psutil.Error:
        return None


def _still(pid: int, born: float) -> list[psutil.Process]:
    """The process with this id, if it is the one that was born then: ids are given again."""
    try:
        process = psutil.Process(pid)
        return [process] if process.create_time() == born and lives(process) else []
    except psutil.Error:
        return []
