"""What others are told of a change: ids and where to read the row; never a name, never a value."""

from __future__ import annotations

from typing import Any

from quanheng.apps.changes.enums import ChangeKind, ChangeWhat
from quanheng.apps.changes.queries.feed import Told


def as_told(told: Told) -> dict[str, Any]:
    """Return a change as the feed and the webhooks tell it."""
    return {
        "kind": told.kind, "id": told.id, "what": told.what, "at": told.at,
        "instrument_id": told.instrument_id, "href": href_of(told),
    }  # fmt: skip


def href_of(told: Told) -> str | None:
    """Return where the row is read, or the list in which it stands; None for what the API does not show."""
    if told.what == ChangeWhat.DELETED:
        return None
    at = {
        ChangeKind.INSTRUMENT: f"instruments/{told.id}",
        ChangeKind.ENTITY: f"entities/{told.id}",
        ChangeKind.VERIFICATION: f"instruments/{told.instrument_id}/verifications",
        ChangeKind.SEAL: f"instruments/{told.instrument_id}/seals",
        ChangeKind.PLACEMENT: f"instruments/{told.instrument_id}/placements",
        ChangeKind.PROPOSAL: f"proposals/{told.id}",
        ChangeKind.APPLICATION: f"applications/{told.id}",
        ChangeKind.CERTIFICATE: f"certificates/{told.id}",
        ChangeKind.IMPORT: f"imports/{told.id}",
    }.get(ChangeKind(told.kind))
    return f"/api/v1/{at}" if at else None
