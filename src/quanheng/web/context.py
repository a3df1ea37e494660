"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def platform(request: HttpRequest) -> dict[str, Any]:
    """The actor, and whether this is a demonstration."""
    return {"actor": getattr(request, "actor", None), "is_demo": settings.IS_DEMO}
