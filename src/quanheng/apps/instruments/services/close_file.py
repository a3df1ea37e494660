"""主体注销: a file is closed when nothing of its is in service any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.services.confirm_entity import close_entity
from quanheng.regulation.instrument_states import OUT_OF_SERVICE


def close_file(*, entity_id: int, reason: str, by: Actor, at: datetime) -> None:
    """Close an entity's file.

    Raises:
        RuleBroken: instruments_in_service, and what `close_entity` raises.
    """
    with transaction.atomic():
        left = (
            Instrument.objects.unscoped()
            .filter(entity_id=entity_id)
            .exclude(state__in=OUT_OF_SERVICE)
            .count()
        )
        if left:
            raise refusals.INSTRUMENTS_IN_SERVICE(left=left)
        close_entity(entity_id=entity_id, reason=reason, by=by, at=at)
