"""`quanheng demo [--instruments N]`: the demonstration province, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.apps.accounts.demonstration import mark_demonstration
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.demo.benches import equip_institutes, verify_some
from quanheng.demo.exchange import exchange_files, hear_of_scales
from quanheng.demo.hospitals import report_half_years
from quanheng.demo.inspections import draw_quarters, plan_inspections
from quanheng.demo.newcomers import welcome_newcomers
from quanheng.demo.offices import open_offices
from quanheng.demo.province import is_loaded, load_province
from quanheng.demo.repairs import send_some
from quanheng.demo.shoppers import hear_of_shoppers
from quanheng.demo.webhooks import tell_a_city
from quanheng.kit.refusal import RuleBroken

MOST = 10_000_000


class Command(BaseCommand):
    help = "Load the demonstration province (Sichuan, fixed seed) into an empty ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--instruments", type=int, default=50_000, help="how many, up to 10,000,000")

    def handle(self, *_args: Any, **options: Any) -> None:
        count = options["instruments"]
        if not 1 <= count <= MOST:
            raise CommandError(f"--instruments must be between 1 and {MOST:,}.")
        try:
            mark_demonstration(at=timezone.now())
        except RuleBroken as refusal:
            raise CommandError(refusal.message) from None
        load_areas()
        load_catalogue()
        self._load(count)
        accounts = settings.DATA_DIR / "demo-accounts.txt"
        if open_offices(accounts, at=timezone.now()):
            equip_institutes(at=timezone.now())
            verify_some(at=timezone.now())
            send_some(at=timezone.now())
            hear_of_scales(at=timezone.now())
            hear_of_shoppers(at=timezone.now())
            draw_quarters(at=timezone.now())
            plan_inspections(at=timezone.now())
            welcome_newcomers(at=timezone.now())
            report_half_years(at=timezone.now())
            exchange_files(at=timezone.now())
            tell_a_city(at=timezone.now())
            self.stdout.write(f"The demonstration accounts are in {accounts}.")

    def _load(self, count: int) -> None:
        if is_loaded():
            self.stdout.write("The ledger holds instruments already; nothing was added.")
            return
        loaded = load_province(count, at=timezone.now())
        speed = loaded.instruments / loaded.seconds
        self.stdout.write(
            f"{loaded.instruments:,} instruments of {loaded.entities:,} entities with"
            f" {loaded.verifications:,} verifications in {loaded.seconds:.1f} s ({speed:,.0f} instruments/s)."
        )
