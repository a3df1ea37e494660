"""移出、不予移出、撤销: how somebody leaves the focus list, or stays on it."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, act_on_row
from quanheng.apps.focus import acts
from quanheng.apps.focus.enums import ON_LIST, FocusState
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.listings import (
    FOCUS_LISTINGS,
    check_another,
    check_apart,
    check_state,
    said,
)
from quanheng.apps.registry.services.mark_focus import mark_focus


def take_off(
    *, listing_id: int, reason: str, by: Actor, at: datetime, version: int | None = None
) -> FocusListing:
    """Take an entity off the list, as the rule proposed.

    Raises:
        RuleBroken: no_reason, reason_too_long, focus_not_found, focus_not_in_state, changed_meanwhile.
        NotYours: the role or scope does not reach it, or focus_own_check.
    """
    reason = said(reason)
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_LEFT, listing_id, by=by, at=at, reason=reason, version=version
    ) as act:
        check_state(act.row, FocusState.EXIT_PROPOSED)
        check_apart(act.row, by)
        _end(act, FocusState.LEFT, reason, by)
    return act.row


def keep_on(
    *, listing_id: int, reason: str, by: Actor, at: datetime, version: int | None = None
) -> FocusListing:
    """Keep an entity on the list against the proposal: the conditions are counted anew from the day on.

    Raises:
        RuleBroken: no_reason, reason_too_long, focus_not_found, focus_not_in_state, changed_meanwhile.
        NotYours: the role or scope does not reach it, or focus_own_check.
    """
    reason = said(reason)
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_KEPT, listing_id, by=by, at=at, reason=reason, version=version
    ) as act:
        listing = act.row
        check_state(listing, FocusState.EXIT_PROPOSED)
        check_apart(listing, by)
        listing.state, listing.exit_from = FocusState.LISTED, act.today
        listing.exit_reason, listing.exit_visits = "", []
    return listing


def lift_listing(
    *, listing_id: int, reason: str, by: Actor, at: datetime, version: int | None = None
) -> FocusListing:
    """Lift a listing that should not have been made: a result was wrong, or an objection was right.

    Raises:
        RuleBroken: no_reason, reason_too_long, focus_not_found, focus_not_in_state, changed_meanwhile.
        NotYours: the role or scope does not reach it, focus_own_check, or focus_own_decision.
    """
    reason = said(reason)
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_LIFTED, listing_id, by=by, at=at, reason=reason, version=version
    ) as act:
        check_state(act.row, *ON_LIST)
        check_apart(act.row, by)
        check_another(act.row, by)
        _end(act, FocusState.LIFTED, reason, by)
    return act.row


def _end(act: RowAct[FocusListing], there: FocusState, reason: str, by: Actor) -> None:
    listing = act.row
    listing.state, listing.ended_on = there, act.today
    listing.ended_by_name, listing.end_reason = by.name, reason
    mark_focus(listing.entity_id, is_on=False)
