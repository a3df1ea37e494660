"""An act on one instrument, bound with If-Match to the version that the program has seen."""

from __future__ import annotations

from django.http import HttpRequest

from quanheng.api import versions
from quanheng.api.operations.declaring import holder_of
from quanheng.apps.accounts.key_queries import KeyHolder
from quanheng.apps.instruments.queries import exchange


def holder_who_saw(request: HttpRequest, instrument_id: int) -> KeyHolder:
    """Return the holder; with If-Match, only when the instrument is still what they saw."""
    holder = holder_of(request)
    if "If-Match" in request.headers:
        row = exchange.instrument(instrument_id, holder.actor, for_update=True)
        versions.check_seen(request, row.version)
    return holder
