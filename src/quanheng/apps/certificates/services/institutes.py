"""What the acts on an institute's authority, standards and people have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import institutes
from quanheng.apps.audit.services import record
from quanheng.apps.certificates import acts, refusals
from quanheng.kit.acts import check


class Institute(Protocol):
    """An institute, as far as these acts look at it."""

    @property
    def pk(self) -> int: ...
    @property
    def area_id(self) -> int: ...
    @property
    def address(self) -> str: ...
    @property
    def telephone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Paper:
    """The document behind a row: its number and the days on which it holds, both included."""

    certificate_number: str
    valid_from: date
    valid_to: date | None = None


def institute_for(institute_id: int, by: Actor) -> Institute:
    """Return an institute whose capabilities the actor keeps: the province all, a manager their own.

    Raises:
        RuleBroken: institute_not_found.
        NotYours: another institute's, or a role that keeps none.
    """
    check(acts.INSTITUTE_CHANGED, by)
    found = institutes().filter(pk=institute_id).first()
    if found is None:
        raise refusals.INSTITUTE_NOT_FOUND()
    if by.is_institute and by.agency_id != institute_id:
        raise refusals.OWN_INSTITUTE_ONLY()
    return found


def check_paper(paper: Paper) -> Paper:
    """Return the paper as it is kept.

    Raises:
        RuleBroken: no_certificate_number, validity_backward.
    """
    number = paper.certificate_number.strip()
    if not number:
        raise refusals.NO_CERTIFICATE_NUMBER()
    if paper.valid_to and paper.valid_to < paper.valid_from:
        raise refusals.VALIDITY_BACKWARD()
    return Paper(number[:80], paper.valid_from, paper.valid_to)


def note(
    institute: Institute, paper: Paper, after: dict[str, Any], *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Write the act into the log."""
    days = {"valid_from": str(paper.valid_from), "valid_to": paper.valid_to and str(paper.valid_to)}
    record(
        acts.INSTITUTE_CHANGED, by=by, at=at, area_id=institute.area_id, subject=paper.certificate_number,
        reason=reason, after={"institute_id": institute.pk} | days | after,
    )  # fmt: skip
