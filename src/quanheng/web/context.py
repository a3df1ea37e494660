"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from quanheng.regulation.search_terms import LONGEST
from quanheng.web.home.preferences import read_preferences
from quanheng.web.navigation import groups_for


def platform(request: HttpRequest) -> dict[str, Any]:
    """The actor, the reader's preferences, the navigation, and whether this is a demonstration."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "is_demo": settings.IS_DEMO,
        "preferences": read_preferences(request),
        "navigation": groups_for(actor, request.path),
        "languages": settings.LANGUAGES,
        "came_by_search": request.GET.get("found", "")[:LONGEST] if actor is not None else "",
    }
