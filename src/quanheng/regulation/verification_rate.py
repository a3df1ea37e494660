"""The verification rate 受检率: on which days an instrument in use counts as verified.

The plan gives no formula; this one is our reading (domain notes 1e.1). What it says in detail:

* Only a verification that somebody other than the user answers for counts (`provenance.is_proven`). What
  users declare is counted apart: the value with it, which the first version counted, stands beside the rate.
* Never verified counts as not verified.
* The latest verification decides: it counts from the day it was passed to the last day of its validity, both
  included. A broken seal or a revoked certificate ends it the day before (`trust.trusted_until`), and so does
  failing the next one; an older verification never comes back.
* An in-service check extends nothing, but failing one counts as a failed verification.
* A whole whose parts are in the ledger (a dispenser with nozzles) is counted by its parts.

What is in use, and how days become counts, is `rates.py`; formula, versions and target are declared with the
indicator (`apps/indicators/declared/`), and so is the same rule in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from quanheng.regulation.rates import DAY, Span, earliest


@dataclass(frozen=True, slots=True)
class Verified:
    """One verification, in the order in which they were recorded.

    Args:
        on: the day of verification.
        passed: its result.
        valid_until: last day of validity; None where one verification is for life.
        voided_on: first day on which it no longer counts (seal broken, certificate revoked).
        in_service: an in-service check, which extends nothing.
        proven: somebody other than the user answers for it.
    """

    on: date
    passed: bool
    valid_until: date | None = None
    voided_on: date | None = None
    in_service: bool = False
    proven: bool = True


def is_subject(*, supervision: str, mode: str) -> bool:
    """Say whether a catalogue item is subject to compulsory verification (calibration alone is not)."""
    return "V" in supervision and mode != "calibration"


def trusted_days(verifications: Iterable[Verified]) -> list[Span]:
    """Return the days on which an instrument is verified: apart from each other, ascending."""
    deciding = sorted(
        (verified for verified in verifications if not (verified.in_service and verified.passed)),
        key=lambda verified: verified.on,  # stable: same day in recorded order
    )
    spans = []
    for index, verified in enumerate(deciding):
        follower = deciding[index + 1].on if index + 1 < len(deciding) else None
        last = _last_day(verified, follower)
        if verified.passed and (last is None or verified.on <= last):
            spans.append(Span(verified.on, last))
    return spans


def proven_days(verifications: Iterable[Verified]) -> list[Span]:
    """Return the days on which an instrument is verified, as if nobody had declared anything."""
    return trusted_days(verified for verified in verifications if verified.proven)


def _last_day(verified: Verified, follower: date | None) -> date | None:
    voided = None if verified.voided_on is None else verified.voided_on - DAY
    replaced = None if follower is None else follower - DAY
    return earliest(earliest(verified.valid_until, voided), replaced)
