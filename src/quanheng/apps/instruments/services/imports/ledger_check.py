"""Staged rows against the ledger: which are new, which update what is there, which belong to somebody
else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NotRequired, TypedDict

from django.db import connection
from django.db.models import Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import RowAction
from quanheng.apps.instruments.models import ImportRun, Instrument, StagedRow
from quanheng.apps.instruments.queries.seals import Carrier, carriers
from quanheng.apps.instruments.services.imports.runs import statement
from quanheng.regulation.seal_numbers import seal_key


class RowReport(TypedDict):
    """What is told of a row: an `ImportRow` on its way into the database."""

    position: int
    number: int
    sheet: str
    action: str
    label: str
    fields: list[str]
    reason: str
    notice: str
    notice_fields: NotRequired[list[str]]


OUT_OF_SCOPE = """
SELECT s.position, s.number, s.sheet, s.name || ' ' || s.serial_number,
       CASE WHEN NOT {area_inside} THEN 'area' ELSE 'credit_code' END,
       coalesce(e.name, s.entity_name)
FROM instruments_stagedrow s
LEFT JOIN registry_entity e ON s.credit_code <> '' AND e.credit_code = s.credit_code
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s
  AND NOT ({area_inside} AND {entity_inside})
"""


def write_told(run: ImportRun, rows: list[RowReport]) -> None:
    """Keep what is told of rows; what a reading told that a crash ended stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute(statement("tell"), [run.pk, json.dumps(rows, ensure_ascii=False)])


def tell_faults_against_ledger(run: ImportRun, actor: Actor, first: int, last: int) -> list[RowReport]:
    """Take rows off the stage that the actor may not import, or whose instrument belongs to somebody else."""
    told = _out_of_scope(run, actor, first, last) + _owned_elsewhere(run, actor, first, last)
    told += sealed_elsewhere(run, actor, first, last)
    by_position = {row["position"]: row for row in reversed(told)}
    if told:
        StagedRow.objects.filter(run_id=run.pk, position__in=by_position).delete()
    return list(by_position.values())


def _out_of_scope(run: ImportRun, actor: Actor, first: int, last: int) -> list[RowReport]:
    """Rows of other areas, or of an entity that the registry has in another area."""
    scope = actor.scope
    if scope.everything or run.entity_id is not None:
        return []
    values = {"run": run.pk, "first": first, "last": last, "from": scope.first, "to": scope.last}
    sql = OUT_OF_SCOPE.format(
        area_inside="s.area_id BETWEEN %(from)s AND %(to)s",
        entity_inside="(e.id IS NULL OR e.area_id BETWEEN %(from)s AND %(to)s)",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            {
                "position": position, "number": number, "sheet": sheet, "action": RowAction.REJECTED,
                "label": label[:120], "fields": [field], "notice": "",
                "reason": f"“{name}”不在您的管辖范围内，请由其所在地机关导入。",
            }
            for position, number, sheet, label, field, name in cursor.fetchall()
        ]  # fmt: skip


def _owned_elsewhere(run: ImportRun, actor: Actor, first: int, last: int) -> list[RowReport]:
    """Rows whose maker and serial number stand in the ledger under an entity that the actor does not
    reach.
    """
    if actor.scope.everything:
        return []
    rows = matches(run, first, last)
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id, i.area_id, i.entity_id, i.root_id, a.full_name FROM instruments_instrument i"
            " JOIN accounts_area a ON a.id = i.area_id WHERE i.id = ANY(%s)",
            [list(rows.values())],
        )
        placed = {row[0]: row[1:] for row in cursor.fetchall()}
    scope = actor.scope
    foreign = {
        position: placed[instrument][3]
        for position, instrument in rows.items()
        if not scope.covers_area(placed[instrument][0])
        and (scope.entity_id is None or scope.entity_id not in placed[instrument][1:3])
    }
    staged = StagedRow.objects.filter(run_id=run.pk, position__in=foreign).order_by("position")
    return [
        {
            "position": row.position, "number": row.number, "sheet": row.sheet, "action": RowAction.REJECTED,
            "label": f"{row.name} {row.serial_number}"[:120], "fields": ["serial_number"], "notice": "",
            "reason": f"出厂编号 {row.serial_number} 已在其他单位的台账中（{foreign[row.position]}），"
            "请核对铭牌或先办理变更。",
        }
        for row in staged
    ]  # fmt: skip


def sealed_elsewhere(run: ImportRun, actor: Actor, first: int, last: int) -> list[RowReport]:
    """Rows with a seal whose number is in use on another instrument. It is named to whoever sees it."""
    staged = StagedRow.objects.filter(run_id=run.pk, position__range=(first, last)).exclude(seals=[])
    rows = list(staged.order_by("position"))
    carried = carriers({number_of(seal) for row in rows for seal in row.seals}, actor)
    if not carried:
        return []
    own = _own_instruments(run, rows, first, last)
    told = []
    for row in rows:
        taken = [(seal, carried.get(seal_key(number_of(seal)))) for seal in row.seals]
        faults = [
            (seal, it) for seal, it in taken if it and it.instrument_id not in own.get(row.position, ())
        ]
        if faults:
            told.append(_seal_taken(row, *faults[0]))
    return told


def number_of(seal: str) -> str:
    """Return the number in `position:number`, as it enters the ledger."""
    return seal.split(":")[1]


def _own_instruments(
    run: ImportRun, rows: Sequence[StagedRow], first: int, last: int
) -> dict[int, tuple[int | None, ...]]:
    """Position → the instrument that the row names and its whole: their seals are the row's own."""
    known = matches(run, first, last)
    wholes = dict(Instrument.objects.unscoped().filter(pk__in=known.values()).values_list("pk", "parent_id"))
    own: dict[int, tuple[int | None, ...]] = {
        position: (pk, wholes.get(pk)) for position, pk in known.items()
    }
    for row in rows:
        if row.nozzle and row.position not in own:
            own[row.position] = tuple(_dispensers_of(row))
    return own


def _dispensers_of(row: StagedRow) -> QuerySet[Instrument, int]:
    """The dispenser that a new nozzle joins."""
    whose = Q(entity__credit_code=row.credit_code) if row.credit_code else Q(entity__name=row.entity_name)
    wholes = Instrument.objects.unscoped().filter(whose, parent=None, place=row.dispenser, item=row.item_id)
    return wholes.values_list("pk", flat=True)


def _seal_taken(row: StagedRow, seal: str, carrier: Carrier) -> RowReport:
    where = f"“{carrier.name}”" if carrier.name else "您管辖范围以外的器具"
    return {
        "position": row.position, "number": row.number, "sheet": row.sheet, "action": RowAction.REJECTED,
        "label": f"{row.name} {row.serial_number}"[:120], "fields": ["seal"], "notice": "",
        "reason": f"铅封编号 {number_of(seal)} 正在{where}上使用，请核对实物铅封。",
    }  # fmt: skip


def matches(run: ImportRun, first: int, last: int) -> dict[int, int]:
    """Return position → instrument for staged rows that the ledger already has."""
    with connection.cursor() as cursor:
        cursor.execute(statement("match"), {"run": run.pk, "first": first, "last": last})
        return dict(cursor.fetchall())
