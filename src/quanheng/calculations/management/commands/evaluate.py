"""`quanheng evaluate KIND FILE.json`: evaluate one case and print its result as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quanheng.calculations.evaluating import CaseRefused, calculations, evaluate, read_case
from quanheng.calculations.schemas import schema_files

SCHEMAS = Path("docs/reference/schemas")


class Command(BaseCommand):
    help = "Evaluate a case (net-content, uncertainty, conformity, …) and print its result."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[*calculations(), "schemas"], help="kind of calculation")
        parser.add_argument(
            "file", help="the case as JSON (- is standard input); schemas: `write` or `check`"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if options["kind"] == "schemas":
            self._schemas(check=options["file"] == "check")
            return
        text = sys.stdin.buffer.read() if options["file"] == "-" else self._read(Path(options["file"]))
        try:
            result = evaluate(calculations()[options["kind"]], read_case(text))
        except CaseRefused as refused:
            self.stdout.write(json.dumps({"faults": refused.faults}, ensure_ascii=False, indent=2))
            sys.exit(1)
        self.stdout.write(result.model_dump_json(indent=2))

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}") from None

    def _schemas(self, *, check: bool) -> None:
        stale = [name for name, text in schema_files().items() if _committed(name) != text]
        if check and stale:
            raise CommandError(f"{', '.join(stale)} stale: run `quanheng evaluate schemas write` and commit.")
        SCHEMAS.mkdir(parents=True, exist_ok=True)
        for name in stale:
            (SCHEMAS / name).write_text(schema_files()[name], "utf-8")


def _committed(name: str) -> str | None:
    file = SCHEMAS / name
    return file.read_text("utf-8") if file.exists() else None
