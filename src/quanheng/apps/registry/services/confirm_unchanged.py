"""确认档案无变化: whoever keeps the files of entities, or an officer, says that they are still so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, act_on_rows
from quanheng.apps.registry import acts, refusals
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.entity_acts import ENTITIES
from quanheng.kit.refusal import RuleBroken


def confirm_unchanged(*, entity_ids: Collection[int], by: Actor, at: datetime) -> Mapping[int, RuleBroken]:
    """Confirm files as they are; return why some could not be, by id.

    Refused are: entity_not_found, wrong_state, not_yours.
    """
    with act_on_rows(ENTITIES, acts.ENTITY_UNCHANGED, entity_ids, by=by, at=at) as batch:
        batch.take(_confirm)
    return batch.refused


def why_not(entity: Entity) -> RuleBroken | None:
    """Return why a file cannot be confirmed as it is; None where it can."""
    state = EntityState(entity.state)
    return None if state is EntityState.CONFIRMED else refusals.WRONG_STATE(state=state)


def note_files_seen(entity_ids: Collection[int], *, by: Actor, on: date) -> None:
    """A sheet names these entities as they are registered: it says that they are still there."""
    Entity.objects.visible_to(by).filter(pk__in=entity_ids, confirmed_on__lt=on).update(seen_on=on)


def _confirm(act: RowAct[Entity]) -> None:
    refusal = why_not(act.row)
    if refusal is not None:
        raise refusal
    act.row.seen_on = act.today
    act.facts["on"] = act.today.isoformat()
