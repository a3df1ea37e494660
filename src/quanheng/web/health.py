"""`/healthz`: this process lives. `/readyz`: the platform can work, or what keeps it from working."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from quanheng.apps.audit.log.health import lag
from quanheng.apps.outbox.queries import trouble
from quanheng.kit.free_space import shortage
from quanheng.web.access import public_page

WORKER_SILENT = 20  # seconds without a heartbeat; four are missed by then

_migrated = False  # never goes back in the life of a process: new code is a new process


@public_page
def healthz(_: HttpRequest) -> JsonResponse:
    """Answer without asking anybody."""
    return JsonResponse({"status": "ok"})


@public_page
def readyz(_: HttpRequest) -> JsonResponse:
    """Answer 200 when database, migrations and worker are there; 503 and what is not otherwise."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            found[name] = check()
        except Error:
            found[name] = "unreachable"
        except ImproperlyConfigured:
            found[name] = "role missing"  # a database that was never migrated
    ready = all(state == "ok" for state in found.values())
    answer = {"status": "ready" if ready else "not ready", "checks": found, "warnings": warnings()}
    response = JsonResponse(answer, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
    # Django logs every 503 as an error; balancers ask several times a second.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def migrations() -> str:
    global _migrated  # noqa: PLW0603
    if not _migrated:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if pending:
            return f"{pending} migrations pending"
        _migrated = True
    return "ok"


def worker() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(last_heartbeat) > now() - make_interval(secs => %s), false)"
            " FROM procrastinate_workers",
            [WORKER_SILENT],
        )
        row = cursor.fetchone()
    return "ok" if row and row[0] else "silent"


def warnings() -> dict[str, str]:
    """What somebody has to look at while the platform goes on working."""
    try:
        waiting, outbox = lag(timezone.now()), trouble(timezone.now())
    except (Error, ImproperlyConfigured):
        return {}
    found = {}
    if short := shortage():
        found["disk"] = short
    if waiting > settings.LOG_ALARM:
        found["public log"] = f"acts have been waiting for {int(waiting.total_seconds() // 60)} minutes"
    if outbox.given_up:
        found["messages given up"] = f"{outbox.given_up} could not be delivered; see /messages/"
    if outbox.late:
        found["messages late"] = f"{outbox.late} are due and nobody delivers them"
    return found


CHECKS: dict[str, Callable[[], str]] = {"database": database, "migrations": migrations, "worker": worker}

urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
