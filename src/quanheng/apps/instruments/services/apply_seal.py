"""施封: a numbered seal goes on. A new seal does not revive a voided verification; only verifying again
does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState, SealPosition
from quanheng.apps.instruments.models import Seal
from quanheng.apps.instruments.queries.seals import Carrier
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, open_ledger
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.seal_numbers import is_readable, seal_key


def apply_seal(
    *, instrument_id: int, number: str, position: SealPosition, on: date, applied_by: str = "",
    witness: str = "", by: Actor, at: datetime,
) -> Seal:  # fmt: skip
    """Put a seal on a position that has no whole one.

    Raises:
        RuleBroken: no_number, seal_number_unreadable, in_future, already_scrapped, position_sealed,
            before_previous_ended, seal_number_used, seal_number_in_use.
    """
    with open_ledger([instrument_id], by=by, at=at) as ledger:
        return enter_seal(
            ledger, instrument_id, number=number, position=position, on=on, applied_by=applied_by,
            witness=witness,
        )  # fmt: skip


def enter_seal(
    ledger: LedgerBatch, instrument_id: int, *, number: str, position: SealPosition, on: date,
    applied_by: str = "", witness: str = "",
) -> Seal:  # fmt: skip
    """Put a seal on, in a ledger that is open. Raises what `apply_seal` raises."""
    with ledger.act_on(acts.SEAL_APPLIED, instrument_id) as act:
        number = number.strip()
        if on > act.today:
            raise RuleBroken("in_future", f"日期 {on} 还没有到，请填写今天或之前的日期。")
        if act.instrument.state == InstrumentState.SCRAPPED:
            raise RuleBroken("already_scrapped", "已报废的器具不能再施封。")
        check_new_seal(ledger.page(instrument_id).seals, number, position, on, ledger.carrier_of(number))
        seal = Seal(
            instrument=act.instrument, root_id=act.instrument.root_id, area_id=act.instrument.area_id,
            number=number, position=position, applied_on=on, applied_by=applied_by or ledger.by.name,
            applied_witness=witness, applied_at=ledger.at,
        )  # fmt: skip
        ledger.add_seal(seal)
        act.facts |= {"seal": number, "position": position, "witness": witness}
    return seal


def check_new_seal(
    seals: Iterable[Seal], number: str, position: SealPosition, on: date, carrier: Carrier | None
) -> None:
    """Refuse a seal that cannot have been put on. Asked when it is recorded, wherever that is.

    Args:
        seals: all that the instrument has or had.
        carrier: who carries a whole seal with this number.
    """
    seals = list(seals)
    check_number(number)
    check_position_free(seals, position, on)
    check_number_unused(seals, number)
    check_number_free(number, carrier)


def check_number(number: str) -> None:
    """Refuse what cannot be the number of a seal."""
    if not number.strip():
        raise RuleBroken("no_number", "请填写铅封编号。")
    if not is_readable(number):
        raise RuleBroken(
            "seal_number_unreadable", "铅封编号无法识别，请照实物填写，应含字母或数字，不超过 60 字。"
        )


def check_position_free(seals: Iterable[Seal], position: SealPosition, on: date) -> None:
    """One whole seal per position: the old one has to be recorded as broken or opened first."""
    label = SealPosition(position).label
    for seal in seals:
        if seal.position != position:
            continue
        if seal.broken_on is None:
            raise RuleBroken(
                "position_sealed", f"“{label}”已有完好铅封 {seal.number}，请先登记启封或破损。",
                seal=seal.number,
            )  # fmt: skip
        if seal.broken_on > on:
            raise RuleBroken(
                "before_previous_ended",
                f"“{label}”的铅封 {seal.number} 于 {seal.broken_on} 启封或破损，新铅封的施封日期不能更早。",
            )


def check_number_unused(seals: Iterable[Seal], number: str) -> None:
    """A seal number is used once: a number that broke does not come back."""
    if any(seal_key(seal.number) == seal_key(number) for seal in seals):
        raise RuleBroken("seal_number_used", f"铅封编号 {number} 在这台器具上已经用过，请换用新铅封。")


def check_number_free(number: str, carrier: Carrier | None) -> None:
    """A number is in use once in the whole ledger; whose it is, only those learn who see it."""
    if carrier is None:
        return
    if carrier.name:
        raise RuleBroken(
            "seal_number_in_use", f"铅封编号 {number} 正在“{carrier.name}”上使用，请核对两台器具的实物铅封。",
            instrument=carrier.instrument_id,
        )  # fmt: skip
    raise RuleBroken(
        "seal_number_in_use",
        f"铅封编号 {number} 正在您管辖范围以外的器具上使用，请核对实物；编号无误的，请报上级计量部门。",
    )
