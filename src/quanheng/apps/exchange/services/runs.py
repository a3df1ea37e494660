"""A run of the exchange by files: where its file lies, how it ends."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.exchange import acts, refusals
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.kit.durable_files import private_folder
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import finish as finish_task

COUNTS = ("rows", "taken", "known", "conflicts", "rejected")


def files_dir() -> Path:
    """Return the folder of exported files, made when it is missing."""
    return private_folder(Path(settings.DATA_DIR) / "exchange-files")


def load(run_id: int) -> ExchangeRun:
    """Return a run as the system sees it."""
    with acting_in(EVERYTHING):
        return ExchangeRun.objects.unscoped().select_related("area").get(pk=run_id)


def finish(run: ExchangeRun, *, by: Actor, at: datetime, **values: Any) -> None:
    """End a run, and write it into the log of acts: which file, how many rows, what became of them.

    Raises:
        TaskCancelled: it was cancelled before.
    """
    with acting_in(EVERYTHING):
        finish_task(run, at, **values)
        counts = {name: getattr(run, name) for name in COUNTS if getattr(run, name)}
        record(
            acts.EXCHANGE_RUN, by=by, at=at, area_id=run.area_id, subject=run.file_name[:80],
            after={"run": run.pk, "direction": run.direction, "hash": run.file_hash} | counts,
        )  # fmt: skip


def visible(run_id: int, by: Actor) -> ExchangeRun:
    """Return a run that the actor may see.

    Raises:
        RuleBroken: run_not_found.
    """
    run = ExchangeRun.objects.visible_to(by).select_related("area", "requested_by").filter(pk=run_id).first()
    if run is None:
        raise refusals.RUN_NOT_FOUND()
    return run
