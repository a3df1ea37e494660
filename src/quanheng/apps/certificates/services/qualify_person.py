"""检定人员资格: what a person of an institute may do, for one item of the catalogue or for all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import people_of
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import StaffDuty
from quanheng.apps.certificates.models import Qualification
from quanheng.apps.certificates.services.institutes import Paper, check_paper, institute_for, note


def qualify_person(
    *, institute_id: int, user_id: int, duty: StaffDuty, item_id: int | None, paper: Paper, by: Actor,
    at: datetime,
) -> Qualification:  # fmt: skip
    """Enter a qualification.

    Raises:
        RuleBroken: institute_not_found, not_of_this_institute, already_qualified, and what `check_paper`
            refuses.
        NotYours: neither the province nor the institute's manager; nobody qualifies themselves.
    """
    institute, paper = institute_for(institute_id, by), check_paper(paper)
    if user_id == by.user_id:
        raise refusals.OWN_QUALIFICATION()
    if not people_of(institute_id, paper.valid_from).filter(pk=user_id).exists():
        raise refusals.NOT_OF_THIS_INSTITUTE()
    with transaction.atomic():
        what = {"institute_id": institute_id, "user_id": user_id, "duty": duty, "item_id": item_id}
        if Qualification.objects.filter(**what, valid_from=paper.valid_from).exists():
            raise refusals.ALREADY_QUALIFIED()
        made = Qualification.objects.create(
            **what, certificate_number=paper.certificate_number, valid_from=paper.valid_from,
            valid_to=paper.valid_to,
        )  # fmt: skip
        note(institute, paper, {"kind": "qualification"} | what, by=by, at=at)
    return made
