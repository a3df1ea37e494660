"""Rows that name an instrument which the ledger already has: what differs is brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.services import draft, record_many
from quanheng.apps.instruments.enums import InstrumentState, RowAction
from quanheng.apps.instruments.models import ImportRow, ImportRun, Instrument, Seal, StagedRow, Verification
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.doing import logged, plain
from quanheng.regulation.instrument_states import Event, State, next_state

FACTS = (
    "name", "model", "accuracy_class", "max_capacity_g", "e_g", "measuring_range", "type_approval_number",
    "longitude", "latitude", "in_use_since",
)  # fmt: skip
VERIFIED = ("verified_on", "valid_until", "result", "certificate_number", "institute")
AFTER_VERIFICATION = {"passed": Event.PASS, "failed": Event.FAIL}


@dataclass(slots=True)
class Updates:
    """What a chunk of updates writes, gathered first and written at once."""

    changed: list[Instrument] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    told: list[ImportRow] = field(default_factory=list)


def update_rows(run: ImportRun, known: dict[int, int], actor: Actor, at: datetime) -> tuple[int, int]:
    """Bring instruments up to date with the staged rows that name them.

    An empty cell leaves what is known; an older verification than the one on the row only joins the history.

    Args:
        known: position → instrument.

    Returns:
        How many were updated, how many were the same already.
    """
    if not known:
        return 0, 0
    with rate_changes.tracking(list(known.values())):
        rows = {
            row.pk: row
            for row in Instrument.objects.unscoped().filter(pk__in=known.values()).select_for_update()
        }
        whole = _whole_seals(rows)
        updates = Updates()
        for staged in StagedRow.objects.filter(run_id=run.pk, position__in=known).order_by("position"):
            _update(rows[known[staged.position]], staged, whole, updates, run, actor, at)
        _write(updates)
    return len(updates.changed), len(known) - len(updates.changed)


def _update(
    instrument: Instrument, staged: StagedRow, whole: dict[int, dict[str, str]], updates: Updates,
    run: ImportRun, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    before = logged(instrument)
    for name in FACTS:
        value = getattr(staged, name)
        if value not in (None, "") and value != getattr(instrument, name):
            setattr(instrument, name, value)
    verification = _verification(instrument, staged, at)
    if verification is not None:
        updates.verifications.append(verification)
    seals = _missing_seals(instrument, staged, whole.get(instrument.pk, {}), at)
    updates.seals += seals
    after = logged(instrument)
    changed = [name for name in after if before[name] != after[name]]
    if not changed and verification is None and not seals:
        return
    instrument.version += 1
    instrument.changed_at = at
    updates.changed.append(instrument)
    updates.acts.append(
        draft(
            Verb.INSTRUMENT_CHANGED, by=actor, at=at, area_id=instrument.area_id, entity_id=instrument.entity_id,
            root_id=instrument.root_id, instrument_id=instrument.pk, batch_id=run.pk, subject=str(instrument)[:80],
            before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
            reason=f"台账导入：{run.file_name}"[:200],
        )
    )  # fmt: skip
    updates.told.append(
        ImportRow(
            run=run, position=staged.position, number=staged.number, sheet=staged.sheet, action=RowAction.UPDATE,
            label=str(instrument)[:120], fields=changed, instrument_id=instrument.pk,
            previous={name: before[name] for name in changed}
            | {"+verification": [plain(verification.verified_on), verification.certificate_number] if verification else None}
            | {"+seals": [seal.number for seal in seals]},
        )
    )  # fmt: skip


def _verification(instrument: Instrument, staged: StagedRow, at: datetime) -> Verification | None:
    """Return the verification that the row adds, after letting it count when it is the newest."""
    if staged.verified_on is None or not staged.result:
        return None
    known = Verification.objects.unscoped().filter(
        instrument=instrument, verified_on=staged.verified_on, certificate_number=staged.certificate_number
    )
    if known.exists():
        return None
    following = next_state(State(instrument.state), AFTER_VERIFICATION[staged.result])
    if instrument.verified_on is None or staged.verified_on >= instrument.verified_on:
        for name in VERIFIED:
            setattr(instrument, name, getattr(staged, name))
        # A sheet does not mend a broken seal: trust stays ended until the seal is put on again by an act.
        if not instrument.seal_broken:
            instrument.trusted_until = staged.valid_until
        if following is not None:
            instrument.state = InstrumentState(following)
            instrument.placed_on = instrument.placed_on or staged.verified_on
    return Verification(
        instrument=instrument, root_id=instrument.root_id, area_id=instrument.area_id, verified_on=staged.verified_on,
        valid_until=staged.valid_until, result=staged.result, certificate_number=staged.certificate_number,
        institute=staged.institute, recorded_at=at,
    )  # fmt: skip


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
    missing: list[Any] = []
    for entry in staged.seals:
        position, number = entry.split(":", 1)
        if position not in whole:
            missing.append(
                Seal(
                    instrument=instrument, root_id=instrument.root_id, area_id=instrument.area_id, number=number,
                    position=position, applied_on=staged.verified_on or at.date(),
                )
            )  # fmt: skip
    return missing


def _write(updates: Updates) -> None:
    columns = [*FACTS, *VERIFIED, "trusted_until", "state", "placed_on", "version", "changed_at"]
    Instrument.objects.unscoped().bulk_update(updates.changed, columns, batch_size=500)
    Verification.objects.unscoped().bulk_create(updates.verifications, batch_size=1_000)
    Seal.objects.unscoped().bulk_create(updates.seals, batch_size=1_000)
    ImportRow.objects.bulk_create(updates.told, batch_size=1_000)
    record_many(updates.acts)
