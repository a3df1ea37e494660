"""The history of an instrument as a shopper reads it: one line per event, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import translation

from quanheng.apps.instruments.enums import Provenance, Result, SealEnd, SealPosition, VerificationKind
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


def history(facts: dict[str, Any]) -> list[Event]:
    """Return every public event of a card's facts, newest first; those of a day as they happened."""
    events = [*_verifications(facts), *_seals(facts), *_places(facts)]
    with translation.override("zh-hans"):
        events += [_act(*act) for act in facts["acts"]]
    return sorted(events, key=lambda event: (event.day, event.when), reverse=True)


def _act(day: str, key: str, at: float) -> Event:
    verb = verb_of(key)
    return Event(day, str(verb.label), bad=verb.on_scan_page is Tone.BAD, when=(at, ENDED))


def _verifications(facts: dict[str, Any]) -> list[Event]:
    events = []
    for row in facts["verifications"]:
        day, kind, result, _, certificate, institute, voided_on, source, in_error, at, voided_at = row
        passed = result == Result.PASSED
        in_service = kind == VerificationKind.IN_SERVICE  # an inspection, which is no verification
        said = "" if in_service else KINDS[kind]
        parts = tuple(filter(None, (said, institute, certificate, SOURCES[source])))
        what = RESULTS[in_service, passed]
        events.append(Event(day, what, parts, not passed, (at or 0, VERIFIED)))
        if voided_on:
            what = "检定记录有误，已作废" if in_error else "检定失效"
            void = tuple(filter(None, (certificate,)))
            events.append(Event(voided_on, what, void, bad=True, when=(voided_at or 0, VOID)))
    return events


def _seals(facts: dict[str, Any]) -> list[Event]:
    events = []
    for number, position, applied_on, gone_on, ended_as, applied_at, ended_at in facts["seals"]:
        parts = (number, POSITIONS[position])
        events.append(Event(applied_on, "施封", parts, when=(applied_at or 0, APPLIED)))
        if gone_on:
            bad = ended_as == SealEnd.BROKEN
            events.append(Event(gone_on, SEAL_ENDS[ended_as], parts, bad, (ended_at or 0, ENDED)))
    return events


def _places(facts: dict[str, Any]) -> list[Event]:
    """An instrument leaves the day after its last day there, by the act of that day."""
    return [
        Event(_day_after(last_day), "离开原使用地点", tuple(filter(None, (site, spot))))
        for _, last_day, site, spot in facts["placements"]
    ]


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
