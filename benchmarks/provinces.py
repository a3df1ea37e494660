"""Provinces of a stated size, built once below `var/bench` and used again by whatever measures.

    python -m benchmarks.provinces 10000 100000 1000000 10000000

Ten million instruments take about half an hour and 25 GB. What was built is brought to the version of the
code (new indexes) at its next use; `QUANHENG_BENCH_HOME` names another directory. While it builds, it is
not durable and cannot be measured: `built.json` stands in it when it can.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import common

HOME = Path(os.environ.get("QUANHENG_BENCH_HOME", Path(__file__).parents[1] / "var" / "bench"))
TEN_MILLION_BYTES = 35_000_000_000
WHILE_BUILDING = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "maintenance_work_mem": "1GB", "max_wal_size": "4GB",
}  # fmt: skip


class NotBuilt(SystemExit):
    """The data of a benchmark is not there yet."""

    def __init__(self, instruments: int) -> None:
        super().__init__(
            f"The province of {instruments:,} instruments is not built: "
            f"run `python -m benchmarks.provinces {instruments}` first."
        )


def home_of(instruments: int) -> Path:
    """Return where the province of this size lies."""
    return HOME / str(instruments)


def is_built(instruments: int) -> bool:
    """Say whether it is whole."""
    return (home_of(instruments) / "built.json").exists()


@contextmanager
def province(instruments: int, **settings: str) -> Iterator[Any]:
    """Start a province that is built, as durable as in production.

    Raises:
        NotBuilt: it is not.
    """
    if not is_built(instruments):
        raise NotBuilt(instruments)
    with common.platform(home_of(instruments), **settings) as cluster:
        yield cluster


def build(instruments: int) -> None:
    """Build the province of this size unless it stands; half a one is begun again."""
    if is_built(instruments):
        return
    import shutil

    home = home_of(instruments)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    free = shutil.disk_usage(home).free
    if (needed := TEN_MILLION_BYTES * instruments // 10_000_000) > free:
        raise SystemExit(f"{needed / 1e9:.0f} GB are needed in {home}, {free / 1e9:.0f} GB are free.")
    started = time.monotonic()
    with common.platform(home, **WHILE_BUILDING):
        from django.utils import timezone

        from quanheng.demo.province import load_province

        load_province(instruments, at=timezone.now())
    taken = round(time.monotonic() - started)
    (home / "built.json").write_text(json.dumps({"instruments": instruments, "seconds": taken}))
    print(f"{instruments:,} instruments in {home}: {taken} s", flush=True)


def main() -> None:
    for instruments in map(int, sys.argv[1:]):
        if len(sys.argv) == 2:  # alone in this process
            build(instruments)
        elif not is_built(instruments):  # Django knows one database in a process
            os.spawnv(
                os.P_WAIT, sys.executable, [sys.executable, "-m", "benchmarks.provinces", str(instruments)]
            )


if __name__ == "__main__":
    main()
