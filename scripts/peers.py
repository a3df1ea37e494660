"""The peer that not every machine has: metrolopy, whose odrpack has wheels for few.

Everything else of the comparison and the benchmarks installs everywhere; these two need Linux on x86-64.
"""

from __future__ import annotations

try:
    import metrolopy
except ImportError:
    raise SystemExit(
        "This compares with metrolopy, which `make setup` installs on Linux with x86-64 only: its odrpack "
        "has no wheels elsewhere. Run it on such a machine."
    ) from None

__all__ = ["metrolopy"]
