"""`manage.py load_areas`: the division tree of Sichuan. May be run again at any time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from quanheng.apps.accounts.services.load_areas import load_areas


class Command(BaseCommand):
    help = "Load the divisions of Sichuan down to street level; adds only what is missing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        loaded = load_areas()
        self.stdout.write(f"{loaded.areas} areas and {loaded.successions} successions added.")
