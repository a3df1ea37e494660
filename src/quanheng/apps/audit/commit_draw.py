"""The commitment of a draw goes into the log, from where it is published: once, and never another."""

from __future__ import annotations

from datetime import datetime
from unicodedata import normalize

from django.db import connection
from django.utils import timezone

from quanheng.apps.audit import refusals
from quanheng.apps.audit.acts import DRAW_COMMITTED
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.services import ActingPerson, record

LONGEST_ID = 80  # characters: the column of the log


def commit_draw(
    *,
    draw_id: str,
    digest: str,
    known_at: datetime | None,
    seed_round: int | None,
    by: ActingPerson,
    at: datetime,
) -> Act:
    """Record that a draw is committed to; the same commitment again gives the act that is there.

    Args:
        digest: SHA-256 of the commitment, in hexadecimal.
        known_at: when the beacon publishes the round of the seed; None where parties reveal it.
        seed_round: that round.

    Raises:
        RuleBroken: too_late, name_too_long, another_commitment, log_stands_still.
    """
    subject = normalize("NFKC", draw_id).casefold()
    if len(subject) > LONGEST_ID:
        raise refusals.NAME_TOO_LONG(most=LONGEST_ID)
    with connection.cursor() as cursor:  # two at once: the second sees what the first wrote
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draw {subject}"])
    there = commitment_act(draw_id)
    if there is None:
        _refuse_what_is_known(known_at, seed_round, at)
        after = {"draw_id": draw_id, "digest": digest, **({"round": seed_round} if seed_round else {})}
        return record(DRAW_COMMITTED, by=by, at=at, subject=subject, after=after)
    if (there.after["draw_id"], there.after["digest"]) == (draw_id, digest):
        return there
    raise refusals.ANOTHER_COMMITMENT(
        name=there.after["draw_id"], at=_moment(there.at), digest=there.after["digest"], act=there.pk
    )


def _refuse_what_is_known(known_at: datetime | None, seed_round: int | None, at: datetime) -> None:
    if known_at is not None and known_at <= at:
        raise refusals.TOO_LATE(round=seed_round, known=_moment(known_at))


def commitment_act(draw_id: str) -> Act | None:
    """Return the act by which a draw was committed to. The scope must let everything through."""
    subject = normalize("NFKC", draw_id).casefold()
    return Act.objects.unscoped().filter(verb=DRAW_COMMITTED, subject=subject).first()


def _moment(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M:%S}"
