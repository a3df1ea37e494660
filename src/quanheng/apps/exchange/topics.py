"""Which acts the platform for scales is told of, and under which topics of the outbox they wait."""

from __future__ import annotations

from collections.abc import Mapping

from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.registry import acts as registry_acts

TOPIC = "national_scales."
EVENTS: Mapping[str, str] = {
    registry_acts.CODES_ISSUED: "binding",
    instruments_acts.CODE_BOUND: "binding",
    instruments_acts.CODE_REPLACED: "binding",
    instruments_acts.INSTRUMENT_MOVED: "binding",
    instruments_acts.VERIFICATION_RECORDED: "verification",
    instruments_acts.SEAL_APPLIED: "seal_applied",
    instruments_acts.SEAL_BROKEN: "seal_broken",
    instruments_acts.SEAL_OPENED: "seal_opened",
    instruments_acts.LOCKED: "locked",
    instruments_acts.UNLOCKED: "unlocked",
    instruments_acts.USE_STOPPED: "stopped",
    instruments_acts.SEALED_UP: "stopped",
    instruments_acts.SCRAPPED: "stopped",
    instruments_acts.USE_RESUMED: "resumed",
}
TOPICS = tuple(TOPIC + event for event in dict.fromkeys(EVENTS.values()))
