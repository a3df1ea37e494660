"""登记联系人: who holds a duty in an entity, and how to reach them. Never logged in clear."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import ContactDuty
from quanheng.apps.registry.models import Contact
from quanheng.apps.registry.services.entity_acts import visible_entity
from quanheng.kit.acts import check
from quanheng.kit.fields import keyed_hash

PHONE = re.compile(r"\+?[0-9][0-9-]{5,18}[0-9]")


def set_contact(
    *, entity_id: int, duty: ContactDuty, name: str, phone: str, by: Actor, at: datetime
) -> Contact:
    """Write the person who holds a duty in an entity; the one before is replaced. Never logged in clear.

    Raises:
        RuleBroken: entity_not_found, no_name, bad_phone.
    """
    name, phone = name.strip(), _phone(phone)
    if not name:
        raise refusals.NO_CONTACT_NAME()
    with transaction.atomic():
        entity = visible_entity(entity_id, by)
        check(acts.ENTITY_CHANGED, by, entity)
        there = Contact.objects.unscoped().filter(entity=entity, duty=duty).first()
        if there is not None and (there.name, there.phone) == (name, phone):
            return there
        contact, created = Contact.objects.unscoped().update_or_create(
            entity=entity,
            duty=duty,
            defaults={
                "root_id": entity.root_id or entity.pk, "area_id": entity.area_id, "name": name,
                "phone": phone, "phone_hash": keyed_hash(phone) if phone else "",
            },
        )  # fmt: skip
        record(
            acts.ENTITY_CHANGED, by=by, at=at, area_id=entity.area_id, entity_id=entity.pk,
            root_id=entity.root_id, subject=entity.name[:80],
            after={"contact": duty, "what": "added" if created else "replaced"},
        )  # fmt: skip
    return contact


def _phone(text: str) -> str:
    """Return a phone number without spaces; an extension (-8001) is kept."""
    phone = unicodedata.normalize("NFKC", text).replace(" ", "")
    if phone and not PHONE.fullmatch(phone):
        raise refusals.BAD_PHONE()
    return phone
