"""How the exchange stands."""

from __future__ import annotations

from quanheng.apps.exchange.enums import Link
from quanheng.apps.exchange.models import ExchangeLink


def link_of(link: Link) -> ExchangeLink:
    """Return how one way stands; one that was never tried is as new."""
    return ExchangeLink.objects.filter(link=link).first() or ExchangeLink(link=link)
