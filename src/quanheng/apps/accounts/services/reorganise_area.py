"""区划调整: an area gets a new name, code or parent, or is merged into another (ADR 0004).

As GB/T 2260 does, nothing is renamed: the area ends on the day, a new row takes its place, a succession joins
them, and its streets follow. What is in force moves along (offices, entities, instruments, appointments);
what is history (past placements, acts) stays filed under the area of its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.dispatch import Signal

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.models import Area, AreaSuccession
from quanheng.apps.accounts.permissions import check_is_system_administrator
from quanheng.apps.accounts.positions import free_position
from quanheng.apps.audit.services import record
from quanheng.kit.scope import EVERYTHING, acting_in

# Sent after the rows have moved, in the same transaction: ``moves`` (old id → new id), ``at``. For what is
# counted by area and cannot simply be refiled.
areas_moved = Signal()

# Tables that stay filed under the area of their day, describe areas themselves, or are counted from the rows.
HISTORY = frozenset(
    {"accounts.area", "accounts.areasuccession", "instruments.placement", "instruments.ratechange",
     "instruments.entrycount", "instruments.entryclosing", "indicators.indicatorday"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Naming:
    """What a new area is called and where it lies; `code` may lie outside the parent's prefix."""

    name: str
    code: str
    level: AreaLevel
    parent_id: int


def found_area(*, naming: Naming, on: date, source: str, by: Actor, at: datetime) -> Area:
    """Enter a new division, or a functional zone (开发区) that has its own office.

    Raises:
        RuleBroken: no_parent, no_name, code_in_use.
        NotYours: only the system administrator may.
    """
    check_is_system_administrator(by)
    with acting_in(EVERYTHING):
        area = _found(naming, on)
        _log(by, at, area, {}, {"founded": area.code, "source": source})
    return area


def succeed_area(*, area_id: int, naming: Naming, on: date, source: str, by: Actor, at: datetime) -> Area:
    """End an area and let a new one take its place, with all streets: 撤县设区, a rename, a new parent.

    Raises:
        RuleBroken: area_not_found, no_parent, no_name, code_in_use.
        NotYours: only the system administrator may.
    """
    check_is_system_administrator(by)
    with acting_in(EVERYTHING):
        old = _living(area_id)
        _end(old, on)
        heir = _found(naming, on)
        _hand_over(old, heir, on=on, source=source, by=by, at=at)
    return heir


def merge_area(*, area_id: int, into_id: int, on: date, source: str, by: Actor, at: datetime) -> Area:
    """End an area; its rows go to another of the same level, its streets below that one.

    Raises:
        RuleBroken: area_not_found, other_level.
        NotYours: only the system administrator may.
    """
    check_is_system_administrator(by)
    with acting_in(EVERYTHING):
        old, heir = _living(area_id), _living(into_id)
        if old.level != heir.level or old.pk == heir.pk:
            raise refusals.OTHER_LEVEL()
        _end(old, on)
        _hand_over(old, heir, on=on, source=source, by=by, at=at)
    return heir


def _hand_over(old: Area, heir: Area, *, on: date, source: str, by: Actor, at: datetime) -> None:
    moves = {old.pk: heir.pk} | _resettle(old, heir, on)
    AreaSuccession.objects.bulk_create(
        AreaSuccession(predecessor_id=a, successor_id=b, on=on, source=source) for a, b in moves.items()
    )
    _refile(moves)
    areas_moved.send(sender=Area, moves=moves, at=at)
    refiled = {str(old_id): new_id for old_id, new_id in moves.items()}  # whatever lies there follows
    _log(
        by, at, heir, {"area": old.full_name, "code": old.code},
        {"area": heir.full_name, "source": source, "moves": refiled},
    )  # fmt: skip


def _resettle(old: Area, heir: Area, on: date) -> dict[int, int]:
    """Give every living area below the old one a new row below the heir; return old id → new id."""
    moves: dict[int, int] = {}
    for child in Area.objects.filter(parent=old, valid_to__isnull=True).order_by("id"):
        suffix = child.code[len(str(old.id).rstrip("0")) :]
        _end(child, on)
        code = heir.code.rstrip("0") + suffix if child.code.startswith(old.code.rstrip("0")) else child.code
        new = _found(Naming(child.name, code[:12], AreaLevel(child.level), heir.pk), on)
        moves[child.pk] = new.pk
        moves |= _resettle(child, new, on)
    return moves


def _found(naming: Naming, on: date) -> Area:
    parent = Area.objects.select_for_update().filter(pk=naming.parent_id, valid_to__isnull=True).first()
    if parent is None or parent.level >= naming.level:
        raise refusals.NO_PARENT()
    if not naming.name.strip() or not naming.code.isdecimal():
        raise refusals.NO_AREA_NAME()
    code = naming.code.ljust(12, "0")
    if Area.objects.filter(code=code, valid_to__isnull=True).exists():
        raise refusals.CODE_IN_USE(division=code)
    taken = Area.objects.filter(pk__gt=parent.pk, pk__lte=parent.last).values_list("pk", "last")
    first, last = free_position(code, naming.level, (parent.pk, parent.last), taken)
    above = "" if parent.level == AreaLevel.PROVINCE else parent.full_name
    return Area.objects.create(
        id=first, last=last, code=code, name=naming.name.strip(), full_name=above + naming.name.strip(),
        level=naming.level, parent=parent, valid_from=on,
    )  # fmt: skip


def _living(area_id: int) -> Area:
    area = Area.objects.select_for_update().filter(pk=area_id, valid_to__isnull=True).first()
    if area is None:
        raise refusals.AREA_NOT_FOUND()
    return area


def _end(area: Area, on: date) -> None:
    area.valid_to = on
    area.save(update_fields=["valid_to"])


def _refile(moves: dict[int, int]) -> None:
    """Move what is in force to the new areas: one statement for each table that points at areas."""
    with transaction.atomic(), connection.cursor() as cursor:
        for relation in Area._meta.related_objects:
            model, column = relation.related_model, relation.field.column
            if not isinstance(model, type(models.Model)) or model._meta.label_lower in HISTORY:
                continue
            cursor.execute(
                f"UPDATE {model._meta.db_table} t SET {column} = m.new "  # noqa: S608 - names of our own tables
                f"FROM unnest(%s::bigint[], %s::bigint[]) AS m(old, new) WHERE t.{column} = m.old",
                [list(moves), list(moves.values())],
            )


def _log(by: Actor, at: datetime, area: Area, before: dict[str, str], after: dict[str, Any]) -> None:
    record(
        acts.AREA_REORGANISED,
        by=by,
        at=at,
        area_id=area.pk,
        subject=area.full_name[:80],
        before=before,
        after=after,
    )
