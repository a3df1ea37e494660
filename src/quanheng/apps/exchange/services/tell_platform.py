"""报送国家平台: what happens to a scale is posted to the outbox in the act's own transaction.

    acts_recorded  →  tell_platform  →  outbox "national_scales.<event>"  →  jobs.exchange hands it over

A message says which act on which instrument, and what of it is theirs to know: never a person, a witness or a
reason. What the platform told us is not told back to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from quanheng.apps.audit.services import Draft
from quanheng.apps.exchange.mapping import SCALES, mapping_of
from quanheng.apps.exchange.platform import PLATFORM
from quanheng.apps.exchange.topics import EVENTS, TOPIC
from quanheng.apps.instruments.queries.exchanged import among_scales
from quanheng.apps.outbox.services import post_many
from quanheng.kit.scope import EVERYTHING, acting_in

# What a verification on record says is theirs to know; anything else of an act stays here.
FACTS = (
    "seal",
    "position",
    "opened_for",
    "certificate_number",
    "result",
    "verified_on",
    "valid_until",
    "institute",
)


def is_configured() -> bool:
    """Say whether there is a platform to exchange with."""
    return bool(settings.NATIONAL_SCALES_URL)


def tell_platform(*, acts: Iterable[Draft], **_: Any) -> None:
    """Post what the platform has to know of these acts; nothing where no platform is configured.

    Raises:
        RuleBroken: mapping_unreadable; the act is undone rather than kept from the platform in silence.
    """
    if not is_configured():
        return
    told = [act for act in acts if act.verb in EVENTS and act.instrument_id and not _came_from_there(act)]
    if not told:
        return
    at = told[0].at
    scales = scales_among({act.instrument_id or 0 for act in told}, timezone.localdate(at))
    for topic, payloads in _by_topic(act for act in told if act.instrument_id in scales).items():
        post_many(topic, payloads, at=at)


def message_of(
    event: str, instrument_id: int, *, sequence: int, at: datetime, **facts: Any
) -> dict[str, Any]:
    """Return what waits in the outbox of one event; the instrument is read when it is handed over."""
    return {
        "event": event, "instrument": instrument_id, "sequence": sequence, "occurred_at": at.isoformat(),
        "facts": facts,
    }  # fmt: skip


def _came_from_there(act: Draft) -> bool:
    return act.actor_id is None and act.actor_name == PLATFORM.name


def scales_among(ids: set[int], on: date) -> set[int]:
    """Return which of the instruments are scales that the platform takes."""
    scope = mapping_of(SCALES, on).names("scope")
    with acting_in(EVERYTHING):
        return among_scales(ids, list(scope["items"]), int(scope["max_capacity_g"]))


def _by_topic(acts: Iterable[Draft]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for act in acts:
        event = EVENTS[act.verb]
        facts = {name: act.after[name] for name in FACTS if act.after.get(name) not in (None, "")}
        payload = message_of(event, act.instrument_id or 0, sequence=act.pk, at=act.at, **facts)
        found.setdefault(TOPIC + event, []).append(payload)
    return found
