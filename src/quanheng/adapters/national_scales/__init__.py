"""The national platform for scales (全国电子计价秤智慧计量监管平台).

    platform = scale_platform(mapping)        None where none is configured
    platform.push(key="…", told={…})
    platform.fetch(after="…")

Its interface is not public. Addresses and names come from the mapping (`apps/exchange/mapping.py`); how a
call is signed is ours (`kit/signed_calls.py`); where the platform speaks otherwise, a relay goes between.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from django.conf import settings

from quanheng.adapters.national_scales.over_http import HttpScalePlatform, NotFetched
from quanheng.apps.exchange.mapping import FieldMapping

__all__ = ["HttpScalePlatform", "NotFetched", "ScalePlatform", "scale_platform"]


class ScalePlatform(Protocol):
    """What can be done with the platform."""

    def push(self, *, key: str, told: Mapping[str, Any]) -> None:
        """Tell one event; the platform takes each key once.

        Raises:
            NotDelivered: the platform did not take it.
        """

    def fetch(self, *, after: str) -> bytes:
        """Return what the platform has for us after a place in its list, as it was sent.

        Raises:
            NotFetched: it did not answer, or not whole.
        """


def scale_platform(mapping: FieldMapping) -> ScalePlatform | None:
    """Return the platform that is configured."""
    if not settings.NATIONAL_SCALES_URL:
        return None
    return HttpScalePlatform(
        settings.NATIONAL_SCALES_URL, settings.NATIONAL_SCALES_SECRET, mapping.names("address")
    )
