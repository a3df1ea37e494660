"""Seals that a verifier puts on: asked about when they are recorded, again when they enter the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import ExaminationState
from quanheng.apps.certificates.models import Examination
from quanheng.apps.instruments.enums import SealPosition
from quanheng.apps.instruments.queries.ledger import seals_of
from quanheng.apps.instruments.queries.seals import carriers
from quanheng.apps.instruments.services.apply_seal import check_new_seal, check_number
from quanheng.regulation.seal_numbers import seal_key

WAITING = (ExaminationState.RECORDED, ExaminationState.CHECKED)


@dataclass(frozen=True, slots=True)
class NewSeal:
    """A seal that the verifier put on; it enters the ledger with the certificate."""

    number: str
    position: SealPosition


def check_new_seals(
    instrument_id: int, institute_id: int, seals: Sequence[NewSeal], on: date, *, by: Actor
) -> None:
    """Refuse seals that the ledger would refuse, while the verifier still stands before the instrument.

    Raises:
        RuleBroken: no_number, seal_number_unreadable, position_sealed, before_previous_ended,
            seal_number_used, seal_number_in_use, seal_twice, seal_number_waits.
    """
    if not seals:
        return
    for new in seals:
        check_number(new.number)
    _check_once(seals)
    _check_not_waiting(seals, institute_id)
    known, carried = seals_of(instrument_id), carriers([new.number for new in seals], by)
    for new in seals:
        check_new_seal(known, new.number.strip(), new.position, on, carried.get(seal_key(new.number)))


def _check_once(seals: Sequence[NewSeal]) -> None:
    keys, positions = {seal_key(new.number) for new in seals}, {new.position for new in seals}
    if len(keys) < len(seals):
        raise refusals.SEAL_TWICE()
    if len(positions) < len(seals):
        raise refusals.POSITION_TWICE()


def _check_not_waiting(seals: Sequence[NewSeal], institute_id: int) -> None:
    """A seal of another record that waits for approval is in use, though the ledger does not know it yet."""
    rows = Examination.objects.unscoped().filter(institute=institute_id, state__in=WAITING).exclude(seals=[])
    waiting = {
        seal_key(seal["number"]): name
        for recorded, name in rows.values_list("seals", "instrument__serial_number")
        for seal in recorded
    }
    for new in seals:
        if name := waiting.get(seal_key(new.number)):
            raise refusals.SEAL_NUMBER_WAITS(number=new.number, name=name)
