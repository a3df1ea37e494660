"""The public log: sealing, the lag of an act while acts pour in, and the check of a million of them.

    python -m benchmarks.public_log --acts 1000000

The ratio says what the log leaves of the rate of writing acts: the same INSERTs with and without the trigger
that queues them, in turns. Reach: a million acts checked in 60 s, 99 of 100 acts sealed within 60 s.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import common

MEASURES = (
    "src/quanheng/apps/audit",
    "src/quanheng/adapters/public_log",
    "src/quanheng/regulation/transparency",
)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
BATCH = 200
PACE = 10_000  # acts a second; an import of 7,000 rows a second writes one act for each chunk
UNDER_LOAD = 60.0 * min(SCALE * 10, 1)  # seconds
INSERT = """INSERT INTO audit_act (at, verb, actor_name, actor_role, area_id, instrument_id, subject, before,
  after, reason, salt)
 SELECT now(), 'verification_recorded', '检定员', 'verifier', 510104, n %% 50000, '电子计价秤 ' || n,
  '{"state": "in_use", "valid_until": "2025-11-20"}',
  jsonb_build_object('result', 'passed', 'verified_on', '2026-11-20', 'certificate_number', 'JD1-2026-' || n),
  '', decode(md5(n::text), 'hex') FROM generate_series(%s::int, %s::int) AS n"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=int(1_000_000 * SCALE))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="quanheng-log-"))
    try:
        with common.platform() as cluster:
            _run(cluster.url("quanheng", "postgres"), folder, options.acts)
    finally:
        shutil.rmtree(folder)


def _run(superuser: str, folder: Path, acts: int) -> None:
    from django.conf import settings

    settings.DATA_DIR = folder
    ratio = _cost_of_queueing(superuser)
    _write(acts)
    sealing, _ = _timed(_seal_everything)
    checking, found = _timed(_check)
    if found.findings or found.entries < acts:
        raise SystemExit(f"the log is not as it was written: {found}")
    lags = _lags_under_load()
    common.report(
        "public_log",
        acts=acts,
        sealed_per_second=round(acts / sealing),
        checked_seconds=round(checking, 1),
        reach_seconds=60,
        lag_p99_seconds=round(statistics.quantiles(lags, n=100)[98], 1),
        written_per_second_under_load=round(len(lags) / UNDER_LOAD),
        ratio=round(ratio, 2),
        processors=len(os.sched_getaffinity(0)),
    )


def _timed(call):  # type: ignore[no-untyped-def]
    started = time.perf_counter()
    value = call()
    return time.perf_counter() - started, value


def _cost_of_queueing(superuser: str) -> float:
    """Return what is left of the rate of writing acts with the log's queue, in turns with and without."""
    import psycopg

    rates: dict[bool, list[float]] = {True: [], False: []}
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("SELECT set_config('quanheng.everything', '1', false)")
        for turn in range(20):
            queued = turn % 2 == 0
            state = "ENABLE" if queued else "DISABLE"
            connection.execute(f"ALTER TABLE audit_act {state} TRIGGER act_waits_for_the_log".encode())
            started = time.perf_counter()
            for _ in range(25):
                connection.execute(INSERT, [1, BATCH])
            rates[queued].append(25 * BATCH / (time.perf_counter() - started))
        connection.execute("ALTER TABLE audit_act ENABLE TRIGGER act_waits_for_the_log")
        connection.execute("ALTER TABLE audit_act DISABLE TRIGGER USER")
        connection.execute("TRUNCATE audit_act, audit_unsealedact")
        connection.execute("ALTER TABLE audit_act ENABLE TRIGGER USER")
    return statistics.median(a / b for a, b in zip(rates[True], rates[False], strict=True))


def _write(acts: int) -> None:
    from django.db import connection

    from quanheng.kit.scope import EVERYTHING, acting_in

    for first in range(1, acts + 1, 50_000):
        with acting_in(EVERYTHING), connection.cursor() as cursor:
            cursor.execute(INSERT, [first, min(first + 49_999, acts)])


def _seal_everything() -> None:
    from django.utils import timezone

    from quanheng.adapters.public_log import seal_into_folder
    from quanheng.apps.audit.log.sealing import AT_MOST

    while seal_into_folder(at=timezone.now()).added == AT_MOST:
        pass


def _check():  # type: ignore[no-untyped-def]
    from quanheng.adapters.public_log import log_folder
    from quanheng.apps.audit.log.checking import check
    from quanheng.apps.audit.log.sealing import published
    from quanheng.kit.scope import EVERYTHING, acting_in

    files = log_folder()
    head = published(files)
    if head is None:
        raise SystemExit("nothing was published")
    with acting_in(EVERYTHING):
        return check(files, head)


def _lags_under_load() -> list[float]:
    """Write at a steady pace while the sealer works as in `quanheng up`; return the lag of each act."""
    from django.db import connections

    from quanheng.runtime.sealer import PAUSE, run_once

    started = time.perf_counter()
    until = started + UNDER_LOAD
    waiting: list[tuple[float, int]] = []

    def pour() -> None:
        number = 10_000_000
        while time.perf_counter() < until:
            _write_batch(number)
            waiting.append((time.perf_counter(), BATCH))
            number += BATCH
            ahead = (number - 10_000_000) / PACE - (time.perf_counter() - started)
            time.sleep(max(ahead, 0.0))
        connections.close_all()

    writer = threading.Thread(target=pour)
    writer.start()
    lags: list[float] = []
    done = 0
    while writer.is_alive() or done < len(waiting):
        time.sleep(PAUSE)
        upto = len(waiting)
        if not run_once(refresh=True):
            raise SystemExit("sealing failed")
        now = time.perf_counter()
        lags += [now - written for written, count in waiting[done:upto] for _ in range(count)]
        done = upto
    return lags


def _write_batch(first: int) -> None:
    from django.db import connection

    from quanheng.kit.scope import EVERYTHING, acting_in

    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(INSERT, [first, first + BATCH - 1])


if __name__ == "__main__":
    main()
