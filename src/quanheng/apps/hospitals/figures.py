"""The counts of a half-year report, class by class, with the instruments behind each.

Nobody types a count: it is the ledger's, read as whoever asks may read it. Whether a class is verified
compulsorily or calibrated decides whether its instruments count as due (rule pack `medical-classes`); beyond
the classes the catalogue says so of each item.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from quanheng.apps.instruments.queries.holdings import Held, Holding
from quanheng.packs.shipped import shipped
from quanheng.regulation.medical_classes import (
    RULE,
    MedicalClass,
    MedicalMode,
    class_by_item,
    medical_classes,
)

OTHER, CALIBRATED = "other", "calibrated"  # beyond the classes
SUMS = ("in_use", "due", "valid", "unconfirmed", "overdue", "stopped")


@dataclass(slots=True)
class Line:
    """One class. Counts are instruments.

    Args:
        key: the number of the class, or `OTHER` or `CALIBRATED`.
        name: the class in the words of the rule; empty beyond the classes.
        due: in use and to be verified: `valid`, `unconfirmed` and `overdue` together; 0 for calibration.
        lately: stopped in the last days before the count.
        behind: standing → ids of the instruments.
    """

    key: str
    name: str
    mode: str
    in_use: int = 0
    due: int = 0
    valid: int = 0
    unconfirmed: int = 0
    overdue: int = 0
    stopped: int = 0
    lately: int = 0
    remark: str = ""
    behind: dict[str, list[int]] = field(default_factory=dict)

    def add(self, held: Holding) -> None:
        """Count one instrument."""
        self.behind.setdefault(held.standing.value, []).append(held.id)
        if held.standing is Held.STOPPED:
            self.stopped += 1
            self.lately += held.lately
            return
        self.in_use += 1
        if self.mode == MedicalMode.VERIFICATION:
            self.due += 1
            setattr(self, held.standing.value, getattr(self, held.standing.value) + 1)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show of it."""
        return not (self.in_use or self.stopped or self.remark)

    def as_json(self) -> dict[str, Any]:
        """As a report keeps it."""
        return asdict(self)


def classes_on(day: date) -> tuple[MedicalClass, ...]:
    """Return the classes in force on a day."""
    return medical_classes(shipped().in_force(RULE, day))


def keys_on(day: date) -> frozenset[str]:
    """Return the keys of the lines of a report that is counted on a day."""
    return frozenset({*(str(each.number) for each in classes_on(day)), OTHER, CALIBRATED})


def count(holdings: Iterable[Holding], day: date, remarks: dict[str, str]) -> list[Line]:
    """Count what a hospital holds: a line for each class, and two for what is beyond them."""
    classes = classes_on(day)
    lines = {str(each.number): Line(str(each.number), each.name, each.mode.value) for each in classes}
    lines[OTHER] = Line(OTHER, "", MedicalMode.VERIFICATION.value)
    lines[CALIBRATED] = Line(CALIBRATED, "", MedicalMode.CALIBRATION.value)
    of_item = class_by_item(classes)
    for held in holdings:
        known = of_item.get(held.item)
        beyond = CALIBRATED if held.mode == MedicalMode.CALIBRATION else OTHER
        lines[str(known.number) if known else beyond].add(held)
    for key, line in lines.items():
        line.remark = remarks.get(key, "")
    return list(lines.values())


def sums(lines: Sequence[Line]) -> dict[str, int]:
    """Add the lines up."""
    return {name: sum(getattr(line, name) for line in lines) for name in SUMS}


def read_lines(kept: Iterable[dict[str, Any]]) -> list[Line]:
    """Read what a report keeps."""
    return [Line(**line) for line in kept]
