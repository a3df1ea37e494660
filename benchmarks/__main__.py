"""`make bench`: every benchmark, one process after the other. `python -m benchmarks NAME…` runs some.

`QUANHENG_BENCH_SCALE=0.1` shrinks the data of all of them, to try whether they run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SUPPORT = {"__init__", "__main__", "common"}


def main() -> int:
    here = Path(__file__).parent
    names = sys.argv[1:] or sorted(path.stem for path in here.glob("*.py") if path.stem not in SUPPORT)
    return max((subprocess.call([sys.executable, "-m", f"benchmarks.{name}"]) for name in names), default=0)


if __name__ == "__main__":
    sys.exit(main())
