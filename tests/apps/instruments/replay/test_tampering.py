"""Whoever changes the ledger by SQL is found: instrument, column, what the log says and what stands there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.services import record
from quanheng.apps.certificates import acts as certificates_acts
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.ledger_lines import BESIDE, columns_of
from quanheng.apps.instruments.models import Instrument, Placement, Seal, Verification
from quanheng.apps.instruments.services.hold import lock
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.apps.instruments.replay.conftest import found, register, replayed
from tests.factories import make_instrument, make_item

Tamper = Callable[[str], None]
INSTRUMENT = {
    "state": "'stopped'", "valid_until": "'2031-01-01'", "trusted_until": "'2031-01-01'",
    "verified_on": "'2026-11-22'", "result": "'failed'", "certificate_number": "'假-1'",
    "institute": "'另一家'", "provenance": "'received'",
    "seal_broken": "true", "locked": "true", "impounded": "true",
    "revoked_on": "'2026-01-01'", "serial_number": "'SN-2'", "manufacturer": "'别厂'",
    "max_capacity_g": "30000.001", "placed_on": "'2026-01-01'", "in_use_since": "'2026-01-01'",
    "details": """'{"x": 1}'""", "code": "'X'", "manufactured_on": "'2020-01-01'",
    "registered_at": "registered_at - interval '1 second'", "place": "'C3'",
}  # fmt: skip
BESIDE_IT = {
    "verification": {
        "verified_on": "verified_on - 1", "valid_until": "valid_until + 1", "result": "'failed'",
        "certificate_number": "'假'", "institute": "'另一家'", "voided_on": "verified_on",
        "provenance": "'received'", "kind": "'initial'", "recorded_at": "recorded_at + interval '1 second'",
    },
    "seal": {
        "number": "'假'", "applied_on": "applied_on - 1", "break_reason": "'假'", "position": "'other'",
    },
    "placement": {"first_day": "first_day - 1", "last_day": "last_day - 1", "place": "'C3'"},
}  # fmt: skip


def test_a_ledger_that_came_by_acts_is_clean(scale: int) -> None:
    result = replayed()
    assert (result.findings, result.instruments, result.partly, result.unproved) == ([], 1, 0, 0)


def test_what_a_step_of_an_application_once_told_as_state_is_not_the_instruments(
    scale: int, officer: Actor, at: datetime
) -> None:
    with acting_in(EVERYTHING):
        record(
            certificates_acts.EXAMINATION_RECORDED, by=officer, at=at, instrument_id=scale,
            before={"state": "received"}, after={"state": "recorded"},
        )  # fmt: skip
    assert replayed().findings == []


@pytest.mark.parametrize("column", INSTRUMENT)
def test_a_changed_column_of_an_instrument_is_found(column: str, scale: int, tamper: Tamper) -> None:
    tamper(f"UPDATE instruments_instrument SET {column} = {INSTRUMENT[column]} WHERE id = {scale}")
    wheres = [where for where in found() if not where.endswith(" code")]
    assert len(wheres) == 1
    assert wheres[0].startswith(f"instrument {scale} {column} (act ")


def test_every_column_that_is_proved_is_told_by_the_act_of_registration_or_is_empty(scale: int) -> None:
    """A column that a later model adds is replayed like the others, without a word about it here."""
    with acting_in(EVERYTHING):
        act = Act.objects.unscoped().get(verb=acts.INSTRUMENT_REGISTERED, instrument_id=scale)
        row = Instrument.objects.unscoped().get(pk=scale)
    always = {field.attname for field in Instrument._meta.concrete_fields if not field.null}
    assert always & set(columns_of(Instrument)) - {"registered_at"} <= set(act.before)
    assert row.registered_at == act.at


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, columns in BESIDE_IT.items() for column in columns]
)
def test_a_changed_row_beside_an_instrument_is_found(
    table: str, column: str, scale: int, tamper: Tamper
) -> None:
    rows = BESIDE[table]._default_manager
    with acting_in(EVERYTHING):
        row = getattr(rows, "unscoped")().filter(instrument_id=scale).latest("pk").pk  # noqa: B009
    value = BESIDE_IT[table][column]
    tamper(f"UPDATE {BESIDE[table]._meta.db_table} SET {column} = {value} WHERE id = {row}")
    assert [where.partition(" (act")[0] for where in found()] == [
        f"instrument {scale} {table} {row} {column}"
    ]


def test_a_seal_that_was_ended_in_the_ledger_alone_is_found(scale: int, tamper: Tamper) -> None:
    with acting_in(EVERYTHING):
        row = Seal.objects.unscoped().filter(instrument_id=scale, broken_on=None).latest("pk").pk
    ended = "broken_on = applied_on, ended_as = 'repair'"
    tamper(f"UPDATE instruments_seal SET {ended} WHERE id = {row}")
    assert {where.partition(" (act")[0] for where in found()} == {
        f"instrument {scale} seal {row} {column}" for column in ("broken_on", "ended_as")
    }


@pytest.mark.parametrize("model", [Verification, Seal, Placement])
def test_a_row_that_was_removed_or_slipped_in_is_found(
    model: type[Verification | Seal | Placement], scale: int, tamper: Tamper
) -> None:
    table, name = model._meta.db_table, model._meta.model_name
    with acting_in(EVERYTHING):
        row = model.objects.unscoped().filter(instrument_id=scale).latest("pk")
        own = [field for field in model._meta.concrete_fields if not field.generated]
        columns = [field.column for field in own if field.column != "id"]
    changed = {
        "certificate_number": "'假'",
        "number": "'假-1'",
        "position": "'other'",
        "first_day": "first_day - 9",
    }
    values = ", ".join(changed.get(str(column), f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    tamper(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = {row.pk}")
    slipped_in = found()
    assert len(slipped_in) == 1
    assert next(iter(slipped_in)).startswith(f"instrument {scale} {name} ")
    assert "没有登记它的操作记录" in next(iter(slipped_in.values()))
    tamper(f"DELETE FROM {table} WHERE id >= {row.pk}")
    assert "已被删除" in next(iter(found().values()))


def test_an_instrument_that_was_removed_or_slipped_in_is_found(
    scale: int, stall: Entity, tamper: Tamper
) -> None:
    slipped_in = make_instrument(stall)
    assert found() == {f"instrument {slipped_in.pk}": "没有登记它的操作记录：未经登记。"}
    for table in ("verification", "seal", "placement"):
        tamper(f"DELETE FROM instruments_{table} WHERE instrument_id = {scale}")
    tamper(f"DELETE FROM instruments_instrument WHERE id IN ({scale}, {slipped_in.pk})")
    assert found() == {f"instrument {scale}": "操作记录中有这台器具，台账中没有：已被删除。"}


def test_what_an_act_saved_over_a_change_is_found_by_what_it_found(
    scale: int, officer: Actor, at: datetime, tamper: Tamper
) -> None:
    """A change by SQL that a later act overwrites has left the history: the act says what it found."""
    tamper(f"UPDATE instruments_instrument SET result = 'failed' WHERE id = {scale}")
    record_verification(
        instrument_id=scale, verified_on=at.date(), result="passed", certificate_number="JD-3",  # type: ignore[arg-type]
        institute="市计量院", valid_until=at.date() + timedelta(days=300), by=officer, at=at,
    )  # fmt: skip
    differing = found()
    assert [where.split(" (")[0] for where in differing] == [f"instrument {scale} result"]
    assert '台账为 "failed"，此前操作记录为 "passed"' in next(iter(differing.values()))


def test_what_an_act_carried_along_is_still_found(
    scale: int, officer: Actor, at: datetime, tamper: Tamper
) -> None:
    tamper(f"UPDATE instruments_instrument SET valid_until = '2031-01-01' WHERE id = {scale}")
    lock(instrument_id=scale, reason="开壳", by=officer, at=at)
    assert [where.split(" (")[0] for where in found()] == [f"instrument {scale} valid_until"]


def test_a_copy_for_the_walls_that_lies_elsewhere_is_found(
    scale: int, tamper: Tamper, market: Entity
) -> None:
    tamper(f"UPDATE instruments_seal SET root_id = root_id + 1 WHERE instrument_id = {scale}")
    assert [where.split()[2] for where in found()] == ["seal"]


def test_a_code_that_leads_to_another_instrument_is_found(
    scale: int, stall: Entity, officer: Actor, at: datetime, tamper: Tamper
) -> None:
    other = register(stall, "SN-9", by=officer, at=at)
    with acting_in(EVERYTHING):
        area = Instrument.objects.unscoped().get(pk=other).area_id
    columns = "value, instrument_id, area_id, state, batch, end_reason, issued_at, bound_at"
    tamper(
        f"INSERT INTO instruments_instrumentcode ({columns})"
        f" VALUES ('CODE', {other}, {area}, 'active', '', '', now(), now())"
    )
    assert list(found()) == ["code CODE"]


def test_an_instrument_from_before_acts_told_everything_is_counted_and_not_called_false(
    scale: int, officer: Actor, at: datetime, tamper: Tamper
) -> None:
    """Of what the log did not tell it says so; what acts told since is held against the rows all the same."""
    tamper(f"UPDATE audit_act SET before = '{{}}', after = '{{}}' WHERE instrument_id = {scale}")
    result = replayed()
    assert (result.findings, result.instruments, result.partly) == ([], 1, 1)
    lock(instrument_id=scale, reason="开壳", by=officer, at=at)
    tamper(f"UPDATE instruments_instrument SET locked = false WHERE id = {scale}")
    assert [where.split(" (")[0] for where in found()] == [f"instrument {scale} locked"]


def test_an_item_is_not_changed_unseen(scale: int, tamper: Tamper) -> None:
    other = make_item("fuel-dispenser")
    tamper(f"UPDATE instruments_instrument SET item_id = {other.pk} WHERE id = {scale}")
    assert [where.split(" (")[0] for where in found()] == [f"instrument {scale} item_id"]
