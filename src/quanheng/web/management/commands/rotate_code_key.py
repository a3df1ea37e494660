"""Retire the key that signs labels and make the next. Labels signed before still verify."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from quanheng.adapters.signer import KeyRing


class Command(BaseCommand):
    help = "Retire the key that signs labels and make the next. Labels signed before still verify."

    def handle(self, *_args: Any, **_options: Any) -> None:
        ring = KeyRing(settings.DATA_DIR / "keys" / "codes", settings.PUBLIC_URL)
        key = ring.rotate(timezone.localdate())
        self.stdout.write(f"{key.key_id} signs from {key.first_day}; {len(ring.keys())} keys are published.")
