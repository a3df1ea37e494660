"""检定人员资格: what a person of an institute may do, for one item of the catalogue or for all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import people_of
from quanheng.apps.certificates.enums import StaffDuty
from quanheng.apps.certificates.models import Qualification
from quanheng.apps.certificates.services.institutes import Paper, check_paper, institute_for, note
from quanheng.kit.refusal import RuleBroken


def qualify_person(
    *, institute_id: int, user_id: int, duty: StaffDuty, item_id: int | None, paper: Paper, by: Actor,
    at: datetime,
) -> Qualification:  # fmt: skip
    """Enter a qualification.

    Raises:
        RuleBroken: institute_not_found, not_of_this_institute, qualified_already, and what `check_paper`
            refuses.
        NotYours: neither the province nor the institute's manager; nobody qualifies themselves.
    """
    institute, paper = institute_for(institute_id, by), check_paper(paper)
    if user_id == by.user_id:
        raise RuleBroken("own_qualification", "不能给自己登记资格，请由本机构另一位负责人或省局登记。")
    if not people_of(institute_id, paper.valid_from).filter(pk=user_id).exists():
        raise RuleBroken("not_of_this_institute", "此人在资格起始日不在本机构任职。")
    with transaction.atomic():
        what = {"institute_id": institute_id, "user_id": user_id, "duty": duty, "item_id": item_id}
        if Qualification.objects.filter(**what, valid_from=paper.valid_from).exists():
            raise RuleBroken("qualified_already", "此人同一职责、同一起始日的资格已经登记。")
        made = Qualification.objects.create(
            **what, certificate_number=paper.certificate_number, valid_from=paper.valid_from,
            valid_to=paper.valid_to,
        )  # fmt: skip
        note(institute, paper, {"kind": "qualification"} | what, by=by, at=at)
    return made
