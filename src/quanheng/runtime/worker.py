"""The background worker: `python -m quanheng.runtime.worker`."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys

import django
from procrastinate import App, PsycopgConnector

from quanheng.runtime.processes import exit_when_orphaned

log = logging.getLogger("quanheng.worker")

CONCURRENCY = 4
HEARTBEAT = 5.0  # seconds
STALLED = 20.0  # seconds without heartbeat: that worker is dead, its jobs go to another
GRACE = (
    25.0  # seconds that running jobs have when we stop; jobs continue where they were when they are run again
)


async def rescue(app: App) -> None:
    """Give the jobs of dead workers to the living, again and again."""
    while True:
        try:
            await rescue_once(app)
        except Exception as error:
            log.warning("cannot look for stalled jobs: %s", error)
        await asyncio.sleep(HEARTBEAT)


async def rescue_once(app: App) -> list[int | None]:
    """Queue again what dead workers had begun; return the ids of those jobs."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED))
    for job in stalled:
        log.warning("job %s (%s) lost its worker; it runs again", job.id, job.task_name)
        await app.job_manager.retry_job(job)
    return [job.id for job in stalled]


async def work(app: App) -> None:
    async with app.open_async():
        rescuer = asyncio.create_task(rescue(app))
        try:
            await app.run_worker_async(
                name=f"{socket.gethostname()}-{os.getpid()}",
                concurrency=CONCURRENCY,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
                shutdown_graceful_timeout=GRACE,
                delete_jobs="never",
            )
        finally:
            rescuer.cancel()


def main() -> int:
    exit_when_orphaned()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    django.setup(set_prefix=False)
    from django.conf import settings
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    parameters = connector_params() | {"options": f"-c role={settings.DATABASE_ROLE}"}
    with app.replace_connector(PsycopgConnector(kwargs=parameters)) as working:
        log.info("working")
        asyncio.run(work(working))
    return 0


if __name__ == "__main__":
    sys.exit(main())
