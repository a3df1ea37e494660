"""`quanheng import-ledger FILE`: an office's ledger spreadsheet goes in; faults come out as JSON."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.queries import province_id
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.instruments.queries.imports import faults_of, notices_of
from quanheng.apps.instruments.services.imports.preview import first_rows
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.work import give_up, resume_run
from quanheng.apps.instruments.tasks import IMPORT
from quanheng.apps.registry.queries import entity_with_code
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import queue_task

BLOCK = 1 << 20


class Command(BaseCommand):
    help = "Import a ledger spreadsheet (xlsx, xls, csv); exits 0 only when no row was rejected."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--entity", default="", help="credit code of the entity that every row belongs to"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check only, bring nothing into the ledger"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--queue", action="store_true", help="hand the file to the platform's worker and return"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["queue"]:
            run = receive_file(options["file"], options["entity"], dry_run=options["dry_run"])
            queue_task(IMPORT, run)
            self.stdout.write(json.dumps({"import": run.pk}))
            return
        try:
            report = import_file(options["file"], options["entity"], dry_run=options["dry_run"])
        except RuleBroken as refused:
            report = {"rows": 0, "accepted": 0, "rejected": 0, "faults": [], "refused": refused.message}
            report |= {"notices": [], "columns": {}, "read": [], "questions": []}
        except OSError as problem:
            raise CommandError(f"Cannot read {options['file']}: {problem.strerror}.") from problem
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report)
        if report["rejected"] or report.get("refused"):
            sys.exit(1)

    def _tell(self, report: dict[str, Any]) -> None:
        if refused := report.get("refused"):
            self.stdout.write(f"未导入：{refused}")
            return
        self.stdout.write(
            f"共 {report['rows']} 行，通过 {report['accepted']} 行，有误 {report['rejected']} 行。"
        )
        for notice in report["notices"]:
            where = f"第 {notice['row']} 行" if notice["row"] else "整个文件"
            self.stdout.write(f"提示，{where}：{notice['text']}")
        for fault in report["faults"]:
            self.stdout.write(f"第 {fault['row']} 行（{'、'.join(fault['fields'])}）：{fault['reason']}")


def import_file(path: Path, entity_code: str, *, dry_run: bool) -> dict[str, Any]:
    """Import a file as the system, at once; returns the report that `--json` prints."""
    run = resume_run(receive_file(path, entity_code, dry_run=dry_run).pk, at=timezone.now())
    if run.stage in {ImportStage.REFUSED, ImportStage.UNDONE}:
        raise of_kit.TASK_REFUSED(why=run.message)
    if run.is_paused:  # for want of room on the disk: the platform's own worker goes on
        raise of_kit.TASK_PAUSED(why=run.message)
    faults, notices = faults_of(run), notices_of(run)
    if dry_run:
        with acting_in(EVERYTHING):
            give_up(run_id=run.pk, by=SYSTEM, at=timezone.now())
        resume_run(run.pk, at=timezone.now())  # it clears up: nobody else may be there to do it
    return {
        "rows": run.rows_read,
        "accepted": run.rows_read - run.rows_rejected,
        "rejected": run.rows_rejected,
        "faults": faults,
        "notices": notices,
        "columns": run.columns,
        "read": first_rows(run),
        "questions": run.questions,
    }


def receive_file(path: Path, entity_code: str, *, dry_run: bool) -> ImportRun:
    """Keep a file as the system; a worker carries the run on unless the caller does."""
    with acting_in(EVERYTHING):
        return receive_upload(
            name=path.name,
            chunks=_blocks(path),
            area_id=None if entity_code else province_id(),
            entity_id=entity_with_code(entity_code) if entity_code else None,
            commit_without_asking=not dry_run,
            by=SYSTEM,
            at=timezone.now(),
        )


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
