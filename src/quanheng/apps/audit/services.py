"""Writing the act log. Called by every service, inside its transaction."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from quanheng.apps.audit.log.health import refuse_if_unsealed
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.signals import acts_recorded
from quanheng.kit.acts import Verb, verb_of

Draft: TypeAlias = Act  # what another app holds until it appends it


class ActingPerson(Protocol):
    """What the log needs to know of an actor (`accounts.actors.Actor` fits)."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str | None: ...
    @property
    def area_id(self) -> int | None: ...


def record(
    verb: Verb,
    *,
    by: ActingPerson,
    at: datetime,
    area_id: int | None = None,
    entity_id: int | None = None,
    root_id: int | None = None,
    instrument_id: int | None = None,
    batch_id: int | None = None,
    subject: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Act:
    """Append one act to the log and return it.

    Raises:
        RuleBroken: log_stands_still, for an act of enforcement while the public log stands still.
    """
    refuse_if_unsealed(verb, at)
    act = draft(
        verb, by=by, at=at, area_id=area_id, entity_id=entity_id, root_id=root_id,
        instrument_id=instrument_id,
        batch_id=batch_id, subject=subject, before=before, after=after, reason=reason,
    )  # fmt: skip
    act.save(force_insert=True)
    acts_recorded.send(sender=Act, acts=[act])
    return act


def draft(verb: Verb, *, by: ActingPerson, at: datetime, **facts: Any) -> Draft:
    """Build an act without writing it, for acts that are appended many at once with `record_many`."""
    if facts.get("area_id") is None:
        facts["area_id"] = by.area_id
    for name in ("before", "after"):
        facts[name] = facts.get(name) or {}
    return Act(
        at=at,
        verb=verb,
        actor_id=by.user_id,
        actor_name=by.name,
        actor_role=by.role or "system",
        salt=secrets.token_bytes(16),
        **facts,
    )


def record_many(acts: list[Draft]) -> None:
    """Append many acts in one statement. Raises RuleBroken as `record` does."""
    for verb, at in {(verb_of(act.verb), act.at) for act in acts}:
        refuse_if_unsealed(verb, at)
    Act.objects.unscoped().bulk_create(acts, batch_size=2_000)
    acts_recorded.send(sender=Act, acts=acts)
