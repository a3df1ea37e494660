"""The kind of row that the acts on the focus list share, and what they check."""

from __future__ import annotations

from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind
from quanheng.apps.focus import refusals
from quanheng.apps.focus.enums import FocusState
from quanheng.apps.focus.models import FocusListing

LONGEST = 300


def filed(listing: FocusListing) -> dict[str, Any]:
    """Return under what the log files an act: where and of whom it is."""
    return {
        "area_id": listing.area_id, "entity_id": listing.entity_id, "root_id": listing.root_id,
        "subject": listing.number,
    }  # fmt: skip


FOCUS_LISTINGS = RowKind(
    model=FocusListing, missing=refusals.LISTING_NOT_FOUND, versioned=True, related=("entity",),
    meanwhile=refusals.CHANGED_MEANWHILE, told=lambda row: {"state": row.state}, filed=filed,
)  # fmt: skip


def check_state(listing: FocusListing, *here: FocusState) -> None:
    """Raise where a listing does not stand so.

    Raises:
        RuleBroken: focus_not_in_state.
    """
    if listing.state not in here:
        raise refusals.NOT_IN_STATE(state=FocusState(listing.state).label)


def check_apart(listing: FocusListing, by: Actor) -> None:
    """Raise where the actor did one of the checks that the decision rests on.

    Raises:
        NotYours: focus_own_check.
    """
    if by.user_id is not None and by.user_id in listing.checkers():
        raise refusals.OWN_CHECK()


def check_another(listing: FocusListing, by: Actor) -> None:
    """Raise where the actor decided on the entry: what undoes or judges it is another's.

    Raises:
        NotYours: focus_own_decision.
    """
    if by.user_id is not None and by.user_id == listing.decided_by_id:
        raise refusals.OWN_DECISION()


def said(reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        RuleBroken: no_reason, reason_too_long.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON()
    if len(reason) > LONGEST:
        raise refusals.REASON_TOO_LONG(most=LONGEST)
    return reason
