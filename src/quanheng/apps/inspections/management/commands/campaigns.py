"""`quanheng campaigns`: how every campaign of inspections stands, county by county."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.inspections.queries import rows_of_campaigns
from quanheng.kit.scope import acting_in


class Command(BaseCommand):
    help = "Print how every campaign of inspections stands, county by county."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *_args: Any, **options: Any) -> None:
        with acting_in(SYSTEM.scope, read_only=True):
            rows = list(rows_of_campaigns(SYSTEM, timezone.localdate()))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(
                f"{row.key:<14} {row.area:<8} {row.done:>6}/{row.quota:<6} {row.failed:>5} failed  {row.name}"
            )
