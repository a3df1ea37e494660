"""Ledger sheets as clerks hand them in, and runs that carry them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import ImportRun, Instrument
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.work import confirm, resume_run
from quanheng.kit.scope import EVERYTHING, acting_in

HEAD = (
    "使用单位", "器具名称", "型号规格", "出厂编号", "制造单位", "检定日期", "有效期至", "检定证书编号",
    "检定机构", "检定结论", "铅封编号", "状态",
)  # fmt: skip


def sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a csv with HEAD and these rows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows(rows)
    return out.getvalue().encode()


def row(
    entity: str, serial: str, *, model: str = "ACS-30", maker: str = "衡器厂",
    verified: Sequence[str] = ("", "", "", "", ""), seal: str = "", state: str = "",
) -> tuple[str, ...]:  # fmt: skip
    """Return one row; `verified` is day, valid until, certificate number, institute, conclusion."""
    return (entity, "电子计价秤", model, serial, maker, *verified, seal, state)


def row_of(it: Instrument, **said: Any) -> tuple[str, ...]:
    """Return the row that names an instrument which is in the ledger."""
    return row(it.entity.name, it.serial_number, maker=it.manufacturer, **{"model": it.model} | said)


def preview(rows: Iterable[Sequence[str]], by: Actor, **facts: Any) -> ImportRun:
    """Hand a sheet in and have it read."""
    with acting_in(by.scope):
        run = receive_upload(name="台账.csv", chunks=[sheet(rows)], by=by, at=timezone.now(), **facts)
    return resume_run(run.pk, at=timezone.now())


def bring_in(rows: Iterable[Sequence[str]], by: Actor, **facts: Any) -> ImportRun:
    """Hand a sheet in, confirm it, and have it committed."""
    return confirmed(preview(rows, by, **facts), by)


def confirmed(run: ImportRun, by: Actor) -> ImportRun:
    """Confirm a previewed run and have it committed."""
    with acting_in(by.scope):
        confirm(run_id=run.pk, by=by, at=timezone.now())
    return resume_run(run.pk, at=timezone.now())


def seen(it: Instrument) -> Instrument:
    """Return an instrument as it is in the database now."""
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=it.pk)
