"""What every benchmark stands on: a PostgreSQL as durable as in production, and one way to report.

with common.platform() as cluster:
    ...measure with Django...
    common.report("verification_rate", ratio=..., milliseconds=...)
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
RESULTS = HERE / "results.json"
ROWS = (
    "rows",
    "instruments",
    "acts",
    "leaves",
    "units",
    "certificates",
    "trials",
    "channels_one_reading_each",
)
BEFORE = os.getloadavg()  # what else the machine did when the benchmark began


@contextmanager
def platform(home: Path | None = None, **settings: str) -> Iterator[Any]:
    """Start a migrated platform in a directory of its own, with areas and catalogue; gone afterwards.

    Args:
        home: kept when given; None for a temporary directory.
        settings: laid over the platform's settings of PostgreSQL.

    Yields:
        The `runtime.postgres.Cluster`. Django is set up and speaks as the application.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    from quanheng.runtime.postgres import Cluster

    directory = home or Path(tempfile.mkdtemp(prefix="quanheng-bench-"))
    cluster = Cluster(directory / "postgres", settings)
    cluster.start()
    try:
        os.environ["DATABASE_URL"] = cluster.url()
        _let_owner_load_fast(cluster)
        _set_up()
        yield cluster
    finally:
        cluster.leave()
        if home is None:
            shutil.rmtree(directory)


def _let_owner_load_fast(cluster: Any) -> None:
    """Big demonstrations skip the reference checks where the owner may: here it may."""
    import psycopg

    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as superuser:
        superuser.execute("GRANT SET ON PARAMETER session_replication_role TO quanheng")


def _set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup(set_prefix=False)
    from quanheng.runtime.migrate import migrate

    migrate()
    call_command("load_areas", verbosity=0)
    call_command("load_catalogue", verbosity=0)


def milliseconds(call: Callable[[], object], times: int) -> list[float]:
    """Return how long each of some calls took, after one that is not counted."""
    call()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def median(values: list[float]) -> float:
    """Return the median, rounded to a hundredth."""
    return round(statistics.median(values), 2)


@contextmanager
def loads() -> Iterator[dict[str, float]]:
    """Yield what the load average was before a block and, once it is over, after it."""
    load = {"before": round(os.getloadavg()[0], 2)}
    yield load
    load["after"] = round(os.getloadavg()[0], 2)


def report(name: str, **figures: Any) -> None:
    """Print one line of JSON and keep it in results.json under its name, with how it was taken."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = figures | {"taken": taken(name, figures)}
    text = json.dumps(results, ensure_ascii=False, indent=2, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(json.dumps({"benchmark": name, **results[name]}, ensure_ascii=False))


def taken(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    """Return when a figure was taken, of which code, at how many rows and under which load."""
    return {
        "commit": _commit(),
        "date": time.strftime("%Y-%m-%d"),
        "rows": next((figures[key] for key in ROWS if isinstance(figures.get(key), int)), None),
        "load_average": {"before": round(BEFORE[0], 2), "after": round(os.getloadavg()[0], 2)},
        "code": digest(name),
    }


def is_old(name: str, figures: dict[str, Any]) -> bool:
    """Say whether the code that a figure measures has changed since it was taken, or it does not say."""
    return bool(figures.get("taken", {}).get("code") != digest(name))


def digest(name: str) -> str:
    """Return what the code is that a benchmark measures: its own file, and what its `MEASURES` name."""
    own = HERE / f"{name}.py"
    files = [own]
    for place in measured(own):
        found = ROOT / place
        files += (
            sorted(path for path in found.rglob("*") if path.suffix in CODE) if found.is_dir() else [found]
        )
    told = hashlib.sha256()
    for file in files:
        told.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return told.hexdigest()[:16]


CODE = {".py", ".sql", ".html"}


def measured(benchmark: Path) -> tuple[str, ...]:
    """Return `MEASURES` of a benchmark without running it; the whole product where it names nothing."""
    for line in ast.parse(benchmark.read_text("utf-8")).body:
        if isinstance(line, ast.Assign) and [getattr(each, "id", "") for each in line.targets] == [
            "MEASURES"
        ]:
            return tuple(ast.literal_eval(line.value))
    return ("src/quanheng",)


def _commit() -> str:
    """Return the commit, with a plus where the tree differs from it; empty outside a repository."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip()
