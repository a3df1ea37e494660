"""`quanheng create-administrators`: the first three accounts of a new province."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.apps.accounts.services.install_administrators import install_administrators
from quanheng.kit.refusal import RuleBroken


class Command(BaseCommand):
    help = "Create the system, security and audit administrator; prints their first passwords, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agency", default="四川省市场监督管理局", help="the bureau that they belong to")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = install_administrators(agency_name=options["agency"], at=timezone.now())
        except RuleBroken as refusal:
            raise CommandError(refusal.message) from refusal
        for username, password in made.items():
            self.stdout.write(f"{username}  {password}")
        self.stdout.write(
            "Hand each to its holder; they are kept nowhere and must be changed at the first sign-in."
        )
