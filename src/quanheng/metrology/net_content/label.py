"""The statement of net content on a label: what it says, and whether it may be said so."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from quanheng.metrology.net_content.quantities import UNITS, QuantityKind
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

LONGEST = 60
WORDS = {
    "毫克": "mg", "克": "g", "公斤": "kg", "千克": "kg", "毫升": "mL", "厘升": "cL", "升": "L", "毫米": "mm",
    "厘米": "cm", "米": "m", "平方厘米": "cm2", "平方分米": "dm2", "平方米": "m2",
    "ml": "mL", "l": "L", "ML": "mL",
    "KG": "kg", "Kg": "kg", "G": "g", "cm²": "cm2", "dm²": "dm2", "m²": "m2",
    **dict.fromkeys(("个", "片", "枚", "支", "只", "粒", "张", "抽", "包", "袋", "件", "条", "块"), "piece"),
}  # fmt: skip
UNLAWFUL = frozenset({"公斤", "ML", "KG", "Kg", "G"})  # understood, but not how the unit is written
STATEMENT = re.compile(
    r"^(?:净含量|净重|规格|内容量)?[:：]?(?:(?P<times>\d{1,4})[×xX*])?(?P<number>\d{1,9}(?:\.\d{1,6})?)"
    r"(?P<unit>[A-Za-zμ²0-9\u4e00-\u9fff]{1,4})(?:[×xX*](?P<after>\d{1,4})[\u4e00-\u9fff]?)?$"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a label states.

    Args:
        value, unit: of one package, in a unit of `quantities.UNITS`.
        packages: more than one for a multipack.
        is_unit_lawful: False for a unit that is understood but may not be written so.
    """

    value: Decimal
    unit: str
    packages: int
    is_unit_lawful: bool

    @property
    def kind(self) -> QuantityKind:
        return UNITS[self.unit][0]


def parse_statement(text: str) -> Statement:
    """Read a statement such as ``"净含量：500 g"``, ``"500克"``, ``"2×250mL"``, ``"12枚"``.

    Raises:
        CaseFault: it cannot be read, or is longer than a statement is.
    """
    plain = "".join(unicodedata.normalize("NFKC", text.replace("²", "2")).split())
    if len(plain) > LONGEST:
        raise CaseFault("statement", "too_long", tell("净含量标注最长 {longest} 个字。", longest=LONGEST))
    found = STATEMENT.match(plain)
    unit = None if found is None else WORDS.get(found["unit"], found["unit"])
    if found is None or unit not in UNITS:
        message = tell(
            "净含量标注“{text}”无法识别，请写成“净含量：500 g”或“2×250 mL”。", text=plain[:LONGEST]
        )
        raise CaseFault("statement", "unreadable", message)
    return Statement(
        value=Decimal(found["number"]),
        unit=unit,
        packages=int(found["times"] or found["after"] or 1),
        is_unit_lawful=found["unit"] not in UNLAWFUL,
    )


def least_height_mm(kind: QuantityKind, nominal: Decimal, pack: RulePack) -> Decimal | None:
    """Return how high the figures must be at least; None for quantities without a rule.

    Args:
        nominal: in the base unit of the kind.
    """
    if kind not in {QuantityKind.MASS, QuantityKind.VOLUME}:
        return None
    rows = pack.table("label").values["heights"]
    return Decimal(next(row["mm"] for row in rows if nominal <= row.get("up_to", nominal)))
