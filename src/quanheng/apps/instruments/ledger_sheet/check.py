"""What a careful clerk objects to in a row, beyond what its single cells say.

Faults keep a row out of the ledger; notices only ask for a look. Every reason says how to put it right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from quanheng.regulation.instrument_identity import maker_key, number_key
from quanheng.regulation.seal_numbers import seal_key

SEALS = ("seal", "seal_flow_adjuster", "seal_encoder", "seal_mainboard")
NO_SEAL = frozenset({"/", "-", "无"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that is wrong, and how to put it right."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is odd and does not keep a row out: in words, and the fields that they are about."""

    text: str
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class LedgerRow:
    """One data row: its running position, where it stands, its values, what is wrong, what is odd."""

    position: int
    sheet: str
    number: int
    values: dict[str, Any]
    faults: list[Fault]
    notices: list[Notice] = field(default_factory=list)

    def notice(self, text: str, *fields: str) -> None:
        """Ask for a look at fields of this row."""
        self.notices.append(Notice(text, fields))

    @property
    def fields(self) -> list[str]:
        """The fields at fault, each once, in the order found."""
        return list(dict.fromkeys(fault.field for fault in self.faults))


class Identities:
    """Remembers who was seen in a file: an instrument by maker and serial number, a nozzle by its place.

    The first row of a pair stands; the later one is at fault. Keys are hashes of 64 bits; a million rows
    take about 120 MB.
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[str, int, int]] = {}
        self._makers: set[str] = set()
        self._dispensers: dict[int, int] = {}
        self._sealed: dict[int, int] = {}

    def check(self, row: LedgerRow) -> None:
        """Object to a missing serial number, and to a row that was there before."""
        values = row.values
        serial = values.get("serial_number")
        if not serial:
            if serial == "" or not any(fault.field == "serial_number" for fault in row.faults):
                row.faults.append(Fault("serial_number", "缺出厂编号，请对照铭牌补填。"))
            return
        made = (maker_key(values.get("manufacturer") or ""), number_key(serial))
        nozzle = values.get("nozzle")
        self._check_seals(row, nozzle, made)
        if not nozzle:
            self._once_in_entity(row, made, f"出厂编号 {serial}")
            return
        dispenser = (values["credit_code"] or values["entity_name"], values.get("dispenser"))
        self._once(row, hash((dispenser, nozzle)), "nozzle", f"油枪 {nozzle}")
        if self._dispensers.setdefault(hash(made), hash(dispenser)) != hash(dispenser):
            row.faults.append(
                Fault("serial_number", f"出厂编号 {serial} 在本表中属于另一台加油机，请核对铭牌。")
            )

    def _check_seals(self, row: LedgerRow, nozzle: str | None, made: tuple[str, str]) -> None:
        """A seal is on one instrument; the nozzles of a dispenser name the same ones."""
        values = row.values
        owner = (values["credit_code"] or values["entity_name"], values.get("dispenser")) if nozzle else made
        for name in SEALS:
            number = values.get(name)
            if number and number not in NO_SEAL:
                key, whose = hash(seal_key(number)), hash(owner)
                if self._sealed.setdefault(key, whose) != whose:
                    row.faults.append(
                        Fault(name, f"铅封编号 {number} 在本表中已用在另一台器具上，请核对实物铅封。")
                    )

    def _once_in_entity(self, row: LedgerRow, made: tuple[str, str], label: str) -> None:
        """A row without a maker is the only one of its entity with that number, and the other way round."""
        maker, number = made
        whose = hash(row.values["credit_code"] or row.values["entity_name"])
        key = hash(made)
        if key not in self._seen and ("" in self._makers or not maker):
            key = self._of_the_entity(maker, number, whose) or key
        self._makers.add(maker)
        self._once(row, key, "serial_number", label, whose)

    def _of_the_entity(self, maker: str, number: str, whose: int) -> int:
        """Return the key of the only row with this number, where it is the entity's, else 0."""
        others = {""} if maker else self._makers
        keys = [key for other in others if (key := hash((other, number))) in self._seen]
        return keys[0] if len(keys) == 1 and self._seen[keys[0]][2] == whose else 0

    def _once(self, row: LedgerRow, key: int, name: str, label: str, whose: int = 0) -> None:
        first = self._seen.get(key)
        if first is None:
            self._seen[key] = (row.sheet, row.number, whose)
            return
        where = f"第 {first[1]} 行" if first[0] == row.sheet else f"工作表“{first[0]}”第 {first[1]} 行"
        row.faults.append(Fault(name, f"{label}与{where}重复，请核对铭牌，删去重复行。"))


