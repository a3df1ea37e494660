"""The sealer: `python -m quanheng.runtime.sealer`. Waiting acts go into the public log every few seconds.

A process of its own: an import that keeps the worker busy for an hour must not keep acts waiting.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time

import django

from quanheng.runtime.processes import exit_when_orphaned

log = logging.getLogger("quanheng.sealer")

PAUSE = 5.0  # seconds between looks at the queue
REFRESH = 30.0  # seconds after which the checkpoint is signed again, so that its age can be told


def main() -> int:
    exit_when_orphaned()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    django.setup(set_prefix=False)
    stopping = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopping.set())
    log.info("working")
    refreshed = 0.0
    while not stopping.is_set():
        now = time.monotonic()
        if run_once(refresh=now - refreshed >= REFRESH):
            refreshed = now
        stopping.wait(PAUSE)
    return 0


def run_once(*, refresh: bool) -> bool:
    """Seal until nothing waits; say whether the checkpoint was signed. A fault is logged, and tried again."""
    from django.db import Error, close_old_connections
    from django.utils import timezone

    from quanheng.adapters.public_log import seal_into_folder
    from quanheng.apps.audit.log.health import waiting_since
    from quanheng.apps.audit.log.sealing import AT_MOST, LogForked
    from quanheng.packs.case_fault import CaseFault

    try:
        if not refresh and waiting_since() is None:
            return False
        while seal_into_folder(at=timezone.now()).added == AT_MOST:
            pass
    except (LogForked, CaseFault) as fork:
        log.critical("the public log stands still: %s", fork)
        return False
    except (Error, OSError) as fault:
        log.error("this round of the public log did not come to its end: %s", fault)
        close_old_connections()
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
