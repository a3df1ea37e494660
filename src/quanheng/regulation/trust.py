"""Whether a shopper may trust an instrument today, and why.

Two rules of the field meet here:

* A verification holds from the day of verification to the last day of its validity, both included
  (Metrology Law, art. 9; the certificate prints 有效期至).
* **A broken seal voids the verification even inside its validity**; after repair the instrument must be
  verified again before use (JJG 539-2016; the plan's 备案 + 铅封 + 溯源).

A certificate that the institute revoked voids the verification too, and whoever scans is told so.

A verification that only the user declares is never green (`provenance`): whoever scans reads 未核实.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DUE_SOON_DAYS = 30


class Grade(StrEnum):
    """What the scan page shows in words and colour."""

    GREEN = "green"  # verified and valid
    AMBER = "amber"  # look again: due soon, or nobody but the user says it was verified
    RED = "red"  # do not trust
    GREY = "grey"  # not in use: nothing to trust or distrust


class Reason(StrEnum):
    """Why."""

    VALID = "valid"
    DUE_SOON = "due_soon"
    UNCONFIRMED = "unconfirmed"
    SEAL_BROKEN = "seal_broken"
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
        revoked_on: when the certificate of the newest verification was revoked; None when it was not.
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
        (facts.passed is None and facts.revoked_on is not None, Reason.REVOKED),
        (facts.passed is None or facts.verified_on is None or facts.verified_on > on, Reason.NEVER_VERIFIED),
    ):
        if holds:
            return Trust(Grade.RED, reason)
    trust = _by_date(facts.valid_until, on)
    if trust.grade != Grade.RED and not facts.proven:
        return Trust(Grade.AMBER, Reason.UNCONFIRMED, trust.days_left)
    return trust


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
