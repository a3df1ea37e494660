"""铅封破损: a seal was found broken. The verification it protected is void from that day."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import SealEnd
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.end_seal import Ending, end_seal
from quanheng.apps.instruments.services.on_site import ALONE, OnSite


def break_seal(
    *, instrument_id: int, seal_id: int, reason: str, on: date, broken_by: str = "", witness: str = "",
    seen: OnSite = ALONE, by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Record a broken seal; the next scan shows red (regulation.trust). One that was opened: `unseal`.

    Args:
        broken_by: who broke it, or who found it broken when that is not known; the actor when empty.
        seen: photos, second officer and place.

    Raises:
        RuleBroken: no_reason, seal_not_found, already_broken, before_applied, in_future, and what
            `note_on_site`
            raises.
    """
    ending = Ending(SealEnd.BROKEN, on, reason, broken_by, witness, seen)
    return end_seal(instrument_id, seal_id, ending, by=by, at=at)
