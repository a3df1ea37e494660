"""证书待复核: what it means to the ledger that an institute considers to revoke a certificate of its own.

In law the verification stands until a second person has decided; whoever scans reads 复核中 until then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Verification
from quanheng.apps.instruments.services.act_on import InstrumentAct, act_on
from quanheng.kit.acts import Verb

NOBODY_DOUBTS: dict[str, Any] = {
    "disputed_by": None, "disputed_by_name": "", "disputed_at": None, "dispute": "", "asks_back": False,
}  # fmt: skip


def question_certificate(
    verb: Verb, *, instrument_id: int, certificate_number: str, reason: str, by: Actor, at: datetime
) -> None:
    """Put the verification behind a certificate under review.

    Args:
        verb: the act of the institute that asks; it says who may.

    Raises:
        RuleBroken: instrument_not_found.
        NotYours: not of the institute that issued it.
    """
    with act_on(verb, instrument_id, by=by, at=at, reason=reason) as act:
        asked = {"disputed_by": by.user_id, "disputed_by_name": by.name, "disputed_at": at}
        _turn(act, certificate_number, {**asked, "dispute": reason[:200]})
        if act.instrument.certificate_number == certificate_number:
            act.instrument.disputed_on = act.today


def settle_certificate(
    verb: Verb, *, instrument_id: int, certificate_number: str, reason: str, by: Actor, at: datetime
) -> None:
    """End the review: the certificate stays. Raises what `question_certificate` raises."""
    with act_on(verb, instrument_id, by=by, at=at, reason=reason) as act:
        _turn(act, certificate_number, NOBODY_DOUBTS)
        if act.instrument.certificate_number == certificate_number:
            act.instrument.disputed_on = None


def _turn(act: InstrumentAct, certificate_number: str, values: dict[str, Any]) -> None:
    rows = Verification.objects.unscoped().filter(
        instrument=act.instrument, certificate_number=certificate_number, in_error=False
    )
    rows.update(**values)
    act.facts |= {"certificate_number": certificate_number}
