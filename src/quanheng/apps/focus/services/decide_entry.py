"""列入、不予列入: an officer who did not check there decides on what the rule proposed."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, act_on_row
from quanheng.apps.focus import acts, refusals
from quanheng.apps.focus.enums import OPEN, OVER, FocusState
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.listings import FOCUS_LISTINGS, check_apart, check_state, said
from quanheng.apps.focus.services.review import next_visit_of
from quanheng.apps.registry.services.mark_focus import mark_focus
from quanheng.kit.scope import EVERYTHING, acting_in


def list_entity(
    *, listing_id: int, reason: str, by: Actor, at: datetime, version: int | None = None
) -> FocusListing:
    """Put an entity on the list: as proposed, or once more where it was declined or taken off by mistake.

    Raises:
        RuleBroken: no_reason, reason_too_long, focus_not_found, focus_not_in_state, focus_other_open,
            focus_objection_waits, changed_meanwhile, log_stands_still.
        NotYours: the role or scope does not reach it, or focus_own_check.
    """
    reason = said(reason)
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_LISTED, listing_id, by=by, at=at, reason=reason, version=version
    ) as act:
        listing = act.row
        check_state(listing, FocusState.PROPOSED, *OVER)
        check_apart(listing, by)
        if listing.waits_for_answer:
            raise refusals.OBJECTION_WAITS()
        if _has_other_open(listing):
            raise refusals.OTHER_OPEN()
        _decide(act, FocusState.LISTED, reason, by)
        listing.listed_on = listing.exit_from = act.today
        listing.ended_on, listing.ended_by_name, listing.end_reason = None, "", ""
        with acting_in(EVERYTHING):
            listing.next_visit_by = next_visit_of(listing, act.today)
            mark_focus(listing.entity_id, is_on=True)
    return listing


def decline_entry(
    *, listing_id: int, reason: str, by: Actor, at: datetime, version: int | None = None
) -> FocusListing:
    """Decide that an entity is not listed; whoever fails once more is proposed again.

    Raises:
        RuleBroken: no_reason, reason_too_long, focus_not_found, focus_not_in_state, changed_meanwhile.
        NotYours: the role or scope does not reach it, or focus_own_check.
    """
    reason = said(reason)
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_DECLINED, listing_id, by=by, at=at, reason=reason, version=version
    ) as act:
        check_state(act.row, FocusState.PROPOSED)
        check_apart(act.row, by)
        _decide(act, FocusState.DECLINED, reason, by)
    return act.row


def _decide(act: RowAct[FocusListing], there: FocusState, reason: str, by: Actor) -> None:
    listing = act.row
    listing.state, listing.decision, listing.decided_at = there, reason, act.at
    listing.decided_by_id, listing.decided_by_name = by.user_id, by.name


def _has_other_open(listing: FocusListing) -> bool:
    rows = FocusListing.objects.unscoped().filter(entity_id=listing.entity_id, state__in=OPEN)
    return rows.exclude(pk=listing.pk).exists()
