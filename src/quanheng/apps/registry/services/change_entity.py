"""主体信息变更: the facts of an entity's file change; the old ones stay in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import EntityKind, EntityState
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.entity_acts import CHANGEABLE, ENTITIES
from quanheng.apps.registry.services.register_entity import check_stall_number, read_credit_code

# Once the office has confirmed a file, who it is and how it is rated are the office's to change.
OFFICE_ONLY = frozenset({"name", "credit_code", "hospital_grade", "stall_number"})
ALWAYS_OFFICE_ONLY = frozenset({"credit_grade"})


def change_entity(
    *, entity_id: int, changes: dict[str, Any], version: int, reason: str = "", by: Actor, at: datetime
) -> Entity:
    """Change facts of a file.

    Args:
        changes: column name → new value; only CHANGEABLE columns.
        version: the version that the person was looking at.

    Raises:
        RuleBroken: changed_meanwhile, not_changeable, office_only, entity_closed, entity_not_found, no_name,
            bad_credit_code, credit_code_taken, no_stall_number, stall_taken.
    """
    verb = acts.ENTITY_CHANGED
    with act_on_row(ENTITIES, verb, entity_id, by=by, at=at, reason=reason, version=version) as act:
        if unknown := set(changes) - CHANGEABLE:
            raise refusals.NOT_CHANGEABLE(fields=sorted(unknown))
        changed = _checked(act.row, changes, by)
        if changed:
            _check_may_change(act.row, set(changed), by)
        for name, value in changed.items():
            setattr(act.row, name, value)
    return act.row


def _checked(entity: Entity, changes: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Return what really changes, in its normal form."""
    changes = dict(changes)
    if "name" in changes and not str(changes["name"]).strip():
        raise refusals.NO_NAME()
    if "credit_code" in changes:
        changes["credit_code"] = read_credit_code(changes["credit_code"] or "", by=by, of=entity.pk)
    changed = {name: value for name, value in changes.items() if getattr(entity, name) != value}
    if "stall_number" in changed and entity.parent_id and entity.kind == EntityKind.STALL:
        check_stall_number(changed["stall_number"], entity.parent_id, of=entity.pk)
    return changed


def _check_may_change(entity: Entity, names: set[str], by: Actor) -> None:
    if entity.state == EntityState.CLOSED:
        raise refusals.ENTITY_CLOSED()
    reserved = ALWAYS_OFFICE_ONLY | (OFFICE_ONLY if entity.state == EntityState.CONFIRMED else frozenset())
    if by.is_entity and names & reserved:
        raise refusals.OFFICE_ONLY()
