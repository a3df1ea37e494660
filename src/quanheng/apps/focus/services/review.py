"""What the rule says of an entity now: proposed, taken back, to be visited again, to leave.

Asked when a check is recorded, and by a daily job of everybody whom it may concern: days pass, results are
corrected, entities move and close. Asked twice, it says the same and writes nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.audit.services import record
from quanheng.apps.focus import acts
from quanheng.apps.focus.enums import ON_LIST, OPEN, FocusState
from quanheng.apps.focus.history import History, drawn_history, listed_history, pack_on
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.listings import FOCUS_LISTINGS, filed
from quanheng.apps.inspections.verdicts import failed_in_draws
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.queries import PlaceOnFile, place_on_file
from quanheng.apps.registry.services.mark_focus import mark_focus
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.rule_pack import RulePack
from quanheng.regulation.focus_list import FocusChange, focus_standings, listing_standing


def review_all(*, at: datetime) -> int:
    """Review everybody who failed often enough or has an open row; return how many were looked at."""
    entry = pack_on(timezone.localdate(at)).table("entry").values
    with acting_in(EVERYTHING):
        failed = failed_in_draws(
            at_least=entry["failures_in_a_row"], with_parts=entry["subject"] == "company"
        )
        rows = FocusListing.objects.unscoped()
        known = rows.filter(state__in=(*OPEN, FocusState.WITHDRAWN)).values_list("entity_id", flat=True)
        subjects = sorted({*failed, *known})
        for subject in subjects:
            with transaction.atomic():
                review(subject, at=at)
    return len(subjects)


def review(subject: int, *, at: datetime) -> None:
    """Bring what is proposed and due for one entity up to date. The scope must let everything through."""
    day = timezone.localdate(at)
    pack, place = pack_on(day), place_on_file(subject)
    rows = FocusListing.objects.unscoped().filter(entity_id=subject)
    newest = rows.select_for_update(of=("self",)).order_by("-pk").first()
    if newest is not None:
        _follow_place(newest, place)
    if newest is not None and newest.state in ON_LIST:
        _review_listing(newest, pack, at, is_closed=place.state == EntityState.CLOSED)
    elif newest is None or newest.state not in (FocusState.PROPOSED, FocusState.WITHDRAWN):
        _review_entry(newest, place, pack, at)
    else:
        _review_proposal(newest, place, pack, at)


def next_visit_of(listing: FocusListing, day: date) -> date | None:
    """Return until when a listing asks for a visit, on a day."""
    listed_on = listing.listed_on or day
    history = listed_history(listing.entity_id, pack_on(day), since=listed_on)
    found = listing_standing(str(listing.entity_id), listed_on, history.checks, day, pack_on(day))
    return found.next_visit_by


def _entry(subject: int, history: History, day: date, pack: RulePack) -> FocusChange | None:
    """Return the entry that the rule asks for on a day; None where it does not, or no longer."""
    found = focus_standings(history.checks, day, pack).get(str(subject))
    return found.changes[-1] if found is not None and found.is_on else None


def _review_entry(
    newest: FocusListing | None, place: PlaceOnFile, pack: RulePack, at: datetime
) -> None:  # fmt: skip
    since = _counted_after(newest)
    history = drawn_history(place.entity_id, pack, since=since)
    change = _entry(place.entity_id, history, timezone.localdate(at), pack)
    if change is None or place.state == EntityState.CLOSED:
        return
    listing = FocusListing(
        number=f"ZD{change.on:%Y%m%d}-{place.entity_id}", entity_id=place.entity_id, root_id=place.root_id,
        area_id=place.area_id, counted_from=since, proposed_at=at,
    )  # fmt: skip
    _tell_entry(listing, change, history)
    FocusListing.objects.unscoped().bulk_create([listing], ignore_conflicts=True)
    kept = FocusListing.objects.unscoped().filter(number=listing.number, proposed_at=at)
    if kept.exists():  # else the same was proposed in the same moment
        after = {"on": change.on.isoformat(), "visits": list(change.visits)}
        record(acts.FOCUS_PROPOSED, by=SYSTEM, at=at, reason=change.reason, after=after, **filed(listing))


def _counted_after(newest: FocusListing | None) -> date | None:
    """Return from when on checks count: what was decided already is not proposed again by the same checks.

    What was declined still counts as the first of two: the next failure is news. What was lifted was wrong.
    """
    if newest is None:
        return None
    if newest.state == FocusState.DECLINED:
        return newest.entered_on
    return max(newest.entered_on, newest.ended_on or newest.entered_on) + timedelta(days=1)


def _tell_entry(listing: FocusListing, change: FocusChange, history: History) -> None:
    listing.entered_on, listing.reason = change.on, change.reason
    listing.visits = history.behind(change)


def _review_proposal(listing: FocusListing, place: PlaceOnFile, pack: RulePack, at: datetime) -> None:
    """Take a proposal back where the rule does not make it any more, or make it again."""
    history = drawn_history(listing.entity_id, pack, since=listing.counted_from)
    change = _entry(listing.entity_id, history, timezone.localdate(at), pack)
    if place.state == EntityState.CLOSED:
        change = None
    if change is None and listing.state == FocusState.PROPOSED:
        with act_on_row(FOCUS_LISTINGS, acts.FOCUS_PROPOSAL_LAPSED, listing.pk, by=SYSTEM, at=at) as act:
            act.row.state = FocusState.WITHDRAWN
    elif change is not None and (
        listing.state == FocusState.WITHDRAWN or listing.visits != history.behind(change)
    ):
        with act_on_row(
            FOCUS_LISTINGS, acts.FOCUS_PROPOSED, listing.pk, by=SYSTEM, at=at, reason=change.reason
        ) as act:
            act.row.state = FocusState.PROPOSED
            _tell_entry(act.row, change, history)
            act.facts |= {"on": change.on.isoformat(), "visits": list(change.visits)}


def _review_listing(listing: FocusListing, pack: RulePack, at: datetime, *, is_closed: bool) -> None:
    if is_closed:
        _leave_closed(listing, at)
        return
    _review_basis(listing, pack, at)
    _review_exit(listing, pack, at)


def _leave_closed(listing: FocusListing, at: datetime) -> None:
    with act_on_row(FOCUS_LISTINGS, acts.FOCUS_LEFT, listing.pk, by=SYSTEM, at=at) as act:
        act.row.state, act.row.ended_on, act.row.ended_by_name = FocusState.LEFT, act.today, SYSTEM.name
        act.row.end_reason = "该单位已注销"
    mark_focus(listing.entity_id, is_on=False)


def _review_basis(listing: FocusListing, pack: RulePack, at: datetime) -> None:
    """Note where the results that led to the list are not what they were: an officer looks at it again."""
    history = drawn_history(listing.entity_id, pack, since=listing.counted_from)
    is_doubted = _entry(listing.entity_id, history, listing.entered_on, pack) is None
    if is_doubted != listing.is_doubted:
        with act_on_row(FOCUS_LISTINGS, acts.FOCUS_DOUBTED, listing.pk, by=SYSTEM, at=at) as act:
            act.row.is_doubted = is_doubted
            act.facts |= {"doubted": is_doubted}


def _review_exit(listing: FocusListing, pack: RulePack, at: datetime) -> None:
    day, since = timezone.localdate(at), listing.exit_from or listing.entered_on
    history = listed_history(listing.entity_id, pack, since=listing.listed_on or since)
    subject = str(listing.entity_id)
    next_visit = listing_standing(subject, listing.listed_on or since, history.checks, day, pack)
    if next_visit.next_visit_by != listing.next_visit_by:  # follows from the checks: no act of its own
        rows = FocusListing.objects.unscoped().filter(pk=listing.pk)
        rows.update(next_visit_by=next_visit.next_visit_by)
    found = listing_standing(subject, since, history.checks, day, pack)
    if found.is_on:
        _take_exit_back(listing, at)
    elif listing.state == FocusState.LISTED:
        _propose_exit(listing, found.changes[-1], history, at)


def _propose_exit(listing: FocusListing, change: FocusChange, history: History, at: datetime) -> None:
    with act_on_row(
        FOCUS_LISTINGS, acts.FOCUS_EXIT_PROPOSED, listing.pk, by=SYSTEM, at=at, reason=change.reason
    ) as act:
        act.row.state, act.row.exit_reason = FocusState.EXIT_PROPOSED, change.reason
        act.row.exit_visits = history.behind(change)


def _take_exit_back(listing: FocusListing, at: datetime) -> None:
    if listing.state == FocusState.EXIT_PROPOSED:
        with act_on_row(FOCUS_LISTINGS, acts.FOCUS_EXIT_LAPSED, listing.pk, by=SYSTEM, at=at) as act:
            act.row.state, act.row.exit_reason, act.row.exit_visits = FocusState.LISTED, "", []


def _follow_place(listing: FocusListing, place: PlaceOnFile) -> None:
    """Follow an entity that moved: the office of its place decides."""
    moved = FocusListing.objects.unscoped().filter(pk=listing.pk).exclude(
        area_id=place.area_id, root_id=place.root_id
    )  # fmt: skip
    moved.update(area_id=place.area_id, root_id=place.root_id)
