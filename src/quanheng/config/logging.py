"""One line per event on stderr: instant, level, process, logger, message.

A line never holds a secret or what somebody typed into a form; a newline inside a message is written as two
characters, so that nobody writes a log line of their own (ASVS 16.4.1).
"""

from __future__ import annotations

import logging
import os
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from quanheng.config.values import LEVELS

MOST_PLACES = 100
CHENGDU = ZoneInfo("Asia/Shanghai")


class LineFormatter(logging.Formatter):
    """`2026-11-23T10:00:00.123+08:00 INFO    web[42] django.request: message`; tracebacks are indented.

    What a visitor did wrong (a closed door, a strange host) is one line: our traceback says nothing of it.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, CHENGDU).isoformat(timespec="milliseconds")
        process = f"{os.environ.get('QUANHENG_PROCESS', 'quanheng')}[{record.process}]"
        message = _one_line(record.getMessage())
        line = f"{at} {record.levelname:<7} {process} {record.name}: {message}"
        if record.exc_info and getattr(record, "status_code", 500) < 500:
            line += f" ({type(record.exc_info[1]).__name__}: {_one_line(str(record.exc_info[1]))})"
        elif record.exc_info:
            line += "\n" + "\n".join(
                f"    {part}" for part in self.formatException(record.exc_info).splitlines()
            )
        return line


def _one_line(text: str) -> str:
    return text.replace("\r", "\\r").replace("\n", "\\n")


class LatersTogether(logging.Filter):
    """Lets one line a minute pass of all answers 503 to one address, with how many there were.

    Whoever is told to come back is no fault of ours, and thousands of them must not fill the disk. Addresses
    differ in a code: the first part of a path stands for all.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        super().__init__()
        self.seconds = seconds
        self._seen: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 0) != 503 or record.exc_info:
            return True
        where = str(getattr(getattr(record, "request", None), "path", "")).lstrip("/").partition("/")[0][:32]
        last, since = self._seen.get(where, (-self.seconds, 0))
        if record.created - last < self.seconds:
            self._seen[where] = (last, since + 1)
            return False
        if len(self._seen) > MOST_PLACES:
            self._seen.clear()
        self._seen[where] = (record.created, 0)
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg = f"{record.msg} (and {since} more since the last such line)"
        return True


# A level that is none is refused with a sentence by `environment`; until then somebody has to log.
LEVEL = os.environ.get("QUANHENG_LOG_LEVEL", "").strip()
LEVEL = LEVEL if LEVEL in LEVELS else "INFO"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "quanheng.config.logging.LineFormatter"}},
    "filters": {"laters": {"()": "quanheng.config.logging.LatersTogether"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["laters"]}},
    "root": {"handlers": ["stderr"], "level": LEVEL},
    "loggers": {
        "django": {"level": "INFO", "handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "procrastinate": {"level": "WARNING"},
        # Granian's own handlers would write in another form.
        "_granian": {"level": "WARNING", "handlers": [], "propagate": True},
        "granian.access": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}
