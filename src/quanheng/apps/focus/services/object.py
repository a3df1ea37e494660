"""提出异议、答复异议: the entity says why it should not be on the list, once; the office answers."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.focus import acts, refusals
from quanheng.apps.focus.enums import OPEN
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.listings import FOCUS_LISTINGS, check_another, check_apart, check_state

LONGEST_WORDS = 2000


def object_to_listing(
    *, listing_id: int, words: str, by: Actor, at: datetime, version: int | None = None
) -> FocusListing:
    """Object to a proposal or a listing.

    Raises:
        RuleBroken: no_reason, too_long, focus_not_found, focus_not_in_state, focus_objected_already,
            changed_meanwhile.
        NotYours: the role or scope does not reach it.
    """
    words = _words(words)
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_OBJECTED, listing_id, by=by, at=at, version=version
    ) as act:  # fmt: skip
        listing = act.row
        check_state(listing, *OPEN)
        if listing.objected_at is not None:
            raise refusals.OBJECTED_ALREADY()
        listing.objection, listing.objected_at, listing.objected_by_name = words, at, by.name
    return listing


def answer_objection(
    *, listing_id: int, words: str, by: Actor, at: datetime, version: int | None = None
) -> FocusListing:
    """Answer an objection. What follows from it, listing, declining or lifting, is an act of its own.

    Raises:
        RuleBroken: no_reason, too_long, focus_not_found, focus_no_objection, changed_meanwhile.
        NotYours: the role or scope does not reach it, focus_own_check, or focus_own_decision.
    """
    words = _words(words)
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_ANSWERED, listing_id, by=by, at=at, version=version
    ) as act:  # fmt: skip
        listing = act.row
        if not listing.waits_for_answer:
            raise refusals.NO_OBJECTION()
        check_apart(listing, by)
        check_another(listing, by)
        listing.answer, listing.answered_at, listing.answered_by_name = words, at, by.name
    return listing


def _words(words: str) -> str:
    words = words.strip()
    if not words:
        raise refusals.NO_WORDS()
    if len(words) > LONGEST_WORDS:
        raise refusals.WORDS_TOO_LONG(most=LONGEST_WORDS)
    return words
