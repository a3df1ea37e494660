"""`quanheng tell-scales`: the stock of scales, told to the national platform once it is configured."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.apps.accounts.queries import positions_by_code, province_id
from quanheng.apps.exchange.services.tell_stock import tell_stock
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in


class Command(BaseCommand):
    help = "Tell the national platform for scales how every coded scale stands; the worker hands it over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", default="", help="division code; the whole province when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        code = options["area"]
        with acting_in(EVERYTHING):
            area_id = positions_by_code().get(code) if code else province_id()
        if area_id is None:
            raise CommandError(f"There is no division {code}.")
        try:
            told = tell_stock(area_id=area_id, at=timezone.now())
        except RuleBroken as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{told} scales wait to be told; see /exchange/.")
