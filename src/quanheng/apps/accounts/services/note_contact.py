"""机构地址和电话: how people reach an agency, as its papers print it."""

from __future__ import annotations

from quanheng.apps.accounts.models import Agency


def note_contact(agency_id: int, *, address: str, telephone: str) -> None:
    """Write down address and telephone. Who may is the caller's to ask, as is the log."""
    Agency.objects.filter(pk=agency_id).update(address=address, telephone=telephone)
