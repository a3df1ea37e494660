"""`quanheng indicators`: every indicator of an area, as counted now or as published on a past day."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.indicators import refusals
from quanheng.apps.indicators.queries.values import Value, values_for
from quanheng.kit.refusal import RuleBroken


class Command(BaseCommand):
    help = "Print every indicator of an area, as it is counted now or as it was published on a past day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")
        parser.add_argument("--on", default="", help="a past day, YYYY-MM-DD: what was frozen then")
        parser.add_argument("--area", default="", help="division code; the whole province when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            found = values_for(SYSTEM, options["area"], _day(options["on"]), at=timezone.now())
        except RuleBroken as refused:
            raise CommandError(refused.message) from refused
        if options["json"]:
            self.stdout.write(
                json.dumps([value.facts() for value in found.values], ensure_ascii=False, indent=2)
            )
        else:
            self.stdout.write("\n".join(_told(value) for value in found.values))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise refusals.NO_DATE(text=text) from None


def _told(value: Value) -> str:
    facts = value.facts()
    share = "—" if facts["value"] is None else f"{facts['value']:.2f}%"
    return f"{facts['key']:<8} {share:>8}  {value.numerator}/{value.denominator}  {value.indicator.name}"
