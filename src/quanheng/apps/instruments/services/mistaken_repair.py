"""更正送修登记: an instrument that was sent to repair by mistake gets back what that ended, by two people.

Whoever has it or an officer asks; another officer decides, who has seen it on site: not opened, seals whole.
Only the newest act can be taken back: what came after it stands on it. The log keeps all of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.queries import ToldAct, newest_act, touched_at
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.models import Instrument, Placement, Verification
from quanheng.apps.instruments.services.act_on import RECORDS, InstrumentAct, act_on
from quanheng.apps.instruments.services.question_certificate import NOBODY_DOUBTS
from quanheng.apps.instruments.services.void_record import reason_of
from quanheng.kit.refusal import RuleBroken

# What changes nothing that a repair ended, and may have happened since.
BESIDE_THE_POINT = (
    acts.REPAIR_DISPUTED, acts.REPAIR_UPHELD, acts.REPAIR_DISPUTE_WITHDRAWN, acts.VERIFICATION_DISPUTED,
    acts.VERIFICATION_UPHELD, acts.DISPUTE_WITHDRAWN, acts.CHANGE_PROPOSED, acts.CHANGE_RETURNED,
    acts.CHANGE_WITHDRAWN, acts.REPAIRER_CHANGED, acts.REPAIR_DECLINED,
    acts.LABELS_PRINTED, acts.PUBLIC_REPORT_RECEIVED,
)  # fmt: skip


def ask_to_correct(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Verification:
    """Ask for a sending to repair to be taken back, for it was recorded by mistake.

    Raises:
        RuleBroken: no_reason, reason_too_long, not_sent_last, unsealed, with_the_whole, nothing_ended,
            already_disputed.
        NotYours: the instrument is not the actor's.
    """
    reason = reason_of(reason)
    with act_on(acts.REPAIR_DISPUTED, instrument_id, by=by, at=at, reason=reason) as act:
        row = _ended_by(_sending(act.instrument))
        if row.disputed_at:
            raise refusals.REPAIR_ALREADY_DISPUTED(asker=row.disputed_by_name)
        _write(
            row, disputed_by=by.user_id, disputed_by_name=by.name, disputed_at=at, dispute=reason,
            asks_back=True,
        )  # fmt: skip
    return row


def withdraw_correction(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Verification:
    """Take the request back. Raises no_reason, reason_too_long, not_disputed, not_the_asker."""
    reason = reason_of(reason)
    with act_on(acts.REPAIR_DISPUTE_WITHDRAWN, instrument_id, by=by, at=at, reason=reason) as act:
        row = _waiting(act)
        if row.disputed_by != by.user_id:
            raise refusals.NOT_THE_ASKER()
        _write(row, **NOBODY_DOUBTS)
    return row


def uphold_repair(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Verification:
    """Refuse: it was sent to repair. Raises no_reason, reason_too_long, not_disputed, same_person."""
    reason = reason_of(reason)
    with act_on(acts.REPAIR_UPHELD, instrument_id, by=by, at=at, reason=reason) as act:
        row = _waiting(act)
        _check_other(row, by)
        _write(row, **NOBODY_DOUBTS)
    return row


def take_back_repair(*, instrument_id: int, seen_whole: bool, by: Actor, at: datetime) -> Instrument:
    """Agree: the instrument, and the parts that went with it, stand as before they were sent.

    Args:
        seen_whole: the officer has seen it on site: not opened, its seals whole and numbered as registered.

    Raises:
        RuleBroken: not_disputed, same_person, not_seen, and what `ask_to_correct` raises.
        NotYours: not an office, or the instrument lies outside its area.
    """
    if not seen_whole:
        raise refusals.NOT_SEEN()
    with transaction.atomic():
        with act_on(acts.REPAIR_TAKEN_BACK, instrument_id, by=by, at=at) as act:
            row = _waiting(act)
            _check_other(row, by)
            sent = _sending(act.instrument)
            act.facts |= {"why": row.dispute, "asked_by": row.disputed_by_name}
            _undo(act, sent)
        for part in _parts_sent_with(sent):
            with act_on(acts.REPAIR_TAKEN_BACK, part, by=by, at=at) as follow:
                _undo(follow, _sending(follow.instrument, with_whole=True))
                follow.facts |= {"of_whole": instrument_id}
    return act.instrument


def can_be_corrected(instrument: Instrument) -> bool:
    """Say whether a sending to repair may be taken back now."""
    try:
        _ended_by(_sending(instrument))
    except RuleBroken:
        return False
    return True


def waiting_correction(instrument: Instrument) -> Verification | None:
    """Return the verification that somebody asks to have back; None where nobody does."""
    return min((row for row in instrument.records if row.asks_back), key=lambda row: row.pk, default=None)


def _sending(it: Instrument, *, with_whole: bool = False) -> ToldAct:
    """The act that sent it, when nothing has happened since."""
    sent = newest_act(it.pk, beside=BESIDE_THE_POINT)
    if sent is None or sent.verb != acts.SENT_TO_REPAIR:
        raise refusals.NOT_SENT_LAST()
    if it.is_unsealed:
        raise refusals.UNSEALED()
    if it.parent_id and not with_whole and _sent_with_whole(it, sent):
        raise refusals.WITH_THE_WHOLE()
    return sent


def _sent_with_whole(it: Instrument, sent: ToldAct) -> bool:
    whole = newest_act(it.parent_id or 0, beside=BESIDE_THE_POINT)
    return whole is not None and (whole.verb, whole.at) == (sent.verb, sent.at)


def _parts_sent_with(sent: ToldAct) -> list[int]:
    parts = Instrument.objects.unscoped().filter(parent_id=sent.instrument_id)
    return touched_at(list(parts.values_list("pk", flat=True)), sent.verb, sent.at)


def _ended_by(sent: ToldAct) -> Verification:
    """The verification that the sending voided."""
    ended = (sent.after.get(RECORDS) or {}).get("verification") or {}
    rows = Verification.objects.unscoped().filter(pk__in=[int(pk) for pk in ended], in_error=False)
    row = rows.order_by("-verified_on", "-pk").first()
    if row is None:
        raise refusals.NOTHING_ENDED()
    return row


def _waiting(act: InstrumentAct) -> Verification:
    row = waiting_correction(act.instrument)
    if row is None:
        raise refusals.REPAIR_NOT_DISPUTED()
    return row


def _check_other(row: Verification, by: Actor) -> None:
    if row.disputed_by == by.user_id:
        raise refusals.SAME_PERSON()


def _write(row: Verification, **values: Any) -> None:
    Verification.objects.unscoped().filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)


def _undo(act: InstrumentAct, sent: ToldAct) -> None:
    """Write back what the act says it found, on the row and beside it."""
    for column, found in sent.before.items():
        if column != RECORDS:
            setattr(act.instrument, column, _read(Instrument, column, found))
    found_beside, left_beside = (side.get(RECORDS) or {} for side in (sent.before, sent.after))
    for pk, found in (found_beside.get("verification") or {}).items():
        values = {column: _read(Verification, column, value) for column, value in found.items()}
        Verification.objects.unscoped().filter(pk=int(pk)).update(**values, **NOBODY_DOUBTS)
    made = [int(pk) for pk in left_beside.get("placement") or {}]
    Placement.objects.unscoped().filter(pk__in=made, instrument=act.instrument).delete()


def _read(model: type[Model], column: str, value: Any) -> Any:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return fields[column].to_python(value)
