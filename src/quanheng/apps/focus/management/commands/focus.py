"""`quanheng focus`: who is on the focus list, the next visit first."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.focus.queries.listings import rows_of_list
from quanheng.kit.scope import acting_in


class Command(BaseCommand):
    help = "Print who is on the focus list, the next visit first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *_args: Any, **options: Any) -> None:
        with acting_in(SYSTEM.scope, read_only=True):
            rows = list(rows_of_list(SYSTEM))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(f"{row.next_visit_by}  since {row.since}  {row.area} {row.entity}")
