"""主体信息变更: the facts of an entity's file change; the old ones stay in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import EntityKind, EntityState
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.confirm_entity import visible_entity
from quanheng.apps.registry.services.register_entity import check_stall_number, read_credit_code
from quanheng.kit.acts import check

CHANGEABLE = frozenset(
    {
        "name", "credit_code", "address", "longitude", "latitude", "industry_code", "above_scale",
        "hospital_grade", "annual_energy_tce", "integrity_pledge", "stall_number", "credit_grade",
        "under_focus",
    }
)  # fmt: skip
# Once the office has confirmed a file, who it is and how it is rated are the office's to change.
OFFICE_ONLY = frozenset({"name", "credit_code", "hospital_grade", "stall_number"})
ALWAYS_OFFICE_ONLY = frozenset({"credit_grade", "under_focus"})


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
    with transaction.atomic():
        entity = visible_entity(entity_id, by)
        check(acts.ENTITY_CHANGED, by, entity)
        if entity.version != version:
            raise refusals.CHANGED_MEANWHILE()
        if unknown := set(changes) - CHANGEABLE:
            raise refusals.NOT_CHANGEABLE(fields=sorted(unknown))
        changed = _checked(entity, changes)
        if not changed:
            return entity
        _check_may_change(entity, set(changed), by)
        before = {name: getattr(entity, name) for name in changed}
        for name, value in changed.items():
            setattr(entity, name, value)
        entity.version += 1
        entity.save(update_fields=[*changed, "version"])
        record(
            acts.ENTITY_CHANGED, by=by, at=at, area_id=entity.area_id, entity_id=entity.pk,
            root_id=entity.root_id, subject=entity.name[:80], reason=reason,
            before={name: _plain(before[name]) for name in changed},
            after={name: _plain(value) for name, value in changed.items()},
        )  # fmt: skip
    return entity


def _checked(entity: Entity, changes: dict[str, Any]) -> dict[str, Any]:
    """Return what really changes, in its normal form."""
    changes = dict(changes)
    if "name" in changes and not str(changes["name"]).strip():
        raise refusals.NO_NAME()
    if "credit_code" in changes:
        changes["credit_code"] = read_credit_code(changes["credit_code"] or "", of=entity.pk)
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


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
