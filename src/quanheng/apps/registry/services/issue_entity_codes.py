"""主体赋码: the code beside the instruments' codes, for a market's gate or a shop's wall."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import draft, record_many
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.models import Entity
from quanheng.kit.acts import check
from quanheng.regulation.instrument_code import RANDOM_BYTES, code_from_random


def issue_entity_codes(*, entity_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """Give a code to each confirmed entity that has none; return how many got one.

    Raises:
        RuleBroken: entity_not_found where one is out of reach, not_confirmed.
        NotYours: the role does not change entities' files.
    """
    with transaction.atomic():
        chosen = Entity.objects.visible_to(by).filter(pk__in=entity_ids).order_by("pk")
        rows = list(chosen.select_for_update(of=("self",)))
        if len(rows) != len(set(entity_ids)):
            raise refusals.ENTITIES_NOT_FOUND()
        waiting = [row for row in rows if row.code is None]
        for row in waiting:
            check(acts.ENTITY_CONFIRMED, by, row)
            if row.state != EntityState.CONFIRMED:
                raise refusals.NOT_CONFIRMED(entity=row.name)
            row.code = code_from_random(secrets.token_bytes(RANDOM_BYTES))
            row.version += 1
        Entity.objects.unscoped().bulk_update(waiting, ["code", "version"], batch_size=500)
        record_many([
            draft(
                acts.CODES_ISSUED, by=by, at=at, area_id=row.area_id, entity_id=row.pk, root_id=row.root_id,
                subject=row.name[:80], after={"code": row.code},
            )
            for row in waiting
        ])  # fmt: skip
    return len(waiting)
