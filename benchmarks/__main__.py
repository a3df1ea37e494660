"""`make bench`: every benchmark, one process after the other. `python -m benchmarks NAME…` runs some.

    python -m benchmarks --age      says of which code each figure is, and which are old

A benchmark is stopped after half an hour; the provinces of some are built before (`benchmarks.provinces`).
`QUANHENG_BENCH_SCALE=0.1` shrinks the data of all of them, to try whether they run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks import common

SUPPORT = {"__init__", "__main__", "common", "officers", "provinces"}
LIMIT = 30 * 60  # seconds


def main() -> int:
    if sys.argv[1:] == ["--age"]:
        return ages()
    here = Path(__file__).parent
    names = sys.argv[1:] or sorted(path.stem for path in here.glob("*.py") if path.stem not in SUPPORT)
    failed = max((_run(name) for name in names), default=0)
    ages()
    return failed


def _run(name: str) -> int:
    try:
        return subprocess.call([sys.executable, "-m", f"benchmarks.{name}"], timeout=LIMIT)
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {LIMIT // 60} minutes", file=sys.stderr)
        return 1


def ages() -> int:
    """Print of each figure when it was taken, of how many rows, under which load, and whether it is old."""
    results = json.loads(common.RESULTS.read_text("utf-8"))
    for name, figures in sorted(results.items()):
        taken = figures.get("taken", {})
        old = "old: its code has changed since" if common.is_old(name, figures) else "of this code"
        load, rows = taken.get("load_average", {}), taken.get("rows") or "-"
        when = f"{taken.get('date', 'undated'):10} {taken.get('commit', ''):12} rows {rows:>10}"
        print(f"{name:18} {when} load {load.get('before', '-')}–{load.get('after', '-')}  {old}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
