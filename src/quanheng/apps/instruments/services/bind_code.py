"""现场绑码: a blank label was stuck on an instrument; scanning or typing its code binds the two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.models import Instrument, InstrumentCode
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.kit.scope import EVERYTHING, set_scope
from quanheng.regulation.instrument_code import CodeUnreadable, grouped, parse_code
from quanheng.regulation.instrument_states import WITHOUT_CODE


def bind_code(*, typed: str, instrument_id: int, by: Actor, at: datetime) -> Instrument:
    """Bind a blank code to an instrument that has none.

    Args:
        typed: the code as scanned (the whole address will do) or typed from the label.

    Raises:
        RuleBroken: code_unreadable, unknown_code, code_used, code_of_other_area, has_code, not_filed.
        NotYours: the role does not bind codes, or the instrument is out of reach.
    """
    value = read_code(typed)
    with act_on(acts.CODE_BOUND, instrument_id, by=by, at=at) as act:
        check_can_take_code(act.instrument)
        if act.instrument.code:
            raise refusals.HAS_CODE(code=grouped(act.instrument.code), value=act.instrument.code)
        with register_open(by):
            take_blank(value, act.instrument, at=at)
        act.instrument.code = value
    return act.instrument


def read_code(typed: str) -> str:
    """Return the code in what was scanned or typed. Raises RuleBroken: code_unreadable."""
    last_part = typed.strip().rpartition("/s/")[2]
    try:
        return parse_code(last_part.partition(".")[0].partition("?")[0])
    except CodeUnreadable as fault:
        raise refusals.code_unreadable(fault) from fault


def check_can_take_code(instrument: Instrument) -> None:
    """Only filed instruments carry a code: the label says that the office knows the instrument."""
    if instrument.state in WITHOUT_CODE:
        raise refusals.NOT_FILED(state=instrument.state)


def take_blank(value: str, instrument: Instrument, *, at: datetime) -> InstrumentCode:
    """Lock a blank code and make it the instrument's."""
    code = InstrumentCode.objects.unscoped().select_for_update(of=("self",)).filter(pk=value).first()
    if code is None:
        raise refusals.UNKNOWN_CODE(code=grouped(value), value=value)
    if code.state != CodeState.BLANK:
        raise refusals.CODE_USED(code=grouped(value), value=value)
    if not code.area.id <= instrument.area_id <= code.area.last:
        raise refusals.CODE_OF_OTHER_AREA(area=code.area.full_name, value=value)
    code.instrument, code.area_id = instrument, instrument.area_id
    code.state, code.bound_at = CodeState.ACTIVE, at
    code.save()
    return code


@contextmanager
def register_open(by: Actor) -> Iterator[None]:
    """Reach codes beyond the actor's rows, after the right to the act was checked.

    Blank codes belong to an area: an operator, whose scope is an entity, could not even find the one in hand.
    """
    set_scope(EVERYTHING)
    yield
    set_scope(by.scope)
