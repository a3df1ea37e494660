"""What Linux needs to be told about child processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

import psutil

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def lives(process: psutil.Process) -> bool:
    """Say whether it runs. A zombie does not: in a container nobody may ever fetch it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def wait_until_gone(processes: list[psutil.Process], patience: float) -> list[psutil.Process]:
    """Wait up to `patience` seconds and return those that still live."""
    deadline = time.monotonic() + patience
    while (left := [process for process in processes if lives(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def exit_when_orphaned(signum: signal.Signals = signal.SIGTERM) -> None:
    """Get the signal when our parent is gone. For a process that was forked, or started, by a supervisor."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)


def die_with_parent(signum: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn`: the child gets the signal when the thread that started it is gone.

    Elsewhere than on Linux it does nothing: the next start takes over what is left.
    """
    parent = os.getpid()

    def tell_kernel() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
            if os.getppid() != parent:  # it died before the kernel knew
                os._exit(1)

    return tell_kernel
