"""补发新码: a label is lost or spoilt. The old code answers from now on that it was replaced."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.models import Instrument, InstrumentCode
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.bind_code import (
    check_can_take_code,
    read_code,
    register_open,
    take_blank,
)
from quanheng.apps.instruments.services.issue_codes import new_codes


def replace_code(*, instrument_id: int, reason: str, blank: str = "", by: Actor, at: datetime) -> str:
    """Give an instrument a new code and end the old one; return the new code.

    Args:
        blank: a blank label at hand, scanned or typed; empty for a fresh code that is printed later.

    Raises:
        RuleBroken: no_reason, no_code, and what binding a blank code refuses.
        NotYours: the role does not replace codes, or the instrument is out of reach.
    """
    value = read_code(blank) if blank else new_codes(1)[0]
    with act_on(acts.CODE_REPLACED, instrument_id, by=by, at=at, reason=reason) as act:
        check_can_take_code(act.instrument)
        if not reason.strip():
            raise refusals.NO_REASON_TO_REPLACE()
        with register_open(by):
            old = _active(act.instrument)
            old.state, old.ended_at, old.end_reason = CodeState.REPLACED, at, reason.strip()[:200]
            old.save()
            old.replaced_by = _new(value, act.instrument, is_blank=bool(blank), at=at)
            old.save()
        act.instrument.code = value
    return value


def _active(instrument: Instrument) -> InstrumentCode:
    code = InstrumentCode.objects.unscoped().filter(instrument=instrument, state=CodeState.ACTIVE).first()
    if code is None:
        raise refusals.NO_CODE()
    return code


def _new(value: str, instrument: Instrument, *, is_blank: bool, at: datetime) -> InstrumentCode:
    if is_blank:
        return take_blank(value, instrument, at=at)
    return InstrumentCode.objects.unscoped().create(
        value=value, instrument=instrument, area_id=instrument.area_id, state=CodeState.ACTIVE, issued_at=at,
        bound_at=at,
    )  # fmt: skip
