"""Changes of filed instruments that wait for the office, and what became of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.second_persons import come_to, offices_asked
from quanheng.apps.instruments.enums import ProposalState
from quanheng.apps.instruments.models import ProposedChange
from quanheng.kit.scope import ScopedQuerySet


def proposals(by: Actor) -> ScopedQuerySet[ProposedChange]:
    """Return the changes that were asked for about instruments that an actor sees."""
    return ProposedChange.objects.visible_to(by).select_related("instrument__entity", "area", "import_run")


def proposal_file(proposal_id: int, by: Actor) -> ProposedChange | None:
    """Return one of them with who asked for it and who decided it, or None."""
    return proposals(by).select_related("proposed_by", "decided_by").filter(pk=proposal_id).first()


def turn_of(by: Actor, day: date) -> Q:
    """Return the condition of proposals that it is this officer's turn to decide."""
    asked = come_to(by, area="area_id", asked_by="proposed_by", asked_at="proposed_at", day=day)
    return Q(state=ProposalState.WAITING) & asked


def deciding_offices(row: ProposedChange, day: date) -> list[str]:
    """Return the offices that may decide a proposal now."""
    return offices_asked(row.area_id, row.proposed_by_id, row.proposed_at, day)
