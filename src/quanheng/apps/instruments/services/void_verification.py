"""检定失效、证书换号: what a change of the certificate means to the ledger."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.question_certificate import NOBODY_DOUBTS
from quanheng.regulation.instrument_states import state_in_service


def void_verification(
    *, instrument_id: int, certificate_number: str, reason: str, by: Actor, at: datetime
) -> Instrument:
    """Void the verification behind a certificate, from this day on; the scan page says so at once.

    Where it is the one that counts, the instrument waits for a verification again: an older certificate,
    which it had replaced, does not come back to life. A later verification stays as it is.

    Raises:
        RuleBroken: instrument_not_found.
        NotYours: not an approver of an institute.
    """
    with act_on(acts.CERTIFICATE_REVOKED, instrument_id, by=by, at=at, reason=reason) as act:
        it = act.instrument
        rows = Verification.objects.unscoped().filter(
            instrument=it, certificate_number=certificate_number, voided_on=None
        )
        rows.update(voided_on=act.today, void_reason=reason[:200], voided_at=at, **NOBODY_DOUBTS)
        if it.certificate_number == certificate_number:
            nothing_counts(it)
            it.revoked_on = act.today
        act.facts |= {"certificate_number": certificate_number}
    return act.instrument


def renumber_verification(
    *, instrument_id: int, old_number: str, new_number: str, reason: str, by: Actor, at: datetime
) -> Instrument:
    """Have the verification carry the number of the certificate that replaced the old one.

    Raises:
        RuleBroken: instrument_not_found.
        NotYours: not an approver of an institute.
    """
    with act_on(acts.CERTIFICATE_REPLACED, instrument_id, by=by, at=at, reason=reason) as act:
        it = act.instrument
        rows = Verification.objects.unscoped().filter(instrument=it, certificate_number=old_number)
        rows.update(certificate_number=new_number)
        if it.certificate_number == old_number:
            it.certificate_number = new_number
        act.facts |= {"old_number": old_number, "new_number": new_number}
    return act.instrument


def nothing_counts(it: Instrument) -> None:
    """Leave the row without a verification; an instrument in service waits for one."""
    it.verified_on = it.valid_until = it.trusted_until = it.disputed_on = None
    it.result = it.certificate_number = it.institute = it.provenance = ""
    if it.state in {InstrumentState.IN_USE, InstrumentState.FAILED}:
        it.state = InstrumentState(state_in_service(verified=False))
