"""How the lines of a report are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quanheng.apps.hospitals.figures import CALIBRATED, OTHER, Line
from quanheng.apps.instruments.queries.holdings import Held
from quanheng.regulation.medical_classes import MedicalMode


def line_name(line: Line) -> str:
    """Return what a line is called; the classes as the rule calls them."""
    beyond = {OTHER: _("其他强制检定器具"), CALIBRATED: _("其他校准管理器具")}
    return beyond.get(line.key, line.name)


def mode_name(line: Line) -> str:
    """Return how its instruments are kept exact."""
    return _("强制检定") if line.mode == MedicalMode.VERIFICATION else _("校准管理")


def standing_name(standing: Held) -> str:
    """Return what the instruments behind a number are."""
    return {
        Held.VALID: _("检定有效"), Held.UNCONFIRMED: _("自报待核实"), Held.OVERDUE: _("未有效检定"),
        Held.STOPPED: _("停用"),
    }[standing]  # fmt: skip
