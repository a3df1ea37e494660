"""What the public log will be given."""

from __future__ import annotations

from quanheng.apps.audit.log.entries import ActRow, waiting_rows


def waiting_row(act_id: int) -> ActRow:
    """Return an act that nobody has sealed yet, as it will be. The scope must let everything through."""
    return next(row for row in waiting_rows(1000) if row.act_id == act_id)
