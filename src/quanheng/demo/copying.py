"""Rows into tables by COPY, with bounded memory."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper
from psycopg import sql

NULL = "\\N"


def text(value: Any) -> str:
    """Return a value as COPY's text format has it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "{}"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(value).replace("\\", "\\\\").replace("\t", " ").replace("\n", "\\n")


class Copier:
    """Collects the lines of one table until they are copied.

    Args:
        columns: the columns that every line states, in this order; the others get the model's defaults.
    """

    def __init__(self, model: type[models.Model], columns: str) -> None:
        stated = columns.split()
        rest = [
            (field.column, field)
            for field in model._meta.concrete_fields
            if field.column and field.column != "id" and field.column not in stated
        ]
        self.table = model._meta.db_table
        self.columns = [*stated, *(column for column, _field in rest)]
        self.tail = "".join("\t" + text(field.get_default()) for _column, field in rest) + "\n"
        self.lines: list[str] = []

    def add(self, line: str) -> None:
        """Take one line: the stated columns, separated by tabs."""
        self.lines.append(line)

    def copy(self, cursor: CursorWrapper) -> int:
        """Send the lines that were collected and return how many there were."""
        count = len(self.lines)
        if count:
            command = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(self.table), sql.SQL(", ").join([sql.Identifier(column) for column in self.columns])
            )
            with cursor.copy(command) as copy:
                copy.write(self.tail.join(self.lines) + self.tail)
            self.lines.clear()
        return count
