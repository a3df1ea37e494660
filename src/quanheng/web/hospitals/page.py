"""What the pages of a half-year report show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quanheng.apps.hospitals.figures import Line
from quanheng.apps.hospitals.queries import reports
from quanheng.apps.instruments.queries.holdings import Held
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.regulation.medical_classes import MedicalMode
from quanheng.web.hospitals.lists import manager_badge, period_name, timing
from quanheng.web.hospitals.words import line_name, mode_name, standing_name
from quanheng.web.parts import Fact, State, moment

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.apps.hospitals.models import HalfYearReport
    from quanheng.apps.instruments.models import Instrument

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a line; `url` leads to the instruments behind it."""

    head: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    name: str
    mode: str
    cells: list[Cell]
    remark: str


@dataclass(frozen=True, slots=True)
class ShownRows:
    """Instruments behind a number, as they are in the ledger now; `gone` are no longer to be seen."""

    title: str
    instruments: list[Instrument]
    total: int
    gone: int

    @property
    def is_cut(self) -> bool:
        """Whether there are more than the page shows."""
        return self.total - self.gone > MOST_ROWS


def facts_of(report: HalfYearReport, by: Actor) -> list[Fact]:
    """Return what is said of a report, apart from its counts."""
    today = timezone.localdate()
    standing = reports.manager_of(report, by, today) if report.is_with_hospital else report.manager
    said = report.full_time_managers
    badge = manager_badge(standing if said is not None else "")
    return [
        Fact(_("医疗机构"), report.entity.name, reverse("entity_page", args=[report.entity_id])),
        Fact(_("医院等级"), report.grade or report.entity.hospital_grade),
        Fact(_("半年"), period_name(report)),
        Fact(_("报送期限"), report.due_on, state=timing(report)),
        Fact(
            _("专职计量管理人员"), "" if said is None else _("%(count)s 人") % {"count": said},
            state=badge if isinstance(badge, State) else None,
        ),
        Fact(_("首次报送日期"), report.first_submitted_on or ""),
        Fact(_("报送人"), report.submitted_by_name),
        Fact(_("报送时间"), moment(report.submitted_at)),
        Fact(_("审核人"), report.decided_by_name),
        Fact(_("审核时间"), moment(report.decided_at)),
    ]  # fmt: skip


def shown_lines(report: HalfYearReport, lines: list[Line]) -> list[ShownLine]:
    """Return the lines in which there is something, with their numbers."""
    return all_lines(report, [line for line in lines if not line.is_empty])


def all_lines(report: HalfYearReport, lines: list[Line]) -> list[ShownLine]:
    """Return lines with their numbers."""
    return [ShownLine(line_name(line), mode_name(line), _cells(report, line), line.remark) for line in lines]


def empty_names(lines: list[Line]) -> list[str]:
    """Return the names of the others: on a phone, thirty zeros hide the one number that matters."""
    return [line_name(line) for line in lines if line.is_empty]


def _cells(report: HalfYearReport, line: Line) -> list[Cell]:
    calibrated = line.mode == MedicalMode.CALIBRATION
    stopped = str(line.stopped)
    if line.lately:
        stopped = _("%(count)s（近期 %(lately)s）") % {"count": line.stopped, "lately": line.lately}
    return [
        Cell(_("在用"), str(line.in_use)),
        Cell(_("应检"), "—" if calibrated else str(line.due)),
        *(
            Cell(standing_name(each), "—" if calibrated else str(getattr(line, each.value)),
                 "" if calibrated else _rows_url(report, line, each))
            for each in (Held.VALID, Held.UNCONFIRMED, Held.OVERDUE)
        ),
        Cell(standing_name(Held.STOPPED), stopped, _rows_url(report, line, Held.STOPPED)),
    ]  # fmt: skip


def _rows_url(report: HalfYearReport, line: Line, standing: Held) -> str:
    if not reports.instruments_behind(line, standing):
        return ""
    return reverse("half_year_rows", args=[report.pk, line.key, standing.value])


def shown_rows(lines: list[Line], key: str, standing: str, by: Actor) -> ShownRows | None:
    """Return the instruments behind a number; None where there is no such number."""
    line = next((each for each in lines if each.key == key), None)
    if line is None or standing not in {each.value for each in Held}:
        return None
    ids = reports.instruments_behind(line, Held(standing))
    seen = ledger(by).filter(pk__in=ids)
    rows = list(seen.order_by("pk")[:MOST_ROWS])
    title = f"{line_name(line)} · {standing_name(Held(standing))}"
    return ShownRows(title, rows, len(ids), len(ids) - seen.count())
