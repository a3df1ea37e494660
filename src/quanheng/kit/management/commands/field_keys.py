"""The keys that encrypt personal data: list them, make the next, rewrite what needs an old one, retire it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.kit.key_ring import FieldKey, KeyNotHeld, key_ring
from quanheng.kit.rewriting import keys_needed, rewrite_all

LONGEST_ACT = timedelta(hours=1)  # what began before may still write with the key before


class Command(BaseCommand):
    help = "List, rotate and retire the keys that encrypt personal data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("list", help="which keys there are, and how many values need each")
        steps.add_parser("rotate", help="make the next key and encrypt every value with it")
        steps.add_parser("rewrite", help="go on with a rotation that was stopped")
        retire = steps.add_parser("retire", help="forget a key that no value needs any more, for good")
        retire.add_argument("number", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            if options["step"] == "rotate":
                made = key_ring().rotated(at)
                self.stdout.write(f"Key {made.number} encrypts from now on. Back up the keys.")
            if options["step"] in {"rotate", "rewrite"}:
                self.stdout.write(
                    f"{rewrite_all()} values were encrypted with key {key_ring().current.number}."
                )
            if options["step"] == "retire":
                self._retire(options["number"], at)
        except KeyNotHeld as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.writelines(_lines())

    def _retire(self, number: int, at: datetime) -> None:
        ring = key_ring()
        key = ring.keys.get(number)
        if key is None or key.retired_at:
            raise CommandError(f"There is no key {number} to retire: `quanheng field-keys list` names all.")
        if key == ring.current:
            raise CommandError(f"Key {number} encrypts: `quanheng field-keys rotate` makes the next first.")
        since = ring.keys[min(other for other in ring.keys if other > number)].made_at
        if since and at - since < LONGEST_ACT:
            raise CommandError(
                f"Key {number} encrypted until {timezone.localtime(since):%H:%M}: what began before "
                "may still write with it. Retire it an hour later."
            )
        if count := keys_needed()[number]:
            raise CommandError(
                f"{count} values still need key {number}: `quanheng field-keys rewrite` encrypts them with "
                f"key {ring.current.number}, then retire it."
            )
        ring.retire(number, at)
        self.stdout.write(
            f"Key {number} is forgotten. A backup from before the rotation is read with its own keys."
        )


def _lines() -> Iterator[str]:
    ring, needed = key_ring(), keys_needed()
    for number in sorted(ring.keys | needed):
        standing = _standing(ring.keys.get(number), ring.current.number)
        yield f"key {number}: {standing}, {needed[number]} values\n"


def _standing(key: FieldKey | None, current: int) -> str:
    if key is None:
        return "unknown here"
    if key.retired_at:
        return f"retired on {key.retired_at:%Y-%m-%d}"
    made = f"made on {key.made_at:%Y-%m-%d}" if key.made_at else "from the secret key"
    return f"{made}, {'encrypts' if key.number == current else 'reads'}"
