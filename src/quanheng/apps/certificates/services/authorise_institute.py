"""授权: the province enters what an institute may verify, where, until when, and how many in a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import living_areas
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.models import Authorisation
from quanheng.apps.certificates.services.institutes import Paper, check_paper, institute_for, note

CAPACITY_AT_MOST = 10_000


def authorise_institute(
    *, institute_id: int, item_ids: Sequence[int], area_id: int, daily_capacity: int, paper: Paper,
    by: Actor, at: datetime,
) -> list[Authorisation]:  # fmt: skip
    """Enter the authority for items of the catalogue in one area, one row for each item.

    Raises:
        RuleBroken: institute_not_found, no_items, no_area, capacity_out_of_range, already_authorised, and
            what `check_paper` refuses.
        NotYours: not the province: no institute authorises itself.
    """
    if by.is_institute:
        raise refusals.AUTHORISES_NOT()
    institute, paper = institute_for(institute_id, by), check_paper(paper)
    ids = sorted(set(item_ids))
    if not ids:
        raise refusals.NO_ITEMS()
    if not living_areas(paper.valid_from).filter(pk=area_id).exists():
        raise refusals.NO_AREA()
    if not 1 <= daily_capacity <= CAPACITY_AT_MOST:
        raise refusals.CAPACITY_OUT_OF_RANGE(most=CAPACITY_AT_MOST)
    with transaction.atomic():
        held = {"institute": institute_id, "area": area_id, "valid_from": paper.valid_from}
        if Authorisation.objects.filter(item__in=ids, **held).exists():
            raise refusals.ALREADY_AUTHORISED()
        made = Authorisation.objects.bulk_create([
            Authorisation(
                institute_id=institute_id, item_id=item, area_id=area_id, daily_capacity=daily_capacity,
                certificate_number=paper.certificate_number, valid_from=paper.valid_from,
                valid_to=paper.valid_to,
            )
            for item in ids
        ])  # fmt: skip
        what = {"items": ids, "area_id": area_id, "daily_capacity": daily_capacity}
        note(institute, paper, {"kind": "authorisation"} | what, by=by, at=at)
    return made
