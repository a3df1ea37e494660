"""Asking the nursery of this process, a few at a time; whoever comes when all turns are taken is told when to
come back.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from quanheng.kit import refusals
from quanheng.kit.apart.nursery import BEGUN, DONE, FAILED, HEAD, NO_MEMORY
from quanheng.kit.refusal import RuleBroken

log = logging.getLogger(__name__)

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # one task, one thread
BLOCK = 1 << 20


class TaskFailed(Exception):
    """The task has a fault of its own; its traceback is in the log."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use: bytes of memory, seconds of processor, seconds until it is given up."""

    memory: int
    cpu: int
    wall: int


class Turns:
    """So many tasks of a kind at once in this process, and so many more that wait a moment.

    Args:
        abreast, waiting: tasks that run, callers that wait. Their sum stays below the threads of a web
        process. patience: seconds that a caller waits for a turn.
    """

    def __init__(self, abreast: int, waiting: int, *, patience: float = 10.0) -> None:
        self.patience = patience
        self._places = threading.BoundedSemaphore(abreast + waiting)
        self._turns = threading.BoundedSemaphore(abreast)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a turn. Raises NotNow (busy)."""
        if not self._places.acquire(blocking=False):
            raise busy()
        try:
            if not self._turns.acquire(timeout=self.patience):
                raise busy()
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


def busy(seconds: int = 5) -> RuleBroken:
    """Return the refusal for whoever comes when all turns are taken."""
    return refusals.BUSY(seconds=seconds)


class Nursery:
    """The nursery of this process: started at the first question, again when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()

    def ask(self, task: str, payload: bytes, limits: Limits, turns: Turns) -> bytes:
        """Return what the task made of the payload.

        Raises:
            RuleBroken: too_heavy; NotNow: busy, also when the clock ran out and not what the task may use:
            others had the processor then, and the task is not to blame.
            TaskFailed: a fault of the task's own.
        """
        with turns.one():
            started = time.monotonic()
            answer = self._exchange(task, payload, limits)
            ran_out = time.monotonic() - started >= limits.wall
        if not answer.startswith(BEGUN):
            log.error("The nursery of limited processes has ended; it is started anew at the next question.")
            raise busy()
        kind, rest = answer[1:2], answer[2:]
        if kind == DONE:
            return rest
        if kind == FAILED:
            raise TaskFailed(task)
        if ran_out and kind != NO_MEMORY:
            raise busy()
        raise refusals.TOO_HEAVY()

    def stop(self) -> None:
        """End the nursery."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()  # type: ignore[union-attr]  # PIPE was asked for
        if self._folder is not None:
            self._folder.cleanup()
        self._process = self._folder = None

    def _exchange(self, task: str, payload: bytes, limits: Limits) -> bytes:
        about = json.dumps(
            {"task": task, "memory": limits.memory, "cpu": limits.cpu, "wall": limits.wall}
        ).encode()
        with self._connect() as line:
            line.settimeout(limits.wall + 5.0)  # the first question waits for the imports too
            received = []
            with contextlib.suppress(OSError):  # killed by its limits, or out of time
                line.sendall(HEAD.pack(len(about), len(payload)) + about + payload)
                while block := line.recv(BLOCK):
                    received.append(block)
            return b"".join(received)

    def _connect(self) -> socket.socket:
        for _ in range(2):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.connect(self._address())
            except OSError:  # it died since it was started
                line.close()
                self.stop()
            else:
                return line
        raise busy()

    def _address(self) -> str:
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            return str(Path(self._folder.name) / "socket")  # type: ignore[union-attr]  # just started

    def _start(self) -> None:
        self._clear()
        self._folder = tempfile.TemporaryDirectory(prefix="quanheng-apart-")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(Path(self._folder.name) / "socket"))
            listener.listen(16)
            command = [sys.executable, "-I", "-m", "quanheng.kit.apart.nursery", str(listener.fileno())]
            self._process = subprocess.Popen(  # noqa: S603  (our own module)
                [*command, *settings.WORK_APART], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                pass_fds=[listener.fileno()], env=ENVIRONMENT,
            )  # fmt: skip


APART = Nursery()


@atexit.register
def _end() -> None:
    with contextlib.suppress(OSError):
        APART.stop()
