"""The history of an instrument as a shopper reads it: one line per event, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import translation

from quanheng.apps.instruments.enums import Provenance, Result, SealEnd, SealPosition, VerificationKind
from quanheng.apps.instruments.queries.card import CardAct
from quanheng.apps.instruments.queries.scan import Card
from quanheng.kit.acts import verb_of
from quanheng.kit.tones import Tone
from quanheng.web.public.verdicts import SEAL_ENDS


@dataclass(frozen=True, slots=True)
class Event:
    """One line.

    Args:
        day: ISO date.
        what: the event's name, a Chinese msgid.
        details: parts shown after it, as they stand in the register.
        bad: the event took trust away, and not as a lawful act does.
        when: orders the events of a day: when it was recorded (0 if nobody knows), its place in an act.
    """

    day: str
    what: str
    details: tuple[str, ...] = ()
    bad: bool = False
    when: tuple[float, int] = (0, 0)


with translation.override("zh-hans"):
    POSITIONS = {position.value: str(position.label) for position in SealPosition}
    KINDS = {kind.value: str(kind.label) for kind in VerificationKind}
    SOURCES = {source.value: str(source.label) for source in Provenance}

RESULTS = {
    (False, True): "检定合格", (False, False): "检定不合格",
    (True, True): "使用中检查合格", (True, False): "使用中检查不合格",
}  # fmt: skip
# What happens in one act, in its order: what ended, what was void with it, the new seal, the verification.
ENDED, VOID, APPLIED, VERIFIED = range(4)


def history(card: Card) -> list[Event]:
    """Return every public event of a card, newest first; those of a day as they happened."""
    events = [*_verifications(card), *_seals(card), *_places(card)]
    with translation.override("zh-hans"):
        events += [_act(act) for act in card.acts]
    return sorted(events, key=lambda event: (event.day, event.when), reverse=True)


def _act(act: CardAct) -> Event:
    verb = verb_of(act.verb)
    return Event(act.day, str(verb.label), bad=verb.on_scan_page is Tone.BAD, when=(act.at, ENDED))


def _verifications(card: Card) -> list[Event]:
    events = []
    for row in card.verifications:
        passed = row.result == Result.PASSED
        in_service = row.kind == VerificationKind.IN_SERVICE  # an inspection, which is no verification
        said = "" if in_service else KINDS[row.kind]
        parts = tuple(filter(None, (said, row.institute, row.certificate_number, SOURCES[row.provenance])))
        what = RESULTS[in_service, passed]
        events.append(Event(row.verified_on, what, parts, not passed, (row.recorded_at or 0, VERIFIED)))
        if row.voided_on:
            what = "检定记录有误，已作废" if row.in_error else "检定失效"
            void = tuple(filter(None, (row.certificate_number,)))
            events.append(Event(row.voided_on, what, void, bad=True, when=(row.voided_at or 0, VOID)))
    return events


def _seals(card: Card) -> list[Event]:
    events = []
    for seal in card.seals:
        parts = (seal.number, POSITIONS[seal.position])
        events.append(Event(seal.applied_on, "施封", parts, when=(seal.applied_at or 0, APPLIED)))
        if seal.broken_on:
            bad, when = seal.ended_as == SealEnd.BROKEN, (seal.ended_at or 0, ENDED)
            events.append(Event(seal.broken_on, SEAL_ENDS[SealEnd(seal.ended_as)], parts, bad, when))
    return events


def _places(card: Card) -> list[Event]:
    """An instrument leaves the day after its last day there, by the act of that day."""
    return [
        Event(_day_after(past.last_day), "离开原使用地点", tuple(filter(None, (past.site, past.spot))))
        for past in card.placements
    ]


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
