"""Rows into tables by COPY, with bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import models
from psycopg import Cursor, sql

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

    def take(self) -> tuple[sql.Composed, str]:
        """Return the command and the text for the lines that were collected, and forget them."""
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table),
            sql.SQL(", ").join([sql.Identifier(column) for column in self.columns]),
        )
        rows = self.tail.join(self.lines) + self.tail if self.lines else ""
        self.lines = []
        return command, rows


class CopyingThread:
    """Sends batches of lines while the next ones are being written: one batch waits at most.

    Args:
        cursor: psycopg's own; nobody else uses it until the thread is closed.
    """

    def __init__(self, cursor: Cursor[Any]) -> None:
        self.cursor = cursor
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.running: Future[None] | None = None

    def send(self, tables: Iterable[Copier]) -> None:
        """Wait for the batch before and start this one."""
        batch = [table.take() for table in tables]
        if self.running is not None:
            self.running.result()
        self.running = self.thread.submit(self._copy, batch)

    def close(self) -> None:
        """Wait for the last batch; raises what went wrong in it."""
        try:
            if self.running is not None:
                self.running.result()
        finally:
            self.thread.shutdown()

    def _copy(self, batch: list[tuple[sql.Composed, str]]) -> None:
        for command, rows in batch:
            if rows:
                with self.cursor.copy(command) as copy:
                    copy.write(rows)
