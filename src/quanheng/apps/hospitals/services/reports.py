"""The kind of row that the acts on half-year reports share."""

from __future__ import annotations

from quanheng.apps.audit.row_acts import RowKind
from quanheng.apps.hospitals import refusals
from quanheng.apps.hospitals.enums import HalfYearState
from quanheng.apps.hospitals.models import HalfYearReport

HALF_YEAR_REPORTS = RowKind(
    model=HalfYearReport, missing=refusals.REPORT_NOT_FOUND, versioned=True, related=("entity",),
    meanwhile=refusals.CHANGED_MEANWHILE, told=lambda row: {"state": row.state},
    filed=lambda row: {
        "area_id": row.area_id, "entity_id": row.entity_id, "root_id": row.root_id, "subject": row.number,
    },
)  # fmt: skip


def check_with_hospital(report: HalfYearReport) -> None:
    """Raise where it is not the hospital's turn.

    Raises:
        RuleBroken: half_year_not_in_state.
    """
    if not report.is_with_hospital:
        raise refusals.NOT_IN_STATE(state=HalfYearState(report.state).label)
