"""Zones that have an office and no division code (高新区, 天府新区, 经开区): a clerk is told what to write.

Where a zone lies is a dated row of data/sichuan-zones.csv, unverified until the city has looked at it. A zone
that is not listed is still told from a name that is mistyped.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

from quanheng.apps.accounts.area_index import clean

A_ZONE = re.compile(
    r"(?:高新(?:技术产业开发)?区|经开区|经济(?:技术)?开发区|开发区|新区|高新园区|工业园区|保税区|科技城)$"
)


@cache
def _districts() -> dict[str, str]:
    file = resources.files("quanheng.apps.accounts") / "data" / "sichuan-zones.csv"
    found: dict[str, str] = {}
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        names = (row["zone"], *row["other_names"].split("|"))
        found |= dict.fromkeys(map(clean, names), row["districts"].replace("|", "、"))
    return found


def told_of_zone(text: str) -> str:
    """Say that a name is a zone's and which division to write instead; nothing where it is none."""
    name = clean(text)
    if districts := _districts().get(name):
        return (
            f"“{text}”是功能区，没有行政区划代码，请填器具所在的县（市、区），如{districts}中实际所在的一个。"
        )
    if A_ZONE.search(name):
        return f"“{text}”是功能区，没有行政区划代码，请填器具所在的县（市、区）全称。"
    return ""
