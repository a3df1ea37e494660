"""主体确认、注销: the office confirms a draft, or closes a file."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.entity_acts import ENTITIES
from quanheng.kit.acts import Verb


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
    with act_on_row(ENTITIES, verb, entity_id, by=by, at=at, reason=reason) as act:
        if act.row.state != here:
            raise refusals.WRONG_STATE(state=EntityState(act.row.state))
        act.row.state = there
    return act.row
