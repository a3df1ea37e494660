"""The sandbox of the API (ADR 0048): a demonstration of its own that begins anew every night.

What its folder holds is deleted with it. So the folder has to be the sandbox's from its first start on: it
was empty then, and says so by a mark.
"""

from __future__ import annotations

import shutil
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from quanheng.runtime.account import NotPossible

MARK, GOING = "sandbox", ".going"
KEPT = frozenset({MARK, GOING, "up.lock", "secret-key", "sandbox-keys.json"})  # keys stay good overnight
OF_THE_START = frozenset({"up.lock", "secret-key"})  # what lies in a new folder before anybody claims it
ZONE = ZoneInfo("Asia/Shanghai")
AT = time(3, 30)


def claim(data_dir: Path, database_url: str) -> None:
    """Make a folder the sandbox's; one that was interrupted while it was emptied is emptied.

    Raises:
        NotPossible: it is somebody's already, or the database is not in it.
    """
    if database_url:
        raise NotPossible(
            "--sandbox is refused with DATABASE_URL: it deletes its database every night, so it takes an "
            "embedded one alone. Unset DATABASE_URL."
        )
    mark = data_dir / MARK
    if not mark.exists() and {path.name for path in data_dir.iterdir()} - OF_THE_START:
        raise NotPossible(
            f"--sandbox is refused: {data_dir} is not empty, and a sandbox deletes what is in it every "
            "night. Set QUANHENG_DATA_DIR to a new directory."
        )
    mark.touch()
    if (data_dir / GOING).exists():
        empty(data_dir)


def empty(data_dir: Path) -> None:
    """Delete everything of the day but the keys; what has begun is finished by the next start."""
    going = data_dir / GOING
    going.mkdir(exist_ok=True)
    for path in sorted(data_dir.iterdir()):
        if path.name not in KEPT:
            path.rename(going / f"{len(list(going.iterdir()))}-{path.name}")
    shutil.rmtree(going)


def next_night(now: datetime) -> datetime:
    """Return when it begins anew next."""
    local = now.astimezone(ZONE)
    tonight = datetime.combine(local.date(), AT, ZONE)
    return tonight if local < tonight else tonight + timedelta(days=1)
