"""What the platform for scales is told of an instrument, as the ledger stands when the message leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

from quanheng.apps.exchange.mapping import FieldMapping
from quanheng.apps.instruments.queries.exchanged import ledger_row, whole_seals
from quanheng.kit.scope import EVERYTHING, acting_in

WORDED = ("event", "result")  # values that the mapping puts into their words


def outgoing(payload: dict[str, Any], mapping: FieldMapping) -> dict[str, Any] | None:
    """Return a waiting message in the platform's words; None when its instrument is gone from the ledger.

    A stall is told by the credit code of its market: its own name is a person's.
    """
    with acting_in(EVERYTHING):
        row = ledger_row(payload["instrument"])
        if row is None:
            return None
        ours: dict[str, Any] = {
            "event": payload["event"], "sequence": payload["sequence"],
            "occurred_at": payload["occurred_at"], "code": row.code, "name": row.name, "model": row.model,
            "serial_number": row.serial_number, "manufacturer": row.manufacturer,
            "production_code": row.production_code, "repair_code": row.repair_code,
            "verification_code": row.verification_code, "type_approval_number": row.type_approval_number,
            "entity_code": row.entity.credit_code or row.root.credit_code, "area_code": row.area.code,
            "place": row.place, "seals": whole_seals(row.pk), **payload["facts"],
        }  # fmt: skip
    names = mapping.names("sent")
    return {
        names[field]: mapping.word(field, value) if field in WORDED else _plain(value)
        for field, value in ours.items()
        if field in names and value not in (None, "", [])
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
