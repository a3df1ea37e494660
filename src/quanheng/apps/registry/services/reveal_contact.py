"""查看个人信息: names and phones are masked; seeing one in full takes a reason and leaves a trace."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.audit.services import record
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.models import Contact
from quanheng.kit.acts import check
from quanheng.packs.shipped import shipped
from quanheng.regulation.reasons import says_nothing

RULE = "personal-data/reveals"
COUNT = """
INSERT INTO registry_revealcount AS count (user_id, day, seen) VALUES (%s, %s, 1)
ON CONFLICT (user_id, day) DO UPDATE SET seen = count.seen + 1
RETURNING seen
"""


def reveal_contact(*, contact_id: int, reason: str, by: Actor, at: datetime) -> Contact:
    """Return a contact in clear (PIPL art. 51; reliability notes 2.5).

    Raises:
        RuleBroken: no_reason, contact_not_found, too_many_reveals.
    """
    if says_nothing(reason):
        raise refusals.NO_PURPOSE()
    with transaction.atomic():
        contact = Contact.objects.visible_to(by).select_related("entity").filter(pk=contact_id).first()
        if contact is None:
            raise refusals.CONTACT_NOT_FOUND()
        check(acts.PERSONAL_DATA_REVEALED, by, contact.entity)
        record(
            acts.PERSONAL_DATA_REVEALED, by=by, at=at, area_id=contact.area_id, entity_id=contact.entity_id,
            root_id=contact.root_id, subject=f"联系人 {contact.pk}", reason=reason,
        )  # fmt: skip
        count_reveal(contact.area_id, by, at)
    return contact


def count_reveal(area_id: int, by: Actor, at: datetime) -> None:
    """Count what a person saw today, over all their roles and keys; many in a day are told to the office.

    Raises:
        RuleBroken: too_many_reveals.
    """
    if by.user_id is None:
        return
    day = timezone.localdate(at)
    rule = shipped().in_force(RULE, day).tables["a_day"].values
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [by.user_id, day])
        seen = cursor.fetchone()[0]
    if seen > rule["most"]:
        raise refusals.TOO_MANY_REVEALS(most=rule["most"])
    if seen in {rule["alarm_at"], rule["most"]}:
        record(
            acts.PERSONAL_DATA_ALARM, by=SYSTEM, at=at, area_id=area_id, subject=by.name,
            after={"seen": seen, "day": day.isoformat(), "user": by.user_id},
        )  # fmt: skip
