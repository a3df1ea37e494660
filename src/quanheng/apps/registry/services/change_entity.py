"""主体信息变更: the facts of an entity's file change; the old ones stay in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.services import record
from quanheng.apps.registry import permissions
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.confirm_entity import visible_entity
from quanheng.kit.refusal import RuleBroken

CHANGEABLE = frozenset(
    {
        "name", "address", "longitude", "latitude", "industry_code", "above_scale", "hospital_grade",
        "annual_energy_tce", "integrity_pledge", "stall_number",
    }
)  # fmt: skip


def change_entity(
    *, entity_id: int, changes: dict[str, Any], version: int, reason: str = "", by: Actor, at: datetime
) -> Entity:
    """Change facts of a file.

    Args:
        changes: column name → new value; only CHANGEABLE columns.
        version: the version that the person was looking at.

    Raises:
        RuleBroken: changed_meanwhile, not_changeable, entity_not_found.
    """
    with transaction.atomic():
        entity = visible_entity(entity_id, by)
        permissions.check(Verb.ENTITY_CHANGED, by, entity)
        if entity.version != version:
            raise RuleBroken("changed_meanwhile", "该主体刚刚被其他人修改，请刷新页面核对后再保存。")
        if unknown := set(changes) - CHANGEABLE:
            raise RuleBroken("not_changeable", f"这些项目不能在此修改：{'、'.join(sorted(unknown))}。")
        before = {name: getattr(entity, name) for name in changes}
        changed = {name: value for name, value in changes.items() if before[name] != value}
        if not changed:
            return entity
        for name, value in changed.items():
            setattr(entity, name, value)
        entity.version += 1
        entity.save(update_fields=[*changed, "version"])
        record(
            Verb.ENTITY_CHANGED, by=by, at=at, area_id=entity.area_id, entity_id=entity.pk,
            root_id=entity.root_id, subject=entity.name[:80], reason=reason,
            before={name: _plain(before[name]) for name in changed},
            after={name: _plain(value) for name, value in changed.items()},
        )  # fmt: skip
    return entity


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
