"""Noting how a way of the exchange stands: the page shows it, and a pull goes on where it stopped."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.exchange.enums import Link
from quanheng.apps.exchange.models import ExchangeLink

LONGEST = 300


def note_worked(link: Link, *, at: datetime, cursor: str | None = None) -> None:
    """Note that it worked, and how far it has read; what was wrong before is over."""
    facts = {"tried_at": at, "worked_at": at, "error": ""}
    if cursor is not None:
        facts["cursor"] = cursor
    ExchangeLink.objects.update_or_create(link=link, defaults=facts)


def note_failed(link: Link, error: str, *, at: datetime) -> None:
    """Note what was wrong, in Chinese."""
    ExchangeLink.objects.update_or_create(link=link, defaults={"tried_at": at, "error": error[:LONGEST]})
