"""Rows into tables by COPY, with bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from psycopg import Cursor

from quanheng.kit.copying import copy_rows

Row = tuple[Any, ...]


class Batch(NamedTuple):
    """Rows of one table on their way."""

    table: str
    columns: list[str]
    rows: list[Row]


class Copier:
    """Collects the rows of one table until they are copied.

    Args:
        model: the model's label, such as ``instruments.Seal``.
        columns: the columns that every row states, in this order; the others get the model's defaults.
    """

    def __init__(self, model: str, columns: str) -> None:
        stated, meta = columns.split(), apps.get_model(model)._meta
        rest = [
            (field.column, field)
            for field in meta.concrete_fields
            if field.column and field.column != "id" and field.column not in stated
            if not field.has_db_default() and not field.generated  # the database's own is what the row gets
        ]
        self.table = meta.db_table
        self.columns = [*stated, *(column for column, _field in rest)]
        self.tail = tuple(_default(field) for _column, field in rest)
        self.rows: list[Row] = []

    def add(self, *values: Any) -> None:
        """Take one row: the stated columns."""
        self.rows.append(values + self.tail)

    def take(self) -> Batch:
        """Return the rows that were collected, and forget them."""
        batch = Batch(self.table, self.columns, self.rows)
        self.rows = []
        return batch


def _default(field: models.Field[Any, Any]) -> Any:
    value = field.get_default()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


class CopyingThread:
    """Sends batches of rows while the next ones are being written: one batch waits at most.

    Args:
        cursor: psycopg's own; nobody else uses it until the thread is closed.
    """

    def __init__(self, cursor: Cursor[Any]) -> None:
        self.cursor = cursor
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.running: Future[None] | None = None

    def send(self, tables: Iterable[Copier]) -> None:
        """Wait for the batch before and start this one."""
        batches = [table.take() for table in tables]
        if self.running is not None:
            self.running.result()
        self.running = self.thread.submit(self._copy, batches)

    def close(self) -> None:
        """Wait for the last batch; raises what went wrong in it."""
        try:
            if self.running is not None:
                self.running.result()
        finally:
            self.thread.shutdown()

    def _copy(self, batches: list[Batch]) -> None:
        for batch in batches:
            if batch.rows:
                copy_rows(self.cursor, *batch)
