"""`quanheng openapi`: write the description of the API to docs/reference/openapi.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quanheng.api.openapi import text

COMMITTED = Path("docs/reference/openapi.json")


class Command(BaseCommand):
    help = "Write the OpenAPI document of API v1."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=COMMITTED, help="file to write")
        parser.add_argument(
            "--check", action="store_true", help="compare only; exit 1 when the file is stale"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        file: Path = options["output"]
        if not options["check"]:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text(), "utf-8")
        elif not file.exists() or file.read_text("utf-8") != text():
            raise CommandError(f"{file} is stale: run `quanheng openapi` and commit it.")
