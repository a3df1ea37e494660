"""How the exchange with the platform for scales stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quanheng.apps.exchange.enums import Link
from quanheng.apps.exchange.mapping import SCALES, FieldMapping, mapping_of
from quanheng.apps.exchange.models import ExchangeLink
from quanheng.apps.exchange.topics import TOPICS
from quanheng.apps.outbox.queries import standing_of
from quanheng.kit.refusal import RuleBroken


@dataclass(frozen=True, slots=True)
class Standing:
    """The exchange as a whole.

    Args:
        links: one for each way, tried or not.
        mapping: the edition in force; None where it cannot be read, and `fault` says why.
    """

    links: list[ExchangeLink]
    waiting: int
    given_up: int
    mapping: FieldMapping | None
    fault: str


def link_of(link: Link) -> ExchangeLink:
    """Return how one way stands; one that was never tried is as new."""
    return ExchangeLink.objects.filter(link=link).first() or ExchangeLink(link=link)


def standing_on(day: date) -> Standing:
    """Return how the exchange stands."""
    told = standing_of(TOPICS)
    mapping, fault = None, ""
    try:
        mapping = mapping_of(SCALES, day)
    except RuleBroken as refusal:
        fault = refusal.message
    return Standing([link_of(link) for link in Link], told.waiting, told.given_up, mapping, fault)
