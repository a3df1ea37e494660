"""Rows that name an instrument which the ledger already has: what differs is brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.services import Draft, draft, record_many
from quanheng.apps.instruments.enums import InstrumentState, RowAction
from quanheng.apps.instruments.models import ImportRow, ImportRun, Instrument, Seal, StagedRow, Verification
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.doing import logged, plain, recorded
from quanheng.apps.instruments.services.open_ledger import ToldRow
from quanheng.regulation.instrument_states import Event, State, next_state
from quanheng.regulation.provenance import may_stand, told_by

FACTS = (
    "name", "model", "accuracy_class", "max_capacity_g", "e_g", "measuring_range", "type_approval_number",
    "longitude", "latitude", "in_use_since",
)  # fmt: skip
VERIFIED = ("verified_on", "valid_until", "result", "certificate_number", "institute")
FOLLOWING = ("provenance", "trusted_until", "revoked_on", "state", "placed_on")
AFTER_VERIFICATION = {"passed": Event.PASS, "failed": Event.FAIL}


@dataclass(slots=True, kw_only=True)
class Updates:
    """What a chunk of updates writes, gathered first and written at once.

    Args:
        whole: instrument → position → number of the seals that are whole.
    """

    run: ImportRun
    actor: Actor
    at: datetime
    whole: dict[int, dict[str, str]]
    changed: list[Instrument] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    acts: list[Draft] = field(default_factory=list)
    beside: list[tuple[Draft, Seal | Verification]] = field(default_factory=list)
    told: list[ImportRow] = field(default_factory=list)

    def take(self, instrument: Instrument, staged: StagedRow) -> None:
        """Bring one instrument up to date with the row that names it; nothing where nothing differs."""
        before = logged(instrument)
        for name in FACTS:
            value = getattr(staged, name)
            if value not in (None, "") and value != getattr(instrument, name):
                setattr(instrument, name, value)
        verification = _verification(instrument, staged, self.actor, self.at)
        seals = _missing_seals(instrument, staged, self.whole.get(instrument.pk, {}), self.at)
        after = logged(instrument)
        changed = [name for name in after if before[name] != after[name]]
        if not changed and verification is None and not seals:
            return
        instrument.version += 1
        instrument.changed_at = self.at
        self.changed.append(instrument)
        self.seals += seals
        added: dict[str, Any] = {"+seals": [seal.number for seal in seals]}
        if verification is not None:
            self.verifications.append(verification)
            added["+verification"] = [plain(verification.verified_on), verification.certificate_number]
        self._tell(instrument, staged, {name: before[name] for name in changed}, added)
        told = self._record(instrument, {name: (before[name], after[name]) for name in changed})
        self.beside += [(told, row) for row in (*seals, verification) if row is not None]

    def _record(self, instrument: Instrument, changed: dict[str, tuple[Any, Any]]) -> Draft:
        self.acts.append(
            draft(
                Verb.INSTRUMENT_CHANGED, by=self.actor, at=self.at, area_id=instrument.area_id,
                entity_id=instrument.entity_id, root_id=instrument.root_id, instrument_id=instrument.pk,
                batch_id=self.run.pk, subject=str(instrument)[:80],
                before={name: values[0] for name, values in changed.items()},
                after={name: values[1] for name, values in changed.items()},
                reason=f"台账导入：{self.run.file_name}"[:200],
            )
        )  # fmt: skip
        return self.acts[-1]

    def _tell(
        self, instrument: Instrument, staged: StagedRow, before: dict[str, Any], added: dict[str, Any]
    ) -> None:
        self.told.append(
            ImportRow(
                run=self.run, position=staged.position, number=staged.number, sheet=staged.sheet,
                action=RowAction.UPDATE, label=str(instrument)[:120], fields=list(before),
                instrument_id=instrument.pk, previous=before | added,
            )
        )  # fmt: skip

    def write(self) -> None:
        """Write everything that was gathered."""
        columns = [*FACTS, *VERIFIED, *FOLLOWING, "version", "changed_at"]
        Instrument.objects.unscoped().bulk_update(self.changed, columns, batch_size=500)
        Verification.objects.unscoped().bulk_create(self.verifications, batch_size=1_000)
        # A number that somebody else took since it was asked about (ledger_check) is left out.
        Seal.objects.unscoped().bulk_create(self.seals, batch_size=1_000, ignore_conflicts=True)
        ImportRow.objects.bulk_create(self.told, batch_size=1_000)
        for told, row in self.beside:
            ToldRow(told, row, None, recorded(row)).tell()
        record_many(self.acts)


def update_rows(run: ImportRun, known: dict[int, int], actor: Actor, at: datetime) -> tuple[int, int]:
    """Bring instruments up to date with the staged rows that name them.

    An empty cell leaves what is known; an older verification than the one on the row only joins the
    history.

    Args:
        known: position → instrument.

    Returns:
        How many were updated, how many were the same already.
    """
    if not known:
        return 0, 0
    with rate_changes.tracking(list(known.values())):
        chosen = Instrument.objects.unscoped().filter(pk__in=known.values()).order_by("pk")
        rows = {row.pk: row for row in chosen.select_for_update()}
        updates = Updates(run=run, actor=actor, at=at, whole=_whole_seals(rows))
        for staged in StagedRow.objects.filter(run_id=run.pk, position__in=known).order_by("position"):
            updates.take(rows[known[staged.position]], staged)
        updates.write()
    return len(updates.changed), len(known) - len(updates.changed)


def is_office(actor: Actor) -> bool:
    """Say whether an office answers for what the sheet says; the platform itself does as the office."""
    return actor.is_officer or actor.scope.everything


def _verification(
    instrument: Instrument, staged: StagedRow, actor: Actor, at: datetime
) -> Verification | None:
    """Return the verification that the row adds, after letting it count when it is the newest."""
    if staged.verified_on is None or not staged.result:
        return None
    known = Verification.objects.unscoped().filter(
        instrument=instrument, verified_on=staged.verified_on, certificate_number=staged.certificate_number
    )
    if known.exists():
        return None
    provenance = told_by(
        office=is_office(actor), certificate_number=staged.certificate_number, institute=staged.institute
    )
    following = next_state(State(instrument.state), AFTER_VERIFICATION[staged.result])
    stands = may_stand(provenance, over=instrument.provenance or None)
    if stands and _is_newest(staged.verified_on, instrument):
        instrument.provenance = provenance
        for name in VERIFIED:
            setattr(instrument, name, getattr(staged, name))
        instrument.revoked_on = None
        # A sheet does not mend a broken seal: trust stays ended until the seal is put on again by an act.
        if not instrument.seal_broken:
            instrument.trusted_until = staged.valid_until
        if following is not None:
            instrument.state = InstrumentState(following)
            instrument.placed_on = instrument.placed_on or staged.verified_on
    return Verification(
        instrument=instrument, root_id=instrument.root_id, area_id=instrument.area_id,
        verified_on=staged.verified_on,
        valid_until=staged.valid_until, result=staged.result, certificate_number=staged.certificate_number,
        institute=staged.institute, provenance=provenance, recorded_at=at,
    )  # fmt: skip


def _is_newest(verified_on: date, instrument: Instrument) -> bool:
    """Say whether a verification counts: an older one does not bring a revoked certificate's trust back."""
    newest = instrument.verified_on or instrument.revoked_on
    return newest is None or verified_on >= newest


def _whole_seals(instruments: Iterable[int]) -> dict[int, dict[str, str]]:
    whole: dict[int, dict[str, str]] = {}
    seals = Seal.objects.unscoped().filter(instrument_id__in=list(instruments), broken_on=None)
    for instrument_id, position, number in seals.values_list("instrument_id", "position", "number"):
        whole.setdefault(instrument_id, {})[position] = number
    return whole


def _missing_seals(
    instrument: Instrument, staged: StagedRow, whole: dict[str, str], at: datetime
) -> list[Seal]:
    """Seals of positions that have none. A different number on a sealed position is left for an inspector."""
    missing: list[Seal] = []
    for entry in staged.seals:
        position, number = entry.split(":", 1)
        if position not in whole:
            missing.append(
                Seal(
                    instrument=instrument, root_id=instrument.root_id, area_id=instrument.area_id,
                    number=number,
                    position=position, applied_on=staged.verified_on or at.date(),
                )
            )  # fmt: skip
    return missing
