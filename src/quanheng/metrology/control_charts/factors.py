"""The factors of Shewhart's charts, as a rule pack tabulates them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors for subgroups of one size (ISO 7870-2, table 2).

    Args:
        d2, d3: mean and standard deviation of the range of a standard normal sample.
        c4: mean of its sample standard deviation.
        a2, a3: from the mean range, from the mean standard deviation, to 3 sigma of the mean.
        lower_range, upper_range: D3 and D4.
        lower_deviation, upper_deviation: B3 and B4.
    """

    size: int
    d2: float
    d3: float
    c4: float
    a2: float
    a3: float
    lower_range: float
    upper_range: float
    lower_deviation: float
    upper_deviation: float


@dataclass(frozen=True, slots=True)
class FactorTable:
    """The factors by size of the subgroup."""

    rows: Mapping[int, Factors]

    def of_size(self, size: int, field: str = "subgroups") -> Factors:
        """Return the factors for a size.

        Raises:
            CaseFault: the table does not have the size.
        """
        if size not in self.rows:
            known = tell("{first} 至 {last}", first=min(self.rows), last=max(self.rows))
            message = tell("子组大小为 {size}，系数表只收录 {known}。", size=size, known=known)
            raise CaseFault(field, "unknown_subgroup_size", message, size=size)
        return self.rows[size]


def read_factors(pack: RulePack) -> FactorTable:
    """Return the factors of a pack `control-chart/factors`."""
    rows = pack.table("factors").values["rows"]
    return FactorTable(
        {row["size"]: Factors(**{name: _number(value) for name, value in row.items()}) for row in rows}
    )


def _number(value: Any) -> Any:
    return value if isinstance(value, int) else float(value)
