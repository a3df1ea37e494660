"""铭牌更正: what two people of an institute corrected on a certificate is corrected in the ledger too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.register_instrument import check_facts

# Where it stands changes by moving it, whatever a certificate says of the place of work.
FOLLOWS = ("name", "model", "serial_number", "manufacturer", "accuracy_class", "measuring_range")


def correct_nameplate(
    *, instrument_id: int, certificate_number: str, said: Mapping[str, str], corrected: Mapping[str, str],
    reason: str, by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Have the ledger say what the corrected certificate says; the scan page follows at once.

    A field that somebody has put to another value since the certificate was issued stays as it is.

    Args:
        said: what the certificate said of the instrument before.
        corrected: the fields that were corrected, with their right values.

    Raises:
        RuleBroken: instrument_not_found, already_scrapped, and what `check_facts` raises, such as
            serial_number_taken.
        NotYours: not an approver of an institute.
    """
    with act_on(acts.CERTIFICATE_AMENDED, instrument_id, by=by, at=at, reason=reason) as act:
        it = act.instrument
        for name in FOLLOWS:
            if name in corrected and getattr(it, name) == said.get(name):
                setattr(it, name, corrected[name])
        check_facts(it, act.today)
        act.facts |= {"certificate_number": certificate_number}
    return act.instrument
