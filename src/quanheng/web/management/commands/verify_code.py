"""Check a scanned label without a network: by the address in its QR code and a published key list."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quanheng.adapters.signer import Answer, KeyList, check_address
from quanheng.regulation.instrument_code import grouped
from quanheng.regulation.signed_code import serial_digest

EXIT = {Answer.VALID: 0, Answer.ALTERED: 1, Answer.UNKNOWN_KEY: 2, Answer.NOT_OURS: 3}
DIFFERENT_SERIAL = 4


class Command(BaseCommand):
    help = (
        "Check a label offline. Exit: 0 valid, 1 altered, 2 unknown key, 3 not ours, 4 other serial number."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("url", help="what the QR code holds")
        parser.add_argument(
            "--keys", type=Path, required=True, help="the key list, as /s/keys.json publishes it"
        )
        parser.add_argument("--serial", default="", help="the serial number on the nameplate, to compare")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            keys = KeyList.from_json(options["keys"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise CommandError(f"--keys: {fault}") from fault
        answer, code, mark = check_address(options["url"], keys)
        said: dict[str, Any] = {"answer": answer.value, "code": code and grouped(code)}
        status = EXIT[answer]
        if answer == Answer.VALID and mark is not None:
            said |= {"issued_on": mark.issued_on.isoformat(), "key": mark.key_id, "blank": mark.was_blank}
            if options["serial"] and not mark.was_blank:
                said["serial_fits"] = mark.serial_digest == serial_digest(code, options["serial"])
                status = 0 if said["serial_fits"] else DIFFERENT_SERIAL
        lines = (f"{name}: {value}" for name, value in said.items())
        self.stdout.write(json.dumps(said) if options["json"] else "\n".join(lines))
        raise SystemExit(status)
