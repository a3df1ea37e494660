"""Whether a shopper may trust an instrument today, and why.

Two rules of the field meet here:

* A verification holds from the day of verification to the last day of its validity, both included
  (Metrology Law, art. 9; the certificate prints 有效期至).
* **A broken seal voids the verification even inside its validity**; after repair the instrument must be
  verified again before use (JJG 539-2016; the plan's 备案 + 铅封 + 溯源). A seal that was opened lawfully
  (启封, regulation.seal_opening) ends it too, and is no mark of fraud: it has a reason of its own.

A certificate that the institute revoked voids the verification too, and whoever scans is told so.

A verification that only the user declares is never green (`provenance`): whoever scans reads 未核实.
Nor is one that a person who answers for it believes to be wrong (作废、注销 asked for): in law it stands
until a second person has decided, and is counted as before, but whoever scans reads 复核中.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DUE_SOON_DAYS = 30


class Grade(StrEnum):
    """What the scan page shows in words and colour."""

    GREEN = "green"  # verified and valid
    AMBER = "amber"  # look again: due soon, declared by the user alone, or under review
    RED = "red"  # do not trust
    GREY = "grey"  # not in use: nothing to trust or distrust


class Reason(StrEnum):
    """Why."""

    VALID = "valid"
    DUE_SOON = "due_soon"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    SEAL_BROKEN = "seal_broken"
    SEAL_OPENED = "seal_opened"
    FAILED = "failed"
    OVERDUE = "overdue"
    NEVER_VERIFIED = "never_verified"
    REVOKED = "revoked"
    LOCKED = "locked"
    IMPOUNDED = "impounded"
    UNDER_REPAIR = "under_repair"
    UNDER_VERIFICATION = "under_verification"
    STOPPED = "stopped"
    SEALED_UP = "sealed_up"
    SCRAPPED = "scrapped"
    NOT_FILED = "not_filed"


@dataclass(frozen=True, slots=True)
class TrustFacts:
    """What the ledger knows of one instrument.

    Args:
        state: the stored state, a value of `instrument_states.State`.
        verified_on, valid_until: the last verification; valid_until None where one verification is for life.
        passed: its result; None when none counts.
        proven: somebody other than the user answers for it (`provenance.is_proven`).
        seal_broken, seal_opened: a seal was found broken, or was opened lawfully, and not put right since.
        revoked_on: when the certificate of the newest verification was revoked; None when it was not.
        trusted_until: the last day on which the verification counts, as the ledger has it.
        disputed_on: since when somebody asks for it to be voided or revoked; None once that is decided.
    """

    state: str
    verified_on: date | None = None
    valid_until: date | None = None
    passed: bool | None = None
    seal_broken: bool = False
    locked: bool = False
    impounded: bool = False
    proven: bool = True
    revoked_on: date | None = None
    seal_opened: bool = False
    trusted_until: date | None = None
    disputed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """The answer: grade, reason, and the days left (negative when overdue; None where no date counts)."""

    grade: Grade
    reason: Reason
    days_left: int | None = None


OUT_OF_USE = {
    "stopped": Reason.STOPPED,
    "sealed_up": Reason.SEALED_UP,
    "scrapped": Reason.SCRAPPED,
}
NOT_TO_BE_USED = {
    "draft": Reason.NOT_FILED,
    "filing": Reason.NOT_FILED,
    "returned": Reason.NOT_FILED,
    "under_repair": Reason.UNDER_REPAIR,
    "under_verification": Reason.UNDER_VERIFICATION,
}


def judge(facts: TrustFacts, on: date) -> Trust:
    """Grade an instrument on a day. The gravest reason wins; a date never outweighs a broken seal."""
    if facts.state in OUT_OF_USE:
        return Trust(Grade.GREY, OUT_OF_USE[facts.state])
    for holds, reason in (
        (facts.impounded, Reason.IMPOUNDED),
        (facts.seal_broken, Reason.SEAL_BROKEN),
        (facts.locked, Reason.LOCKED),
        (facts.state == "failed" or facts.passed is False, Reason.FAILED),
        (facts.state in NOT_TO_BE_USED, NOT_TO_BE_USED.get(facts.state, Reason.NOT_FILED)),
        (facts.seal_opened, Reason.SEAL_OPENED),
        (facts.passed is None and facts.revoked_on is not None, Reason.REVOKED),
        (facts.passed is None or facts.verified_on is None or facts.verified_on > on, Reason.NEVER_VERIFIED),
    ):
        if holds:
            return Trust(Grade.RED, reason)
    trust = _by_date(facts.valid_until, on)
    doubt = Reason.DISPUTED if facts.disputed_on else None if facts.proven else Reason.UNCONFIRMED
    return Trust(Grade.AMBER, doubt, trust.days_left) if doubt and trust.grade != Grade.RED else trust


def _by_date(valid_until: date | None, on: date) -> Trust:
    if valid_until is None:
        return Trust(Grade.GREEN, Reason.VALID)
    left = (valid_until - on).days
    if left < 0:
        return Trust(Grade.RED, Reason.OVERDUE, left)
    if left < DUE_SOON_DAYS:
        return Trust(Grade.AMBER, Reason.DUE_SOON, left)
    return Trust(Grade.GREEN, Reason.VALID, left)


def trusted_until(valid_until: date | None, seal_broken_on: date | None) -> date | None:
    """Return the last day on which a passed verification counts: a broken seal ends it the day before.

    None means for life (first verification only, seal whole).
    """
    if seal_broken_on is None:
        return valid_until
    day_before = seal_broken_on - timedelta(days=1)
    return day_before if valid_until is None else min(valid_until, day_before)


@dataclass(frozen=True, slots=True)
class Current:
    """What the newest verification is worth on a day, whatever else keeps the instrument from use.

    Args:
        why: what it lacks; None while it counts.
        until: the last day on which it counts; None for life, and where it does not count.
        since: the first day on which it no longer counts; None while it counts or where no day is known.
    """

    why: Reason | None
    until: date | None = None
    since: date | None = None

    @property
    def counts(self) -> bool:
        return self.why is None


def current(facts: TrustFacts, on: date) -> Current:
    """Say whether the newest verification counts. Every page that shows one asks here.

    What ended it first is why it does not count: validity that had run out before the seal broke ran out.
    """
    if facts.passed is False:
        return Current(Reason.FAILED, since=facts.verified_on)
    if facts.verified_on is None or facts.verified_on > on:
        return Current(Reason.REVOKED if facts.revoked_on else Reason.NEVER_VERIFIED, since=facts.revoked_on)
    if _ended_early(facts):
        return Current(_what_ended(facts), since=_day_after(facts.trusted_until))
    if facts.valid_until is not None and facts.valid_until < on:
        return Current(Reason.OVERDUE, since=_day_after(facts.valid_until))
    if facts.passed is None or facts.seal_broken or facts.seal_opened:
        return Current(_what_ended(facts))
    return Current(None, until=facts.valid_until)


def _ended_early(facts: TrustFacts) -> bool:
    if facts.trusted_until is None:
        return False
    return facts.valid_until is None or facts.trusted_until < facts.valid_until


def _what_ended(facts: TrustFacts) -> Reason:
    if facts.seal_broken:
        return Reason.SEAL_BROKEN
    return Reason.SEAL_OPENED if facts.seal_opened and facts.passed else Reason.UNDER_REPAIR


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None
