"""施封: a numbered seal goes on. A new seal does not revive a voided verification; only verifying again
does.
"""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import InstrumentState, SealPosition
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.instruments.services.doing import act_on
from quanheng.kit.refusal import RuleBroken


def apply_seal(
    *, instrument_id: int, number: str, position: SealPosition, on: date, applied_by: str = "",
    witness: str = "", by: Actor, at: datetime,
) -> Seal:  # fmt: skip
    """Put a seal on a position that has no whole one.

    Raises:
        RuleBroken: no_number, in_future, already_scrapped, position_sealed, seal_number_used.
    """
    with act_on(Verb.SEAL_APPLIED, instrument_id, by=by, at=at) as act:
        number = number.strip()
        if on > act.today:
            raise RuleBroken("in_future", f"日期 {on} 还没有到，请填写今天或之前的日期。")
        if act.instrument.state == InstrumentState.SCRAPPED:
            raise RuleBroken("already_scrapped", "已报废的器具不能再施封。")
        if not number:
            raise RuleBroken("no_number", "请填写铅封编号。")
        check_position_free(act.instrument, position)
        check_number_unused(act.instrument, number)
        seal = Seal.objects.unscoped().create(
            instrument=act.instrument, root_id=act.instrument.root_id, area_id=act.instrument.area_id,
            number=number, position=position, applied_on=on, applied_by=applied_by or by.name,
            applied_witness=witness,
        )  # fmt: skip
        act.facts |= {"seal": number, "position": position, "witness": witness}
    return seal


def check_position_free(instrument: Instrument, position: SealPosition) -> None:
    """One whole seal per position: the old one has to be recorded as broken or taken off first."""
    whole = Seal.objects.unscoped().filter(instrument=instrument, position=position, broken_on=None).first()
    if whole:
        raise RuleBroken(
            "position_sealed",
            f"“{SealPosition(position).label}”已有完好铅封 {whole.number}，请先登记启封。",
            seal=whole.number,
        )


def check_number_unused(instrument: Instrument, number: str) -> None:
    """A seal number is used once: a number that broke does not come back."""
    if Seal.objects.unscoped().filter(instrument=instrument, number=number).exists():
        raise RuleBroken("seal_number_used", f"铅封编号 {number} 在这台器具上已经用过，请换用新铅封。")
