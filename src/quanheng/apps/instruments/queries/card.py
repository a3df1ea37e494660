"""The rows of a scan card, as the function `scan_card` of the database names them.

Days are ISO text, which is how the page shows them; instants are seconds, which only order the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from quanheng.apps.instruments.enums import Result
from quanheng.regulation.provenance import is_proven
from quanheng.regulation.trust import TrustFacts

Day = str  # YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class CardInstrument:
    """The public facts of an instrument."""

    id: int
    name: str
    model: str
    serial_number: str
    manufacturer: str
    accuracy_class: str
    max_capacity_g: float | None
    e_g: float | None
    measuring_range: str
    type_approval_number: str
    state: str
    seal_broken: bool
    seal_opened: bool
    trusted_until: Day | None
    locked: bool
    impounded: bool
    verified_on: Day | None
    valid_until: Day | None
    result: str
    certificate_number: str
    institute: str
    photo: str
    provenance: str
    placed_on: Day | None
    revoked_on: Day | None
    disputed_on: Day | None
    category: str
    nozzle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlace:
    """Where it stands; empty where the name would be a person's."""

    root_id: int
    site: str
    unit: str
    address: str
    spot: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeal:
    """One seal; `broken_on` is the day on which it ended, however it did (`ended_as`)."""

    number: str
    position: str
    applied_on: Day
    broken_on: Day | None
    ended_as: str
    applied_at: float | None
    ended_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardVerification:
    """One verification, void ones too."""

    verified_on: Day
    kind: str
    result: str
    valid_until: Day | None
    certificate_number: str
    institute: str
    voided_on: Day | None
    provenance: str
    in_error: bool
    recorded_at: float | None
    voided_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlacement:
    """Where it stood before."""

    last_day: Day
    site: str
    spot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAct:
    """An act that a shopper reads of."""

    day: Day
    verb: str
    at: float


def trust_facts(row: Mapping[str, Any]) -> TrustFacts:
    """Return what a row of a card says to the rule; `trusted_until` may be absent."""
    return TrustFacts(
        state=row["state"],
        verified_on=_day(row["verified_on"]),
        valid_until=_day(row["valid_until"]),
        passed=row["result"] == Result.PASSED if row["result"] else None,
        seal_broken=row["seal_broken"],
        locked=row["locked"],
        impounded=row["impounded"],
        proven=is_proven(row["provenance"]),
        revoked_on=_day(row["revoked_on"]),
        seal_opened=row["seal_opened"],
        trusted_until=_day(row.get("trusted_until")),
        disputed_on=_day(row["disputed_on"]),
    )


def _day(text: Day | None) -> date | None:
    return date.fromisoformat(text) if text else None
