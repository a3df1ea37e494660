"""The seals on the page of an instrument, by position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from quanheng.apps.instruments.enums import SealEnd, SealPosition
from quanheng.kit.tones import State, Text, Tone

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument, Seal

DISPENSER_POSITIONS = (SealPosition.FLOW_ADJUSTER, SealPosition.ENCODER, SealPosition.MAINBOARD)


@dataclass(frozen=True, slots=True)
class SealPlace:
    """A position and the seals that sit or sat there, the newest first."""

    label: Text
    state: State
    seals: Sequence[Seal]


def seal_places(it: Instrument, seals: Sequence[Seal]) -> list[SealPlace]:
    """List the positions that are or were sealed; a dispenser always shows its three."""
    expected = DISPENSER_POSITIONS if it.item.category == "fuel_dispenser" and it.parent_id is None else ()
    used = {SealPosition(seal.position) for seal in seals}
    places = [position for position in SealPosition if position in expected or position in used]
    return [
        _seal_place(position, [seal for seal in seals if seal.position == position]) for position in places
    ]


def _seal_place(position: SealPosition, seals: Sequence[Seal]) -> SealPlace:
    whole_first = sorted(seals, key=lambda seal: (seal.broken_on is not None, -seal.pk))
    return SealPlace(position.label, _place_state(whole_first), whole_first)


def _place_state(seals: Sequence[Seal]) -> State:
    if not seals:
        return State(_("未施封"), Tone.DUE)
    if seals[0].broken_on is None and seals[0].number_disputed:
        return State(_("编号重复"), Tone.DUE)
    if seals[0].broken_on is None:
        return State(_("完好"), Tone.OK)
    last = seals[0]
    tone = Tone.BAD if last.ended_as == SealEnd.BROKEN else Tone.DUE
    return State(_("%(day)s %(how)s") % {"day": last.broken_on, "how": SealEnd(last.ended_as).label}, tone)
