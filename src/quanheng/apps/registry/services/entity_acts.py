"""What acts on entities have in common: what the log tells of a file, and where it files an act."""

from __future__ import annotations

from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind
from quanheng.apps.registry import refusals
from quanheng.apps.registry.models import Entity

CHANGEABLE = frozenset(
    {
        "name", "credit_code", "address", "longitude", "latitude", "industry_code", "above_scale",
        "hospital_grade", "annual_energy_tce", "integrity_pledge", "stall_number", "credit_grade",
    }
)  # fmt: skip


def _told(entity: Entity) -> dict[str, Any]:
    return {name: _plain(getattr(entity, name)) for name in sorted(CHANGEABLE | {"state"})}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _filed(entity: Entity) -> dict[str, Any]:
    return {
        "area_id": entity.area_id, "entity_id": entity.pk, "root_id": entity.root_id,
        "subject": entity.name[:80],
    }  # fmt: skip


ENTITIES = RowKind(
    model=Entity, missing=refusals.ENTITY_NOT_FOUND, told=_told, filed=_filed, versioned=True,
    meanwhile=refusals.CHANGED_MEANWHILE,
)  # fmt: skip


def visible_entity(entity_id: int, by: Actor) -> Entity:
    """Return an entity locked until the end of the transaction; unseen ones do not exist for the actor."""
    entity = Entity.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=entity_id).first()
    if entity is None:
        raise refusals.ENTITY_NOT_FOUND()
    return entity
