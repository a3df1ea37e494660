"""Hospitals and their half-year reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from quanheng.apps.accounts.models import Area
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.registry.models import Entity
from tests.factories.ledger import NOW, make_entity
from tests.factories.people import as_system, serial


def make_hospital(area: Area, name: str = "", **fields: Any) -> Entity:
    """Make a hospital of grade two with a confirmed file."""
    defaults = {"kind": "institution", "premises": "hospital", "hospital_grade": "二级甲等"}
    return make_entity(name or f"第{serial()}医院", area=area, **defaults | fields)


@as_system
def make_half_year(entity: Entity, **fields: Any) -> HalfYearReport:
    """Make the report of the first half of 2026, as the job opens it."""
    defaults = {
        "number": f"BN{serial():08d}", "root": entity.root or entity, "area": entity.area, "year": 2026,
        "half": 1, "due_on": date(2026, 7, 31), "opened_at": NOW,
    }  # fmt: skip
    return HalfYearReport.objects.unscoped().create(entity=entity, **defaults | fields)


def mark_half_year(hospital: Entity, mark: Callable[..., str]) -> dict[str, Any]:
    """Make a report every text of which tells whose it is; return its id."""
    said = [mark(hospital.area, hospital) for _ in range(4)]
    report = make_half_year(
        hospital, number=said[0], words=said[1], remarks={"other": said[2]}, return_reason=said[3]
    )
    return {"half_year_id": report.pk}
