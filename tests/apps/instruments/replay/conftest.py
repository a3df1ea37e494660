"""A small ledger in which every row came by an act, and how to hold it against the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import Result, SealPosition
from quanheng.apps.instruments.replay.check import Replayed, check_ledger
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.file_instruments import accept, submit
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.register_instrument import register_instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_entity, make_institute, make_item

PROTECTED = {"audit_act": "act_never_changes", "instruments_entryproof": "proof_never_changes"}


def register(
    entity: Entity, serial_number: str, *, by: Actor, at: datetime, parent: int | None = None
) -> int:
    facts = {
        "item_id": make_item().pk, "name": "电子计价秤", "serial_number": serial_number,
        "manufacturer": "衡器厂", "max_capacity_g": Decimal(30_000), "place": "A1", "parent_id": parent,
    }  # fmt: skip
    return register_instrument(entity_id=entity.pk, facts=facts, by=by, at=at).pk


@pytest.fixture
def scale(as_officer: None, market: Entity, stall: Entity, officer: Actor, at: datetime) -> int:
    """A scale that was registered, filed, sealed, verified twice and moved: something in every table."""
    make_institute()
    then = at - timedelta(days=60)
    number = register(stall, "SN-1", by=officer, at=then)
    submit(instrument_ids=[number], by=officer, at=then)
    accept(instrument_ids=[number], by=officer, at=then)
    begin, sealed = at.date() - timedelta(days=30), at.date() - timedelta(days=20)
    for day, certificate in ((begin - timedelta(days=400), "JD-1"), (sealed, "JD-2")):
        record_verification(
            instrument_id=number, verified_on=day, result=Result.PASSED, certificate_number=certificate,
            institute="市计量院", valid_until=day + timedelta(days=364), by=officer, at=at,
        )  # fmt: skip
    apply_seal(
        instrument_id=number, number="川-1", position=SealPosition.SCALE_CASE, on=sealed, by=officer, at=at
    )
    other = make_entity("二号摊", kind="stall", parent=market)
    move_instrument(
        instrument_id=number, entity_id=other.pk, place="B2", on=at.date(), by=officer,
        at=at,
    )  # fmt: skip
    return number


def replayed() -> Replayed:
    with acting_in(EVERYTHING):
        return check_ledger()


def found() -> dict[str, str]:
    """Return what differs: where → what."""
    return {finding.where: finding.what for finding in replayed().findings}


@pytest.fixture
def tamper() -> Callable[[str], None]:
    """Return a function that runs SQL as the owner of the tables, walls and triggers off."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            for table, trigger in PROTECTED.items():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
            cursor.execute("SELECT set_config('quanheng.everything', '1', false)")
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('quanheng.everything', '', false)")
            for table, trigger in PROTECTED.items():
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
            cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")

    return run
