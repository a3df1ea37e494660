"""Clean rows of a sheet, turned into rows of the stage and copied there in blocks."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.ledger_sheet import LedgerRow
from quanheng.apps.instruments.ledger_sheet.catalogue import Item
from quanheng.apps.instruments.ledger_sheet.check import check_length
from quanheng.apps.instruments.models import ImportRun, StagedRow
from quanheng.apps.instruments.services.imports.rights import Rights
from quanheng.kit.copying import copy_rows
from quanheng.kit.fields import encrypt, keyed_hash
from quanheng.regulation.instrument_code import RANDOM_BYTES, codes_from_random
from quanheng.regulation.periods import latest_end
from quanheng.regulation.periods import valid_until as period_end
from quanheng.regulation.seal_positions import positions_of

COLUMNS = (
    "sheet", "entity_name", "credit_code", "stall", "dispenser", "nozzle", "name", "model", "serial_number",
    "manufacturer", "accuracy_class", "measuring_range", "type_approval_number", "place",
    "certificate_number", "institute", "seals", "details", "run_id", "position", "number", "action",
    "premises", "area_id", "holder_name", "holder_phone", "phone_hash", "item_id", "max_capacity_g", "e_g",
    "use", "longitude", "latitude", "in_use_since", "verified_on", "valid_until", "result", "state", "code",
    "instrument_id",
)  # fmt: skip
# Declared in the sheet → stored, when the office itself imports.
STORED = {
    "stopped": InstrumentState.STOPPED,
    "sealed_up": InstrumentState.SEALED_UP,
    "scrapped": InstrumentState.SCRAPPED,
    "under_repair": InstrumentState.UNDER_REPAIR,
}
WITH_CODE = {state.value for state in InstrumentState} - {"draft", "filing", "returned", "scrapped"}
DETAILS = (
    "department",
    "asset_number",
    "fuel",
    "mainboard_number",
    "remarks",
    "address",
    "origin",
    "location",
)
NAMED_POSITIONS = (
    ("seal_flow_adjuster", "flow_adjuster"),
    ("seal_encoder", "encoder"),
    ("seal_mainboard", "mainboard"),
)


@dataclass(slots=True)
class Stager:
    """Turns rows of a sheet into rows of the stage for one run.

    Args:
        rights: what the rows may write; what is not filed at once waits for review.
        periods: item → (first day, last day, months), the newest first.
        entity: credit code, name and area that every row belongs to, when the caller said so.
        seal_positions: rows of the pack of that name, as the day has them.
    """

    run: ImportRun
    rights: Rights
    premises: str
    periods: dict[int, list[tuple[date, date | None, int | None]]]
    entity: tuple[str, str, int] | None = None
    seal_positions: Sequence[Mapping[str, Any]] = ()
    _until: dict[tuple[int, date], date | None] = field(default_factory=dict)

    def copy(self, rows: Sequence[LedgerRow]) -> None:
        """Copy rows to the stage; ids and codes are reserved here, so that later steps only insert."""
        ids = _reserve(len(rows))
        codes = codes_from_random(secrets.token_bytes(RANDOM_BYTES * len(rows)))
        staged = (self._staged(row, number, code) for row, number, code in zip(rows, ids, codes, strict=True))
        with connection.cursor() as cursor, connection.wrap_database_errors:
            copy_rows(cursor.cursor, StagedRow._meta.db_table, COLUMNS, staged)

    def bound(self, row: LedgerRow) -> None:
        """Let a verification hold no longer than the rule of its day allows, and say so: old ledgers often
        print a year whatever the rule says, and a longer validity would be trusted for too long.
        """
        v = row.values
        on, until = v.get("verified_on"), v.get("valid_until")
        if not (on and until):
            return
        latest = latest_end(on, self._longest(v["item"].key, on))
        if latest is None:
            check_length(row, on)
        elif until > latest:
            v["valid_until"] = latest
            row.notice(
                f"有效期至 {until} 超过该类器具的检定周期，按最晚的 {latest} 登记，请核对证书。",
                "valid_until",
            )

    def _usual_position(self, item: Item) -> str:
        return positions_of(self.seal_positions, item.category, item.slug)[0]

    def _longest(self, item: int, on: date) -> int | None:
        """As `queries.periods.longest_period`: a day from before the first row is bounded by that row."""
        periods = self.periods.get(item, [])
        held = (months for first, last, months in periods if first <= on and (last is None or on <= last))
        return next(held, periods[-1][2] if periods else None)

    def _staged(self, row: LedgerRow, instrument_id: int, code: str) -> tuple[Any, ...]:
        v = row.values
        get = v.get
        item = v["item"]
        verified = get("verified_on")
        result = (get("conclusion") or "passed") if verified else ""
        until = get("valid_until") if result == "passed" else None
        if until is None and verified and result == "passed":
            until = self._period_end(item.key, verified)
        state = self._state(get("status") or "in_use", result)
        details = {name: value for name in DETAILS if (value := get(name))}
        if get("other"):
            details["other"] = v["other"]
        if not self.rights.files and get("status") in STORED:
            details["declared_state"] = STORED[v["status"]].value
        seals = _seals(v, self._usual_position(item))
        if (
            seals and not self.rights.seals
        ):  # on whoever's word: the office looks before it puts them on record
            details["declared_seals"], seals = seals, []
        nozzle = get("nozzle") or ""
        serial = f"{v['serial_number']}#{nozzle}" if nozzle else v["serial_number"]
        credit_code, entity_name, area = self._entity(v)
        stall = (get("stall") or "") if self.rights.registers else ""
        holder, phone = get("holder_name") or "", get("phone") or ""
        return (
            row.sheet[:80], entity_name[:120], credit_code, stall[:40],
            (get("dispenser") or "")[:40],
            nozzle[:40], v["name"][:80], (get("model") or "")[:80], serial[:60],
            (get("manufacturer") or "")[:120],
            get("accuracy_class") or "", (get("measuring_range") or "")[:80],
            (get("type_approval_number") or "")[:60], place_of(v)[:80],
            (get("certificate_number") or "")[:80],
            (get("institute") or "")[:120], seals,
            json.dumps(details, ensure_ascii=False) if details else "{}",
            self.run.pk, row.position, row.number, "new", self.premises, area, _encrypted(holder),
            _encrypted(phone), _hash(phone), item.key, get("max_capacity"), get("e"),
            get("use") or item.use, get("longitude"), get("latitude"), get("commissioned_on"),
            verified, until, result, state, code if self.rights.codes and state in WITH_CODE else None,
            instrument_id,
        )  # fmt: skip

    def _state(self, declared: str, result: str) -> str:
        if not self.rights.files:
            return InstrumentState.FILING.value
        if declared in STORED:
            return STORED[declared].value
        if result == "failed":
            return InstrumentState.FAILED.value
        return InstrumentState.IN_USE.value if result == "passed" else InstrumentState.FILED.value

    def _entity(self, values: dict[str, Any]) -> tuple[str, str, int]:
        if self.entity is not None:
            return self.entity
        code, area = values["credit_code"], values["area"] or self.run.area_id
        return code, values["entity_name"] or f"待补名称（{code}）", area

    def _period_end(self, item: int, verified: date) -> date | None:
        key = (item, verified)
        if key not in self._until:
            months = next(
                (
                    months
                    for first, last, months in self.periods.get(item, [])
                    if first <= verified and (last is None or verified <= last)
                ),
                None,
            )
            self._until[key] = period_end(verified, months)
        return self._until[key]


def _reserve(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('instruments_instrument', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def place_of(values: Mapping[str, Any]) -> str:
    """Where it stands, in the words of the sheet: nozzle, dispenser, stall, department, location."""
    for name in ("nozzle", "dispenser", "stall", "department", "location"):
        if place := values.get(name):
            return str(place)
    return ""


def _seals(values: dict[str, Any], usual: str) -> list[str]:
    """Read the seals of a row; one whose column names no position sits where that kind is usually sealed."""
    found = []
    for name, position in (("seal", usual), *NAMED_POSITIONS):
        number = values.get(name)
        if number and number not in {"/", "-", "无"}:
            found.append(f"{position}:{number[:50]}")
    return found


def _encrypted(text: str) -> bytes:
    return encrypt(text) if text else b""


@lru_cache(1 << 14)
def _hash(phone: str) -> str:
    return keyed_hash(phone) if phone else ""


def clear(run: ImportRun) -> None:
    """Empty the stage of a run."""
    StagedRow.objects.filter(run_id=run.pk).delete()


def staged_up_to(run: ImportRun) -> int:
    """Return the last position on the stage; 0 when the stage is empty (a crash empties it)."""
    last = (
        StagedRow.objects.filter(run_id=run.pk)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
    )
    return last or 0
