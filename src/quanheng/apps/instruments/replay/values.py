"""When two values of a column are the same, however they are written: 30000 and 30000.000 are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.db import models

from quanheng.apps.instruments.ledger_lines import BESIDE, INSTRUMENT
from quanheng.apps.instruments.models import Instrument

Read = Callable[[Any], Any]


def same(table: str, column: str, one: Any, other: Any) -> bool:
    """Say whether two values of a column are the same fact."""
    if one == other:
        return True
    if one is None or other is None:
        return False
    read = readers(table).get(column)
    return read is not None and bool(read(one) == read(other))


@cache
def readers(table: str) -> Mapping[str, Read]:
    """Return how to read the columns of a table that may be written in several ways."""
    model = Instrument if table == INSTRUMENT else BESIDE[table]
    return {field.attname: read for field in model._meta.concrete_fields if (read := _reader(field))}


def _reader(field: models.Field[Any, Any]) -> Read | None:
    if isinstance(field, models.DateTimeField):
        return _instant
    if isinstance(field, models.DecimalField | models.IntegerField | models.ForeignKey):
        return _number
    return None


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value


def _instant(value: Any) -> Any:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return value


@cache
def may_be_empty(table: str) -> frozenset[str]:
    """Return the columns whose absence means NULL; the others always have a value."""
    model = Instrument if table == INSTRUMENT else BESIDE[table]
    return frozenset(field.attname for field in model._meta.concrete_fields if field.null)
