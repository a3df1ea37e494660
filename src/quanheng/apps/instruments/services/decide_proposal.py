"""审核变更申请: an officer accepts, and writes it by acts of their own, or returns it with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind, act_on_row
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ProposalState, Provenance, Result, SealPosition
from quanheng.apps.instruments.models import Instrument, ProposedChange
from quanheng.apps.instruments.services.act_on import filed
from quanheng.apps.instruments.services.apply_seal import enter_seal
from quanheng.apps.instruments.services.certificate_paper import check_paper
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, open_ledger
from quanheng.apps.instruments.services.record_verification import VerificationResult, enter_verification
from quanheng.apps.instruments.services.register_instrument import enter_change
from quanheng.kit.acts import Verb

LONGEST = 300
PROPOSALS = RowKind(
    model=ProposedChange,
    missing=refusals.PROPOSAL_NOT_WAITING,
    filed=lambda proposal: filed(proposal.instrument),
    reached=lambda proposal: proposal.instrument,
    related=("instrument",),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """What an officer reads from the certificate himself: nothing is taken from what was asked for.

    Args:
        seen: the certificate, or its picture, lay before him.
        number, valid_until: as it prints them; no day where it was failed.
    """

    seen: bool = False
    number: str = ""
    valid_until: date | None = None


def accept_proposal(
    *, proposal_id: int, paper: Paper | None = None, by: Actor, at: datetime
) -> ProposedChange:
    """Write what was asked for, all of it or nothing.

    Args:
        paper: asked for where a verification is.

    Raises:
        RuleBroken: proposal_not_waiting, same_person, paper_not_seen, no_certificate, paper_differs,
            no_valid_until, and what the acts raise.
        NotYours: the role does not decide, or may not do one of the acts.
    """
    with settle_proposal(acts.CHANGE_ACCEPTED, proposal_id, ProposalState.ACCEPTED, by=by, at=at) as proposal:
        if by.user_id in _askers(proposal):
            raise refusals.SAME_PERSON()
        said = _read_from(paper or Paper(), proposal.verification)
        with open_ledger([proposal.instrument_id], by=by, at=at) as ledger:
            enter_proposed(ledger, proposal, said)
    return proposal


def _askers(proposal: ProposedChange) -> set[int | None]:
    """Return who asked for any of it: what waited before was taken up into the newer proposal."""
    rows = ProposedChange.objects.unscoped().filter(instrument=proposal.instrument_id, pk__lt=proposal.pk)
    before = rows.order_by("-pk").values_list("state", "proposed_by_id")
    taken_up = takewhile(lambda row: row[0] == ProposalState.OVERTAKEN, before)
    return {proposal.proposed_by_id, *(asker for _state, asker in taken_up)}


def return_proposal(*, proposal_id: int, reason: str, by: Actor, at: datetime) -> ProposedChange:
    """Return a proposal with the reason that whoever asked reads; the ledger stays as it is.

    Raises:
        RuleBroken: proposal_not_waiting, no_reason, too_long.
        NotYours: the role does not decide.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_REFUSE()
    if len(reason) > LONGEST:
        raise refusals.REFUSAL_TOO_LONG(most=LONGEST)
    verb, there = acts.CHANGE_RETURNED, ProposalState.RETURNED
    with settle_proposal(verb, proposal_id, there, by=by, at=at, reason=reason) as proposal:
        proposal.reason = reason
    return proposal


def enter_proposed(ledger: LedgerBatch, proposal: ProposedChange, said: dict[str, Any]) -> None:
    """Do the acts that a proposal asks for: facts, then seals, then the verification.

    Args:
        said: the verification as the officer read it; empty where none is asked for.
    """
    pk = proposal.instrument_id
    if proposal.facts:
        enter_change(ledger, pk, {name: _value(name, value) for name, value in proposal.facts.items()})
    on = said.get("verified_on")
    for position, number in proposal.seals.items():
        day = date.fromisoformat(on) if on else ledger.today
        enter_seal(ledger, pk, number=number, position=SealPosition(position), on=day)
    if on:
        enter_verification(ledger, pk, _verified(ledger, pk, said))


def _verified(ledger: LedgerBatch, instrument_id: int, said: dict[str, Any]) -> VerificationResult:
    """What the officer read from the certificate, checked as on the form of the page."""
    it, until = ledger.page(instrument_id).instrument, said.get("valid_until")
    paper = check_paper(
        it, number=said["certificate_number"], institute=said["institute"], regulation="", by=ledger.by
    )
    return VerificationResult(
        date.fromisoformat(said["verified_on"]), Result(said["result"]), paper.number, paper.institute,
        Provenance.RECORDED, date.fromisoformat(until) if until else None, also_on=paper.also_on,
    )  # fmt: skip


def _value(name: str, value: Any) -> Any:
    column = {field.attname: field for field in Instrument._meta.concrete_fields}[name]
    return column.to_python(value)


def _read_from(paper: Paper, verification: dict[str, Any]) -> dict[str, Any]:
    """A verification is recorded with its number, its institute and sight of the paper, or not at all."""
    if not verification:
        return {}
    if not (verification.get("certificate_number") and verification.get("institute")):
        raise refusals.NO_CERTIFICATE()
    if not paper.seen:
        raise refusals.PAPER_NOT_SEEN_TO_ACCEPT()
    until = paper.valid_until.isoformat() if paper.valid_until else None
    asked, passed = verification.get("valid_until"), verification["result"] == Result.PASSED
    if passed and until is None:
        raise refusals.NO_VALID_UNTIL()
    if paper.number.strip() != verification["certificate_number"].strip() or (asked and until != asked):
        raise refusals.PAPER_DIFFERS()
    return verification | {"valid_until": until}


@contextmanager
def settle_proposal(
    verb: Verb, proposal_id: int, there: ProposalState, *, by: Actor, at: datetime, reason: str = ""
) -> Iterator[ProposedChange]:
    """Settle a proposal that waits: what becomes of it is written with its act, or not at all.

    Raises:
        RuleBroken: proposal_not_waiting.
        NotYours: the role does not do this act.
    """
    with act_on_row(PROPOSALS, verb, proposal_id, by=by, at=at, reason=reason) as act:
        if act.row.state != ProposalState.WAITING:
            raise refusals.PROPOSAL_NOT_WAITING()
        yield act.row
        act.row.state, act.row.decided_by_id, act.row.decided_at = there, by.user_id, at
        act.facts["proposal"] = act.row.pk
