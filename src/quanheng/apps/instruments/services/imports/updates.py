"""Rows that name an instrument which the ledger already has: each field by the act that writes it.

What differs is written by the acts of the pages, in the actor's own scope and by their rights; what the actor
may only ask for waits for the office as a proposal; what a rule refuses is told, and the row changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.enums import Provenance, Result, RowAction, SealPosition
from quanheng.apps.instruments.models import ImportRow, ImportRun, Instrument, Seal, StagedRow
from quanheng.apps.instruments.services.act_on import logged, plain
from quanheng.apps.instruments.services.apply_seal import enter_seal
from quanheng.apps.instruments.services.certificate_paper import also_on
from quanheng.apps.instruments.services.imports.rights import Rights
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, Page, open_ledger
from quanheng.apps.instruments.services.propose_change import Proposal, propose_changes
from quanheng.apps.instruments.services.record_verification import VerificationResult, enter_verification
from quanheng.apps.instruments.services.register_instrument import enter_change, waits_for_office
from quanheng.apps.registry.services.confirm_unchanged import note_files_seen
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import acting_in
from quanheng.regulation.provenance import is_proven, told_by
from quanheng.regulation.seal_numbers import seal_key

FACTS = (
    "name", "model", "accuracy_class", "max_capacity_g", "e_g", "measuring_range", "type_approval_number",
    "longitude", "latitude", "in_use_since",
)  # fmt: skip
PROPOSED = "已在台账中。本行的{what}须经监管部门审核，已提交；审核前台账不变。"


@dataclass(frozen=True, slots=True)
class Differing:
    """What a row says that the ledger does not: facts, seals of bare positions, a verification."""

    facts: dict[str, Any] = field(default_factory=dict)
    seals: dict[str, str] = field(default_factory=dict)
    verified: VerificationResult | None = None  # as it would be in an office's own sheet

    def __bool__(self) -> bool:
        return bool(self.facts or self.seals or self.verified)


@dataclass(slots=True, kw_only=True)
class Updates:
    """A chunk of updates on its way.

    Args:
        told: what became of the rows that changed something, asked for something, or were refused.
    """

    run: ImportRun
    rights: Rights
    ledger: LedgerBatch
    proposals: list[Proposal] = field(default_factory=list)
    told: list[ImportRow] = field(default_factory=list)

    def take(self, instrument_id: int, staged: StagedRow) -> None:
        """Bring one instrument up to date with the row that names it; nothing where nothing differs."""
        try:
            page = self.ledger.page(instrument_id)
            differing = differing_from(page, self.ledger.seals_protecting(page.instrument), staged)
            if not differing:
                return
            now, later = self._divided(page.instrument, differing)
            with self.ledger.all_or_nothing():
                _enter(self.ledger, instrument_id, now, self._source(staged))
        except RuleBroken as refused:
            self._tell(staged, RowAction.REJECTED, reason=refused.message, fields=["serial_number"])
            return
        if now:
            self._tell_updated(page, instrument_id, staged)
        if later:
            self._propose(page.instrument, later, staged)

    def _divided(self, it: Instrument, said: Differing) -> tuple[Differing, Differing]:
        """Divide what differs into what the actor writes now, and what waits for the office."""
        waits = waits_for_office(it, set(said.facts), self.ledger.by)
        now = Differing(
            {name: value for name, value in said.facts.items() if name not in waits},
            said.seals if self.rights.seals else {},
            said.verified if self.rights.verifies else None,
        )
        later = Differing(
            {name: value for name, value in said.facts.items() if name in waits},
            {} if self.rights.seals else said.seals,
            None if self.rights.verifies else said.verified,
        )
        return now, later

    def _propose(self, it: Instrument, later: Differing, staged: StagedRow) -> None:
        facts = {name: plain(value) for name, value in later.facts.items()}
        said = _as_json(later.verified)
        self.proposals.append(Proposal(it, facts, said, later.seals, staged.number))
        words = [str(Instrument._meta.get_field(name).verbose_name) for name in facts]  # type: ignore[union-attr]
        words += ["检定"] * bool(said) + ["铅封"] * bool(later.seals)
        self._tell(
            staged, RowAction.PROPOSED, notice=PROPOSED.format(what="、".join(words)), instrument=it.pk
        )

    def _tell_updated(self, before: Page, instrument_id: int, staged: StagedRow) -> None:
        after = self.ledger.page(instrument_id)
        was, now = logged(before.instrument), logged(after.instrument)
        changed = {name: was[name] for name in now if was[name] != now[name]}
        seals = [seal.number for seal in after.seals[len(before.seals) :]]
        added: dict[str, Any] = {"+seals": seals}
        for row in after.verifications[len(before.verifications) :]:
            added["+verification"] = [plain(row.verified_on), row.certificate_number]
        self._tell(
            staged, RowAction.UPDATE, fields=list(changed), previous=changed | added, instrument=instrument_id
        )

    def _tell(
        self, staged: StagedRow, action: RowAction, *, fields: list[str] | None = None, reason: str = "",
        notice: str = "", previous: dict[str, Any] | None = None, instrument: int | None = None,
    ) -> None:  # fmt: skip
        self.told.append(
            ImportRow(
                run=self.run, position=staged.position, number=staged.number, sheet=staged.sheet,
                action=action, label=f"{staged.name} {staged.serial_number}"[:120], fields=fields or [],
                reason=reason, notice=notice, previous=previous, instrument_id=instrument,
            )
        )  # fmt: skip

    def _source(self, staged: StagedRow) -> str:
        return f"{self.run.file_name} 第 {staged.number} 行"[:200]


@dataclass(frozen=True, slots=True)
class Updated:
    """How many rows changed something, asked for something, were refused, and were the same already."""

    updated: int = 0
    proposed: int = 0
    refused: int = 0
    unchanged: int = 0


def update_rows(
    run: ImportRun, known: Mapping[int, int], actor: Actor, rights: Rights, at: datetime
) -> Updated:
    """Bring instruments up to date with the staged rows that name them.

    An empty cell leaves what is known; an older verification than the one on the row only joins the history.

    Args:
        known: position → instrument.
    """
    if not known:
        return Updated()
    rows = StagedRow.objects.filter(run_id=run.pk, position__in=known).order_by("position")
    with acting_in(actor.scope):
        with open_ledger(set(known.values()), by=actor, at=at) as ledger:
            updates = Updates(run=run, rights=rights, ledger=ledger)
            for staged in rows:
                updates.take(known[staged.position], staged)
            for act in ledger.acts:
                act.batch_id, act.reason = run.pk, f"台账导入：{run.file_name}"[:200]
        propose_changes(updates.proposals, by=actor, at=at, run_id=run.pk)
        _note_seen(_as_in_ledger(known, updates.told), actor, at)
    ImportRow.objects.bulk_create(updates.told, batch_size=1_000, ignore_conflicts=True)
    return _counted(known, updates.told)


def _as_in_ledger(known: Mapping[int, int], told: list[ImportRow]) -> set[int]:
    """Return the instruments that their rows tell as the ledger now has them."""
    otherwise = {row.position for row in told if row.action in {RowAction.PROPOSED, RowAction.REJECTED}}
    return {instrument for position, instrument in known.items() if position not in otherwise}


def _note_seen(instrument_ids: set[int], actor: Actor, at: datetime) -> None:
    """A sheet that names an instrument says that it is there; where nothing differs there is no act of it."""
    today = timezone.localdate(at)
    named = Instrument.objects.visible_to(actor).filter(pk__in=instrument_ids, confirmed_on__lt=today)
    note_files_seen(set(named.values_list("entity_id", flat=True)), by=actor, on=today)
    named.update(seen_on=today)


def _counted(known: Mapping[int, int], told: list[ImportRow]) -> Updated:
    by_action = {action: {row.position for row in told if row.action == action} for action in RowAction}
    updated, proposed = by_action[RowAction.UPDATE], by_action[RowAction.PROPOSED]
    refused = by_action[RowAction.REJECTED]
    same = len(known) - len(updated | proposed | refused)
    return Updated(len(updated), len(proposed), len(refused), same)


def differing_from(page: Page, protecting: Iterable[Seal], staged: StagedRow) -> Differing:
    """Return what a row says that is not in the ledger.

    Raises:
        RuleBroken: certificate_differs.
    """
    it = page.instrument
    said = {name: getattr(staged, name) for name in FACTS}
    facts = {name: value for name, value in said.items() if value not in (None, "", getattr(it, name))}
    sealed = [seal for seal in protecting if seal.broken_on is None]
    whole, numbers = {seal.position for seal in sealed}, {seal_key(seal.number) for seal in sealed}
    stated = dict(entry.split(":", 1) for entry in staged.seals or _declared(staged))
    # A different number on a sealed position is left for an inspector.
    seals = {
        position: number for position, number in stated.items()
        if position not in whole and seal_key(number) not in numbers
    }  # fmt: skip
    return Differing(facts, seals, _new_verification(page, staged))


def _declared(staged: StagedRow) -> list[str]:
    return list(staged.details.get("declared_seals", []))


def _new_verification(page: Page, staged: StagedRow) -> VerificationResult | None:
    """Return the verification that the row adds, or none where it is known."""
    day, number, result = staged.verified_on, staged.certificate_number, staged.result
    if day is None or not result:
        return None
    for row in page.verifications:
        if row.in_error:
            continue
        if row.certificate_number != number or not (number or row.verified_on == day):
            continue
        if (row.verified_on, row.result) != (day, result):
            raise refusals.CERTIFICATE_DIFFERS(number=number)
        return None
    provenance = Provenance(told_by(office=True, certificate_number=number, institute=staged.institute))
    return VerificationResult(day, Result(result), number, staged.institute, provenance, staged.valid_until)


def _enter(ledger: LedgerBatch, instrument_id: int, said: Differing, source: str) -> None:
    """Do the acts: facts, then seals, then the verification, which may ask for the seals."""
    if said.facts:
        enter_change(ledger, instrument_id, said.facts)
    on = said.verified.verified_on if said.verified else ledger.today
    for position, number in said.seals.items():
        enter_seal(ledger, instrument_id, number=number, position=SealPosition(position), on=on)
    if said.verified:
        it, verified = ledger.page(instrument_id).instrument, said.verified
        proven = is_proven(verified.provenance)
        others = also_on(it, verified.certificate_number, verified.institute) if proven else ()
        enter_verification(ledger, instrument_id, replace(verified, source=source, also_on=others))


def _as_json(said: VerificationResult | None) -> dict[str, Any]:
    if said is None:
        return {}
    return {
        "verified_on": plain(said.verified_on), "result": str(said.result),
        "valid_until": plain(said.valid_until), "certificate_number": said.certificate_number,
        "institute": said.institute,
    }  # fmt: skip
