"""`quanheng ecqs export|import`: the ledger and verification results as files for e-CQS, and back."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.queries import positions_by_code, province_id
from quanheng.apps.exchange.enums import Content
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.exchange.queries.ecqs_runs import faults_of
from quanheng.apps.exchange.services.export_to_ecqs import KINDS, start_export
from quanheng.apps.exchange.services.receive_results import receive_results
from quanheng.apps.exchange.services.resume_run import resume_run
from quanheng.apps.exchange.services.runs import files_dir
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState

BLOCK = 1 << 20


class Command(BaseCommand):
    help = "Export the ledger or verification results for e-CQS; import verification results from it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        out = acts.add_parser("export", help="write a file: xlsx or csv, as its name ends")
        out.add_argument("content", choices=Content.values)
        out.add_argument("file", type=Path)
        out.add_argument("--area", default="", help="division code; the whole province when left out")
        out.add_argument("--whole", action="store_true", help="every row, not only what changed since")
        out.add_argument("--json", action="store_true", help="print one JSON object")
        into = acts.add_parser("import", help="take verification results; exits 0 only when all were taken")
        into.add_argument("file", type=Path)
        into.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = _export(options) if options["act"] == "export" else _import(options["file"])
        except RuleBroken as refused:
            report = {"refused": refused.message}
        except OSError as problem:
            raise CommandError(f"Cannot use {options['file']}: {problem.strerror}.") from problem
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else _told(report))
        if report.get("refused") or report.get("conflicts") or report.get("rejected"):
            sys.exit(1)


def _export(options: dict[str, Any]) -> dict[str, Any]:
    target, code = options["file"], options["area"]
    kind = target.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise CommandError("The file must be named .xlsx or .csv.")
    with acting_in(EVERYTHING):
        area_id = positions_by_code().get(code) if code else province_id()
        if area_id is None:
            raise CommandError(f"There is no division {code}.")
        run = start_export(
            content=Content(options["content"]), kind=kind, whole=options["whole"], area_id=area_id,
            by=SYSTEM, at=timezone.now(),
        )  # fmt: skip
    run = _done(run)
    if run.file_path:
        shutil.copyfile(files_dir() / run.file_path, target)
    return {"run": run.pk, "rows": run.rows, "hash": run.file_hash, "message": run.message}


def _import(path: Path) -> dict[str, Any]:
    with acting_in(EVERYTHING):
        run = receive_results(name=path.name, chunks=_blocks(path), by=SYSTEM, at=timezone.now())
    run = _done(run)
    counts = {name: getattr(run, name) for name in ("rows", "taken", "known", "conflicts", "rejected")}
    return {"run": run.pk} | counts | {"faults": faults_of(run)}


def _done(run: ExchangeRun) -> ExchangeRun:
    run = resume_run(run.pk, at=timezone.now())
    if run.state in {TaskState.FAILED, TaskState.CANCELLED}:
        raise of_kit.TASK_REFUSED(why=run.message)
    if run.state != TaskState.DONE:
        raise CommandError(f"Run {run.pk} is being carried on by a worker; see /exchange/ecqs/{run.pk}/.")
    return run


def _told(report: dict[str, Any]) -> str:
    if refused := report.get("refused"):
        return f"未完成：{refused}"
    if "faults" not in report:
        return str(report["message"] or f"共导出 {report['rows']} 行，SHA-256 {report['hash']}。")
    lines = [
        f"共 {report['rows']} 行：已登记 {report['taken']}，已有 {report['known']}，"
        f"有冲突 {report['conflicts']}，未登记 {report['rejected']}。"
    ]
    return "\n".join(lines + [f"第 {fault['row']} 行：{fault['reason']}" for fault in report["faults"]])


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
