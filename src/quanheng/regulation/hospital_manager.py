"""Whether a hospital has the full-time metrology manager that it needs (the plan of 2026, chapter 3(1)1).

Rule pack `half-year-report`, table `manager`: from grade two up.
"""

from __future__ import annotations

from enum import StrEnum

from quanheng.packs.rule_pack import RulePack


class FullTimeManager(StrEnum):
    """How a hospital stands to the duty."""

    NOT_NEEDED = "not_needed"
    GRADE_UNKNOWN = "grade_unknown"
    NONE = "none"
    NOT_ON_FILE = "not_on_file"
    MET = "met"


def full_time_manager(grade: str, declared: int, *, on_file: bool, pack: RulePack) -> FullTimeManager:
    """Return how a hospital stands.

    Args:
        grade: as the office has it on file, such as ``二级甲等``.
        declared: how many full-time managers the hospital says it has.
        on_file: whether its file names somebody who answers for metrology: a word alone is not enough.
    """
    rule = pack.table("manager").values
    level = next((level for name, level in rule["grades"].items() if grade.startswith(name)), None)
    if level is None:
        return FullTimeManager.GRADE_UNKNOWN
    if level < rule["needed_from"]:
        return FullTimeManager.NOT_NEEDED
    if declared < rule["needed"]:
        return FullTimeManager.NONE
    return FullTimeManager.MET if on_file else FullTimeManager.NOT_ON_FILE
