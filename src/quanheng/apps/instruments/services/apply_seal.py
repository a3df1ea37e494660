"""施封: a numbered seal goes on. A new seal does not revive a voided verification; only verifying again
does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState, SealPosition
from quanheng.apps.instruments.models import Seal
from quanheng.apps.instruments.queries.seals import Carrier
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, open_ledger
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
            ledger, instrument_id, number=number, position=position, on=on,
            applied_by=applied_by or by.name, witness=witness,
        )  # fmt: skip


def enter_seal(
    ledger: LedgerBatch, instrument_id: int, *, number: str, position: SealPosition, on: date,
    applied_by: str = "", witness: str = "",
) -> Seal:  # fmt: skip
    """Put a seal on, in a ledger that is open. Raises what `apply_seal` raises.

    Args:
        applied_by: who put it on; empty where only a sheet or a paper says that it is there: whoever enters
            or accepts that did not.
    """
    with ledger.act_on(acts.SEAL_APPLIED, instrument_id) as act:
        number = number.strip()
        if on > act.today:
            raise refusals.IN_FUTURE(day=on)
        if act.instrument.state == InstrumentState.SCRAPPED:
            raise refusals.SEALS_NO_MORE()
        check_new_seal(ledger.page(instrument_id).seals, number, position, on, ledger.carrier_of(number))
        seal = Seal(
            instrument=act.instrument, root_id=act.instrument.root_id, area_id=act.instrument.area_id,
            number=number, position=position, applied_on=on, applied_by=applied_by,
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
        raise refusals.NO_NUMBER()
    if not is_readable(number):
        raise refusals.SEAL_NUMBER_UNREADABLE()


def check_position_free(seals: Iterable[Seal], position: SealPosition, on: date) -> None:
    """One whole seal per position: the old one has to be recorded as broken or opened first."""
    label = SealPosition(position).label
    for seal in seals:
        if seal.position != position:
            continue
        if seal.broken_on is None:
            raise refusals.POSITION_SEALED(position=label, seal=seal.number)
        if seal.broken_on > on:
            raise refusals.BEFORE_PREVIOUS_ENDED(position=label, number=seal.number, broken_on=seal.broken_on)


def check_number_unused(seals: Iterable[Seal], number: str) -> None:
    """A seal number is used once: a number that broke does not come back."""
    if any(seal_key(seal.number) == seal_key(number) for seal in seals):
        raise refusals.SEAL_NUMBER_USED(number=number)


def check_number_free(number: str, carrier: Carrier | None) -> None:
    """A number is in use once in the whole ledger; whose it is, only those learn who see it."""
    if carrier is None:
        return
    if carrier.name:
        raise refusals.SEAL_NUMBER_IN_USE(
            number=number, carrier=carrier.name, instrument=carrier.instrument_id
        )
    raise refusals.SEAL_NUMBER_IN_USE_ELSEWHERE(number=number)
