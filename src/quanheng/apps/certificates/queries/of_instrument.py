"""Which certificates of this platform an instrument has."""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import Certificate


def certificates_of(instrument_id: int, by: Actor) -> dict[str, int]:
    """Return number → certificate, of those that an actor may open; an institute opens its own."""
    rows = Certificate.objects.visible_to(by).filter(instrument=instrument_id).order_by("pk")
    if by.is_institute:
        rows = rows.filter(institute=by.agency_id or 0)
    return dict(rows.values_list("number", "pk"))