def check_dates(row: LedgerRow, today: date) -> None:
    """Verification not after today, validity not before it, no validity without a verification."""
    values = row.values
    at_fault = {fault.field for fault in row.faults} if row.faults else ()
    verified, until = values.get("verified_on"), values.get("valid_until")
    if verified is not None:
        if verified > today:
            row.faults.append(Fault("verified_on", f"检定日期 {verified} 晚于今天，请核对证书。"))
        elif until is not None and until <= verified:
            if until < verified:
                row.faults.append(
                    Fault("valid_until", f"有效期至 {until} 早于检定日期 {verified}，请核对证书。")
                )
            else:
                row.notice("有效期至与检定日期是同一天，请核对证书。", "valid_until", "verified_on")
    elif until is not None and "verified_on" not in at_fault and values.get("mode") != "calibration":
        row.faults.append(Fault("verified_on", "有有效期却没有检定日期，请按证书补填检定日期。"))
    if until is not None and verified is None:
        check_length(row, today)
    made, used = values.get("manufactured_on"), values.get("commissioned_on")
    for name, label in (("manufactured_on", "出厂日期"), ("commissioned_on", "启用日期")):
        if (told := values.get(name)) is not None and told > today:
            row.faults.append(Fault(name, f"{label} {told} 还没有到，请核对。"))
    if made is not None and used is not None and used < made:
        row.notice("启用日期早于出厂日期，请核对。", "commissioned_on", "manufactured_on")


LONGEST_VALIDITY = 15  # years; no verification period of the catalogue is longer


def check_length(row: LedgerRow, since: date) -> None:
    """Object to a validity that no instrument has, where no period of the catalogue bounds it."""
    until, latest = row.values["valid_until"], _years_after(since, LONGEST_VALIDITY)
    if until > latest:
        row.faults.append(
            Fault("valid_until", f"有效期至 {until} 晚于 {latest}，没有这样长的有效期，请核对证书。")
        )


def _years_after(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)


def notice_oddities(row: LedgerRow) -> None:
    """Notice what may be right and yet is seldom so."""
    values = row.values
    top, e = values.get("max_capacity"), values.get("e")
    if top and e and (odd := class_mismatch(values.get("accuracy_class") or "", top, e)):
        row.notice(odd, "e", "max_capacity", "accuracy_class")
    if A_DAY.fullmatch(values.get("serial_number") or ""):
        row.notice(f"出厂编号“{values['serial_number']}”像是日期，请对照铭牌核对。", "serial_number")
    if is_only_calibrated(values) and values.get("verified_on") is None and "verified_on" not in row.fields:
        row.notice("校准的器具没有填校准日期，请按校准证书补填。", "verified_on")
    if values.get("conclusion") == "failed" and values.get("valid_until"):
        row.notice("结论为不合格，却填了有效期；不合格的器具没有有效期。", "conclusion", "valid_until")
    if (values.get("quantity") or 1) > 1:
        row.notice(f"数量为 {values['quantity']}，一行只建一台器具的档案；其余各台请另列一行。", "quantity")


A_DAY = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def is_only_calibrated(values: dict[str, Any]) -> bool:
    """Say whether an instrument is calibrated, not verified: by its row, or by its kind."""
    item = values.get("item")
    return values.get("mode") == "calibration" or (item is not None and item.calibration_only)


# OIML R 76-1:2006, table 3: class → (e in grams from, fewest and most divisions), coarse e first.
DIVISIONS: dict[str, tuple[tuple[Decimal, int, int | None], ...]] = {
    "I": ((Decimal("0.001"), 50_000, None),),
    "II": ((Decimal("0.1"), 5_000, 100_000), (Decimal("0.001"), 100, 100_000)),
    "III": ((Decimal(5), 500, 10_000), (Decimal("0.1"), 100, 10_000)),
    "IIII": ((Decimal(5), 100, 1_000),),
}


@lru_cache(1 << 12)
def class_mismatch(accuracy_class: str, top: Decimal, e: Decimal) -> str:
    """Say that e or Max/e lies outside what the class allows, or nothing (OIML R 76-1:2006, table 3)."""
    rows = DIVISIONS.get(accuracy_class, ())
    if rows and e < rows[-1][0]:
        return (
            f"{accuracy_class} 级衡器的检定分度值不小于 {rows[-1][0]} g，本行为 {e:f} g（OIML R 76）；"
            f"若表中以千克计，应为 {e * 1000:f} g，请核对铭牌。"
        )
    for least_e, fewest, most in DIVISIONS.get(accuracy_class, ()):
        if e >= least_e:
            divisions = top / e
            if divisions >= fewest and (most is None or divisions <= most):
                return ""
            span = f"{fewest}–{most}" if most is not None else f"{fewest} 以上"
            return (
                f"最大秤量与检定分度值之比为 {divisions:.0f}，不在 {accuracy_class} 级的 {span} 之内"
                "（OIML R 76），请核对铭牌。"
            )
    return ""
