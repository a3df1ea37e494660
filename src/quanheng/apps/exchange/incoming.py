"""Reading what the platform for scales sends: every event becomes something that can be kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from quanheng.apps.exchange import refusals
from quanheng.apps.exchange.enums import EventKind
from quanheng.apps.exchange.mapping import FieldMapping
from quanheng.kit.refusal import RuleBroken

MOST_EVENTS = 500  # in one delivery
MOST_RAW = 16 * 1024  # characters of one event that are kept
MOST_DEPTH = 20
LONGEST = {
    "id": 80, "code": 60, "production_code": 60, "serial_number": 60, "manufacturer": 120, "detail": 500,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as it arrived.

    Args:
        fault: why it cannot be entered as it stands; it waits for the office then.
    """

    event_id: str
    kind: EventKind
    happened_at: datetime | None
    sequence: int
    raw: dict[str, Any]
    code: str = ""
    production_code: str = ""
    serial_number: str = ""
    manufacturer: str = ""
    area_code: str = ""
    detail: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came in one message, and where the platform goes on."""

    events: list[Incoming] = field(default_factory=list)
    next: str = ""


def read_delivery(body: bytes, mapping: FieldMapping) -> Delivery:
    """Read the body of a message of the platform.

    Raises:
        RuleBroken: not_json, too_deep, not_events, too_many_events.
    """
    names = mapping.names("received")
    told = _json(body)
    events = told.get(names["events"]) if isinstance(told, dict) else None
    if not isinstance(events, list):
        raise refusals.NOT_EVENTS(events=names["events"])
    if len(events) > MOST_EVENTS:
        raise refusals.TOO_MANY_EVENTS(most=MOST_EVENTS, count=len(events))
    return Delivery([read_event(one, mapping) for one in events], _text(told.get(names["next"]), 200))


def _json(body: bytes) -> Any:
    try:
        told = json.loads(body, parse_constant=_refuse)
    except RecursionError:
        raise _too_deep() from None
    except (ValueError, UnicodeDecodeError):
        raise refusals.NOT_JSON() from None
    if any(depth > MOST_DEPTH for depth in _depths(told)):
        raise _too_deep()
    return told


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _too_deep() -> RuleBroken:
    return refusals.TOO_DEEP(most=MOST_DEPTH)


def _depths(told: Any) -> Iterator[int]:
    """Yield how deep every container lies, without recursion: the input says how deep it goes."""
    waiting = [(told, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict | list):
            yield depth
            waiting += [(one, depth + 1) for one in (value.values() if isinstance(value, dict) else value)]


def read_event(told: Any, mapping: FieldMapping) -> Incoming:
    """Read one event; what is wrong with it is told, and it is kept as it came."""
    names = mapping.names("received")
    raw = told if isinstance(told, dict) else {"value": told}
    texts = {name: _text(raw.get(names[name]), most) for name, most in LONGEST.items()}
    event_id = _short(raw.get(names["id"]), texts.pop("id"))
    faults = [] if event_id else ["没有事件编号"]
    kind = mapping.our_word("kind", _text(raw.get(names["kind"]), 40))
    if kind is None or kind not in EventKind.values:
        faults.append(f"事件类型“{_text(raw.get(names['kind']), 40)}”不在字段对照中")
    happened_at = _instant(raw.get(names["occurred_at"]))
    if happened_at is None:
        faults.append("发生时间缺失或没有时区")
    return Incoming(
        event_id=event_id or _digest(json.dumps(raw, sort_keys=True)),
        kind=EventKind(kind) if kind in EventKind.values else EventKind.UNKNOWN,
        happened_at=happened_at, sequence=_whole(raw.get(names["sequence"])),
        raw=_keepable(raw),
        area_code=_text(raw.get(names["area_code"]), 12), fault="；".join(faults), **texts,
    )  # fmt: skip


def _short(value: Any, text: str) -> str:
    """Return an id that is kept whole; a longer one is known by its digest, so that no two become one."""
    return _digest(value) if isinstance(value, str) and len(value.strip()) > LONGEST["id"] else text


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _keepable(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the event as a JSON column takes it: no NUL, no half of a surrogate pair, no infinity."""
    text = json.dumps(raw, ensure_ascii=False)
    is_plain = text == _clean(text) and "\\u0000" not in text and "Infinity" not in text
    if is_plain and len(text) <= MOST_RAW:
        return raw
    return {"cut": _clean(text)[:MOST_RAW].replace("\\u0000", "")}


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def _whole(value: Any) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 2**63 else 0


def _text(value: Any, most: int) -> str:
    """Return a scalar as text that PostgreSQL takes, cut to what its column holds."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _clean(str(value)).strip()[:most]


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
