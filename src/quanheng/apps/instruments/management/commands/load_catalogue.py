"""`manage.py load_catalogue`: what must be verified, and how often. May be run again at any time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from quanheng.apps.instruments.services.load_catalogue import load_catalogue


class Command(BaseCommand):
    help = (
        "Load the catalogue of compulsorily managed instruments and its periods; adds only what is missing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        loaded = load_catalogue()
        self.stdout.write(f"{loaded.items} items and {loaded.periods} periods added.")
