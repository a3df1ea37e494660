"""What the acts on a task share."""

from __future__ import annotations

from typing import Any

from quanheng.apps.audit.row_acts import RowKind
from quanheng.apps.inspections import refusals
from quanheng.apps.inspections.models import InspectionTask


def filed(task: InspectionTask) -> dict[str, Any]:
    """Return under what the log files an act: where and of whom it is."""
    return {
        "area_id": task.area_id, "entity_id": task.entity_id, "root_id": task.root_id,
        "instrument_id": task.instrument_id, "subject": task.campaign_number,
    }  # fmt: skip


TASKS = RowKind(model=InspectionTask, missing=refusals.TASK_NOT_FOUND, filed=filed)
