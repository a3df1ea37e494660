"""Changes of filed instruments that wait for the office, and what became of them."""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import ProposedChange
from quanheng.kit.scope import ScopedQuerySet


def proposals(by: Actor) -> ScopedQuerySet[ProposedChange]:
    """Return the changes that were asked for about instruments that an actor sees."""
    return ProposedChange.objects.visible_to(by).select_related("instrument__entity", "area", "import_run")


def proposal_file(proposal_id: int, by: Actor) -> ProposedChange | None:
    """Return one of them with who asked for it and who decided it, or None."""
    return proposals(by).select_related("proposed_by", "decided_by").filter(pk=proposal_id).first()
