"""申请变更: what an actor may not write about an instrument waits for the office that may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import draft, record_many
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ProposalState
from quanheng.apps.instruments.models import Instrument, ProposedChange
from quanheng.kit.acts import check


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is asked for about one instrument, as JSON has it.

    Args:
        facts: column → value; verification: what a certificate says; seals: position → number.
        number: the row of the sheet it was read in.
        reason: why it is asked for, for the office that decides and for the log of acts.
    """

    instrument: Instrument
    facts: dict[str, Any] = field(default_factory=dict)
    verification: dict[str, Any] = field(default_factory=dict)
    seals: dict[str, str] = field(default_factory=dict)
    number: int | None = None
    reason: str = ""

    @property
    def said(self) -> dict[str, Any]:
        return {"facts": self.facts, "verification": self.verification, "seals": self.seals}


def propose_changes(
    proposals: Sequence[Proposal], *, by: Actor, at: datetime, run_id: int | None = None
) -> int:
    """Have changes wait for the office, one act each; returns how many. What waits already stays as it is.

    The caller's transaction holds the instruments locked.

    Raises:
        NotYours: the actor does not reach an instrument.
    """
    waiting = _waiting([one.instrument.pk for one in proposals])
    asked = [one for one in proposals if not _is_same(waiting.get(one.instrument.pk), one)]
    for one in asked:
        check(acts.CHANGE_PROPOSED, by, one.instrument)
    overtaken = [waiting[one.instrument.pk].pk for one in asked if one.instrument.pk in waiting]
    ProposedChange.objects.unscoped().filter(pk__in=overtaken).update(
        state=ProposalState.OVERTAKEN, decided_at=at
    )
    rows = ProposedChange.objects.unscoped().bulk_create([_row(one, by, at, run_id) for one in asked])
    record_many([_act(one, row.pk, by, at, run_id) for one, row in zip(asked, rows, strict=True)])
    return len(proposals)


def propose_facts(
    instrument: Instrument, facts: dict[str, Any], *, reason: str, by: Actor, at: datetime
) -> None:
    """Have facts wait for the office together with what waits for this instrument already.

    Raises what `propose_changes` raises.
    """
    known = _waiting([instrument.pk]).get(instrument.pk)
    one = Proposal(instrument, facts, reason=reason)
    if known is not None:
        one = replace(
            one, facts=known.facts | facts, verification=known.verification, seals=known.seals,
            number=known.number, reason=reason or known.asked_because,
        )  # fmt: skip
    propose_changes([one], by=by, at=at, run_id=known.import_run_id if known else None)


def _waiting(instruments: Sequence[int]) -> dict[int, ProposedChange]:
    rows = ProposedChange.objects.unscoped().filter(instrument__in=instruments, state=ProposalState.WAITING)
    return {row.instrument_id: row for row in rows.select_for_update(of=("self",))}


def _is_same(row: ProposedChange | None, one: Proposal) -> bool:
    return row is not None and one.said == {
        "facts": row.facts, "verification": row.verification, "seals": row.seals
    }  # fmt: skip


def _row(one: Proposal, by: Actor, at: datetime, run_id: int | None) -> ProposedChange:
    it = one.instrument
    return ProposedChange(
        instrument=it, root_id=it.root_id, area_id=it.area_id, **one.said, import_run_id=run_id,
        number=one.number, proposed_by_id=by.user_id, proposed_at=at, asked_because=one.reason[:300],
    )  # fmt: skip


def _act(one: Proposal, proposal_id: int, by: Actor, at: datetime, run_id: int | None) -> Any:
    it = one.instrument
    return draft(
        acts.CHANGE_PROPOSED, by=by, at=at, area_id=it.area_id, entity_id=it.entity_id, root_id=it.root_id,
        instrument_id=it.pk, batch_id=run_id, subject=str(it)[:80], reason=one.reason,
        after={"proposed": one.said, "proposal": proposal_id},
    )  # fmt: skip
