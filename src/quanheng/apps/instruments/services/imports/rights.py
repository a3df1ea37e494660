"""As whom a run writes, and what its rows may write by themselves: the rights of the acts, nothing more.

Asked again for every chunk: whoever lost a right, an appointment or a key since the preview writes no more
with it. What an actor may not write waits for the office.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import holder_behind
from quanheng.apps.accounts.queries import actor_behind
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.registry import acts as registry_acts
from quanheng.kit.acts import may


@dataclass(frozen=True, slots=True)
class Rights:
    """What the rows of a run may write.

    Args:
        files: they enter the ledger at once; otherwise they wait to be filed.
        codes: they get their codes at once.
        verifies: what they say of a verification is recorded by an office.
        seals: what they say of seals is.
        registers: entities and stalls that the registry does not know become drafts.
    """

    files: bool
    codes: bool
    verifies: bool
    seals: bool
    registers: bool

    def words(self) -> str:
        """Return them as a run keeps them, to find out later that they have changed."""
        return " ".join(field.name for field in fields(self) if getattr(self, field.name))


class RightsChanged(Exception):
    """Rows were staged by other rights than those by which they would enter: they have to be read again."""


def actor_of(run: ImportRun, on: date) -> tuple[Actor, Rights]:
    """Return as whom a run writes on a day, and with which rights.

    Raises:
        RuleBroken: the appointment has ended, or the key has.
    """
    if run.key_id is not None:
        holder = holder_behind(run.key_id, on)
        return holder.actor, rights_of(holder.actor, holder.scopes)
    if run.confirmed_at is not None:
        actor = actor_behind(run.confirmed_by_id, run.confirmed_appointment_id, on)
    else:
        actor = actor_behind(run.requested_by_id, run.appointment_id, on)
    return actor, rights_of(actor)


def rights_of(actor: Actor, scopes: frozenset[KeyScope] = frozenset(KeyScope)) -> Rights:
    """Return what the rows of a sheet may write for this actor, through a key no more than it opens."""
    return Rights(
        files=may(acts.FILING_ACCEPTED, actor) and KeyScope.WRITE_LEDGER in scopes,
        codes=may(registry_acts.CODES_ISSUED, actor) and KeyScope.WRITE_LEDGER in scopes,
        verifies=may(acts.VERIFICATION_RECORDED, actor) and KeyScope.WRITE_VERIFICATION in scopes,
        seals=may(acts.SEAL_APPLIED, actor) and KeyScope.WRITE_SEALS in scopes,
        registers=may(registry_acts.ENTITY_REGISTERED, actor),
    )


def staged_with(actor: Actor, rights: Rights) -> str:
    """Return by whose rights rows were staged."""
    return f"{actor.appointment_id or 0} {rights.words()}"
