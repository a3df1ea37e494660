"""A log of its own for each test: files in a temporary folder, a key, a handful of acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from quanheng.adapters.public_log import LogFolder, LogKey
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.log.sealing import Sealed, seal
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.services import record
from quanheng.apps.instruments.acts import VERIFICATION_RECORDED
from quanheng.kit.scope import EVERYTHING, acting_in

ORIGIN = "log.example/quanheng"


@pytest.fixture
def folder(tmp_path: Path) -> LogFolder:
    return LogFolder(tmp_path / "log")


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    return LogKey(tmp_path / "log.key", ORIGIN)


@pytest.fixture
def sealing(folder: LogFolder, key: LogKey, at: datetime) -> Callable[[], Sealed]:
    return lambda: seal(folder, key.sign, origin=ORIGIN, at=at)


@pytest.fixture
def acts(at: datetime) -> Callable[[int], list[Act]]:
    """Return a function that writes acts on instruments 1, 2, 3…"""

    def write(count: int) -> list[Act]:
        with acting_in(EVERYTHING):
            return [
                record(
                    VERIFICATION_RECORDED, by=SYSTEM, at=at, instrument_id=number, subject="川A-张三",
                    after={"result": "passed", "verified_on": "2026-11-20", "certificate_number": "JD-7"},
                    reason="定期检定",
                )
                for number in range(1, count + 1)
            ]  # fmt: skip

    return write
