"""Sending a message to a subscriber: signed as Standard Webhooks says, to an address outside."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings

from quanheng.adapters.calls import Answer, NotReached, Patience, call
from quanheng.apps.changes.services.deliver_messages import Outcome
from quanheng.kit.outside import NotOutside, resolve
from quanheng.kit.standard_webhooks import headers_of

PATIENCE = Patience(silent=15.0, whole=20.0, most=1_000)


def send(
    url: str, key: str, content: dict[str, Any], signing: list[str], *, patience: Patience = PATIENCE
) -> Outcome:
    """Send once.

    Args:
        content: type, timestamp and data; signing: the secrets, the newest first.
    """
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Quanheng-Webhooks/1"}
    started = time.monotonic()
    try:
        place = resolve(url, settings.WEBHOOK_NETWORKS)
        headers |= headers_of(key, body, time.time(), signing)
        answer = call("POST", url, body=body, headers=headers, patience=patience, at=place)
    except (NotOutside, NotReached) as fault:
        return Outcome(None, str(fault), _since(started))
    said = answer.body[:300].decode("utf-8", "replace").replace("\x00", "")
    return Outcome(answer.status, said, _since(started), _wait(answer))


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def _wait(answer: Answer) -> timedelta:
    """Read Retry-After: seconds, or a date (RFC 9110, 10.2.3)."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text), 10**6))
    try:
        return max(parsedate_to_datetime(text) - datetime.now(UTC), timedelta(0))
    except (TypeError, ValueError, OverflowError):
        return timedelta(0)
