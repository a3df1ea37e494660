"""What every benchmark stands on: a PostgreSQL as durable as in production, and one way to report.

with common.platform() as cluster:
    ...measure with Django...
    common.report("verification_rate", ratio=..., milliseconds=...)
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"


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


def report(name: str, **figures: Any) -> None:
    """Print one line of JSON and keep it in results.json under its name."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = figures
    text = json.dumps(results, ensure_ascii=False, indent=2, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(json.dumps({"benchmark": name, **figures}, ensure_ascii=False))
