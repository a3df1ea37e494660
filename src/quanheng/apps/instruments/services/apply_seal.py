"""施封: a numbered seal goes on. A new seal does not revive a voided verification; only verifying again
does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import InstrumentState, SealPosition
from quanheng.apps.instruments.models import Seal
from quanheng.apps.instruments.services.open_ledger import OpenLedger, open_ledger
from quanheng.kit.refusal import RuleBroken


def apply_seal(
    *, instrument_id: int, number: str, position: SealPosition, on: date, applied_by: str = "",
    witness: str = "", by: Actor, at: datetime,
) -> Seal:  # fmt: skip
    """Put a seal on a position that has no whole one.

    Raises:
        RuleBroken: no_number, in_future, already_scrapped, position_sealed, seal_number_used.
    """
    with open_ledger([instrument_id], by=by, at=at) as ledger:
        return enter_seal(
            ledger, instrument_id, number=number, position=position, on=on, applied_by=applied_by,
            witness=witness,
        )  # fmt: skip


def enter_seal(
    ledger: OpenLedger, instrument_id: int, *, number: str, position: SealPosition, on: date,
    applied_by: str = "", witness: str = "",
) -> Seal:  # fmt: skip
    """Put a seal on, in a ledger that is open. Raises what `apply_seal` raises."""
    with ledger.act_on(Verb.SEAL_APPLIED, instrument_id) as act:
        number = number.strip()
        if on > act.today:
            raise RuleBroken("in_future", f"日期 {on} 还没有到，请填写今天或之前的日期。")
        if act.instrument.state == InstrumentState.SCRAPPED:
            raise RuleBroken("already_scrapped", "已报废的器具不能再施封。")
        if not number:
            raise RuleBroken("no_number", "请填写铅封编号。")
        seals = ledger.page(instrument_id).seals
        check_position_free(seals, position)
        check_number_unused(seals, number)
        seal = Seal(
            instrument=act.instrument, root_id=act.instrument.root_id, area_id=act.instrument.area_id,
            number=number, position=position, applied_on=on, applied_by=applied_by or ledger.by.name,
            applied_witness=witness,
        )  # fmt: skip
        ledger.add_seal(seal)
        act.facts |= {"seal": number, "position": position, "witness": witness}
    return seal


def check_position_free(seals: Iterable[Seal], position: SealPosition) -> None:
    """One whole seal per position: the old one has to be recorded as broken or taken off first."""
    for seal in seals:
        if seal.position == position and seal.broken_on is None:
            raise RuleBroken(
                "position_sealed",
                f"“{SealPosition(position).label}”已有完好铅封 {seal.number}，请先登记启封。",
                seal=seal.number,
            )


def check_number_unused(seals: Iterable[Seal], number: str) -> None:
    """A seal number is used once: a number that broke does not come back."""
    if any(seal.number == number for seal in seals):
        raise RuleBroken("seal_number_used", f"铅封编号 {number} 在这台器具上已经用过，请换用新铅封。")
