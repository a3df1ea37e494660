"""The nursery: `python -m quanheng.kit.apart.nursery SOCKET MODULE…` imports once and forks a child for each
task.

The child limits itself before it touches what was sent: memory, seconds of processor and of clock, no files,
no children. A task that runs away or aborts takes only its child with it. All of them yield to whoever
answers pages (the lowest priority). The environment is empty: no secret is in reach of a decoder.

A task is a function from bytes to bytes, by the name `module:function`. Asked: two lengths, a line of JSON
(task, memory, cpu, wall), the bytes. Answered: one letter and the bytes; nothing at all when the child was
killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import django
from django.conf import settings
from django.utils import translation

import quanheng

HEAD = struct.Struct("!II")
BEGUN, DONE, FAILED, NO_MEMORY = b"b", b"d", b"f", b"m"
LOWEST = 19  # nice
LANGUAGES = ("zh-hans", "en")


def main() -> int:
    """Import, then fork for whoever asks, until whoever started us has ended."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    _set_up_django()
    for module in map(import_module, sys.argv[2:]):
        if hasattr(module, "prepare"):
            module.prepare()
    _give_way()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever started us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return 0
        asked, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _serve(asked)
        asked.close()


def _give_way() -> None:
    """Take only the processor that nobody else wants, at once when somebody does.

    A process that is merely nice keeps the processor until its slice is over, 3 ms of it, each time that a
    scan has to wake somebody: a thread, a backend of the database, the thread again.
    """
    os.nice(LOWEST)
    if hasattr(os, "SCHED_IDLE"):
        with contextlib.suppress(OSError):  # a container that forbids it: nice it is
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _set_up_django() -> None:
    """Give the tasks the texts of their refusals, and nothing else: no database, no secret."""
    settings.configure(
        USE_I18N=True, LANGUAGE_CODE=LANGUAGES[0],
        LOCALE_PATHS=[str(Path(quanheng.__file__).parent / "locale")],
    )  # fmt: skip
    django.setup(set_prefix=False)
    for language in LANGUAGES:
        with translation.override(language):
            translation.gettext("请求有误。")  # read before the first fork


def _serve(asked: socket.socket) -> NoReturn:
    try:
        asked.sendall(BEGUN)
        with asked, asked.makefile("rwb") as line:
            about_size, size = HEAD.unpack(line.read(HEAD.size))
            about, payload = json.loads(line.read(about_size)), line.read(size)
            limit(about["memory"], about["cpu"], about["wall"])
            line.write(_answer(about["task"], payload))
    finally:
        sys.stderr.flush()
        os._exit(0)


def limit(memory: int, cpu: int, wall: int) -> None:
    """Limit this process: bytes, seconds of processor, seconds of clock."""
    signal.alarm(wall)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def _answer(task: str, payload: bytes) -> bytes:
    module, _, function = task.partition(":")
    try:
        return DONE + bytes(getattr(sys.modules[module], function)(payload))
    except MemoryError:
        return NO_MEMORY
    except Exception:
        traceback.print_exc()
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
