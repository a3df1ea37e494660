"""登记机构地址和电话: what the certificates of an institute print of it from now on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.services.note_contact import note_contact
from quanheng.apps.audit.services import record
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.services.institutes import Institute, institute_for

LONGEST_ADDRESS, LONGEST_TELEPHONE = 120, 40


def describe_institute(
    *, institute_id: int, address: str, telephone: str, by: Actor, at: datetime
) -> None:  # fmt: skip
    """Enter address and telephone; certificates that were issued before keep what they say.

    The log tells both, before and after; what changes nothing is not told.

    Raises:
        RuleBroken: institute_not_found, no_contact.
        NotYours: neither the province nor the institute's manager.
    """
    institute = institute_for(institute_id, by)
    address, telephone = address.strip()[:LONGEST_ADDRESS], telephone.strip()[:LONGEST_TELEPHONE]
    if not (address and telephone):
        raise refusals.NO_CONTACT()
    before, after = _contact(institute), {"address": address, "telephone": telephone}
    if before == after:
        return
    with transaction.atomic():
        note_contact(institute.pk, address=address, telephone=telephone)
        record(
            acts.INSTITUTE_CHANGED, by=by, at=at, area_id=institute.area_id, subject=address[:80],
            before=before, after={"institute_id": institute.pk, "kind": "contact"} | after,
        )  # fmt: skip


def _contact(institute: Institute) -> dict[str, str]:
    return {"address": institute.address, "telephone": institute.telephone}
