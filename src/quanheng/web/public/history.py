"""The history of an instrument as a shopper reads it: one line per event, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import translation

from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import Provenance, Result, SealPosition, VerificationKind


@dataclass(frozen=True, slots=True)
class Event:
    """One line.

    Args:
        day: ISO date.
        what: the event's name, a Chinese msgid.
        details: parts shown after it, as they stand in the register.
        bad: the event took trust away.
    """

    day: str
    what: str
    details: tuple[str, ...] = ()
    bad: bool = False


with translation.override("zh-hans"):
    POSITIONS = {position.value: str(position.label) for position in SealPosition}
    KINDS = {kind.value: str(kind.label) for kind in VerificationKind}
    SOURCES = {source.value: str(source.label) for source in Provenance}
    VERBS = {verb.value: str(verb.label) for verb in Verb}

BAD_ACTS = {Verb.SENT_TO_REPAIR, Verb.USE_STOPPED, Verb.SEALED_UP, Verb.SCRAPPED}


def history(facts: dict[str, Any]) -> list[Event]:
    """Return every public event of a card's facts, newest first."""
    events = [*_verifications(facts), *_seals(facts), *_places(facts)]
    events += [Event(day, VERBS[verb], bad=verb in BAD_ACTS) for day, verb in facts["acts"]]
    return sorted(events, key=lambda event: event.day, reverse=True)


def _verifications(facts: dict[str, Any]) -> list[Event]:
    events = []
    for day, kind, result, _, certificate, institute, voided_on, source, in_error in facts["verifications"]:
        passed = result == Result.PASSED
        parts = (KINDS[kind], institute, certificate, SOURCES[source])
        events.append(
            Event(day, "检定合格" if passed else "检定不合格", tuple(filter(None, parts)), not passed)
        )
        if voided_on:
            what = "检定记录有误，已作废" if in_error else "检定失效"
            events.append(Event(voided_on, what, tuple(filter(None, (certificate,))), bad=True))
    return events


def _seals(facts: dict[str, Any]) -> list[Event]:
    events = []
    for number, position, applied_on, broken_on in facts["seals"]:
        events.append(Event(applied_on, "施封", (number, POSITIONS[position])))
        if broken_on:
            events.append(Event(broken_on, "铅封破损或启封", (number, POSITIONS[position]), bad=True))
    return events


def _places(facts: dict[str, Any]) -> list[Event]:
    return [
        Event(last_day, "离开原使用地点", tuple(filter(None, (site, spot))))
        for _, last_day, site, spot in facts["placements"]
    ]
