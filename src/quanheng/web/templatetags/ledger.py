"""What the ledger's words say in a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from quanheng.web.instruments.labels import validity as words_of

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

register = template.Library()


@register.simple_tag
def validity(instrument: Instrument) -> str:
    """What stands under 有效期至 today; a dash where nothing does."""
    return str(words_of(instrument, timezone.localdate()) or "—")
