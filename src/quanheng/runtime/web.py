"""The web server: `python -m quanheng.runtime.web`."""

from __future__ import annotations

import os
import sys

from granian import Granian
from granian.constants import Interfaces

from quanheng.config.environment import read_environment
from quanheng.config.logging import LOGGING
from quanheng.kit.threads import THREADS
from quanheng.runtime.processes import exit_when_orphaned

STOP_WITHIN = 20  # seconds for the requests that are being answered


def main() -> int:
    exit_when_orphaned()
    environment = read_environment()
    server = Granian(
        "quanheng.runtime.serve:application", address=environment.listen, port=environment.port,
        interface=Interfaces.WSGI, workers=len(os.sched_getaffinity(0)), blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=STOP_WITHIN, log_dictconfig=LOGGING,
    )  # fmt: skip
    server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
