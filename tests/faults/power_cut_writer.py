"""Writes acts and seals them, and says on its standard output what was acknowledged.

    act 17            the transaction that wrote it has committed
    entries 40        a checkpoint over so many entries was published

Run by `power_cut` with DATABASE_URL and QUANHENG_DATA_DIR on the file system that loses its power.
"""

from __future__ import annotations

import os
import sys
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")

import django

django.setup(set_prefix=False)

# ruff: noqa: E402 - models are there after the set-up
from django.utils import timezone

from quanheng.adapters.public_log import seal_into_folder
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts
from quanheng.kit.scope import EVERYTHING, acting_in

WRITERS = 3
saying = threading.Lock()


def say(line: str) -> None:
    with saying:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def write() -> None:
    while True:
        with acting_in(EVERYTHING):
            act = record(acts.SEAL_APPLIED, by=SYSTEM, at=timezone.now(), instrument_id=1, reason="x" * 200)
        say(f"act {act.pk}")


def seal() -> None:
    while True:
        say(f"entries {seal_into_folder(at=timezone.now()).checkpoint.size}")


for work in (*[write] * WRITERS, seal):
    threading.Thread(target=work, daemon=True).start()
threading.Event().wait()
