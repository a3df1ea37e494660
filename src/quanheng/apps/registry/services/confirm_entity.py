"""主体确认、注销: the office confirms a draft, or closes a file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.models import Entity
from quanheng.kit.acts import Verb, check


def confirm_entity(*, entity_id: int, by: Actor, at: datetime) -> Entity:
    """Confirm a draft that an import or the entity itself made.

    Raises:
        RuleBroken: entity_not_found, wrong_state.
    """
    return _change_state(
        acts.ENTITY_CONFIRMED, entity_id, here=EntityState.DRAFT, there=EntityState.CONFIRMED, by=by, at=at
    )


def close_entity(*, entity_id: int, reason: str, by: Actor, at: datetime) -> Entity:
    """Close the file of an entity that has ended. Whoever knows the ledger asks
    `instruments.services.close_file` instead, which first looks whether instruments are still in service.

    Raises:
        RuleBroken: entity_not_found, wrong_state, no_reason, open_children.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_CLOSE()
    children = Entity.objects.unscoped().filter(parent_id=entity_id).exclude(state=EntityState.CLOSED)
    if children.exists():
        raise refusals.OPEN_CHILDREN()
    return _change_state(
        acts.ENTITY_CLOSED, entity_id, here=EntityState.CONFIRMED, there=EntityState.CLOSED, reason=reason,
        by=by, at=at,
    )  # fmt: skip


def _change_state(
    verb: Verb,
    entity_id: int,
    *,
    here: EntityState,
    there: EntityState,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Entity:
    with transaction.atomic():
        entity = visible_entity(entity_id, by)
        check(verb, by, entity)
        if entity.state != here:
            state = EntityState(entity.state)
            raise refusals.WRONG_STATE(state=state)
        entity.state = there
        entity.version += 1
        entity.save(update_fields=["state", "version"])
        record(
            verb, by=by, at=at, area_id=entity.area_id, entity_id=entity.pk, root_id=entity.root_id,
            subject=entity.name[:80], before={"state": here}, after={"state": there}, reason=reason,
        )  # fmt: skip
    return entity


def visible_entity(entity_id: int, by: Actor) -> Entity:
    """Return an entity locked until the end of the transaction; unseen ones do not exist for the actor."""
    entity = Entity.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=entity_id).first()
    if entity is None:
        raise refusals.ENTITY_NOT_FOUND()
    return entity
