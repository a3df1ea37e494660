"""What the ledger's words say in a template."""

from __future__ import annotations

from django import template
from django.utils import timezone

from quanheng.apps.instruments.models import Instrument
from quanheng.web.instruments.labels import validity as words_of

register = template.Library()


@register.simple_tag
def validity(instrument: Instrument) -> str:
    """What stands under 有效期至 today; a dash where nothing does."""
    return str(words_of(instrument, timezone.localdate()) or "—")
