"""kill -9 of web, worker and PostgreSQL in mid-import: the run ends in the same rows as an undisturbed
one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.import_ledger import write_ledger
from quanheng.runtime.postgres import Cluster
from tests.runtime.platform import Up, environment, quanheng, running, until

ROWS = 25_000  # two chunks enter while the file is read, one after it
SHORT_OF_TIME = 400
ROUNDS = 20
WORKER, POSTGRES, WEB = "quanheng.runtime.worker", "postgres", "quanheng.runtime.web"

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

ROWS_IN_LEDGER = """
SELECT count(*), md5(string_agg(concat_ws('|', i.manufacturer, i.serial_number, i.model, i.verified_on,
i.valid_until,
    i.certificate_number, i.state, e.name, (SELECT string_agg(s.number, ',') FROM instruments_seal s
    WHERE s.instrument_id = i.id),
    (SELECT count(*) FROM instruments_verification v WHERE v.instrument_id = i.id)),
    chr(10) ORDER BY i.manufacturer, i.serial_number))
FROM instruments_instrument i JOIN registry_entity e ON e.id = i.entity_id
"""
RATE_CHANGES = """
SELECT sum(denominator), sum(numerator) FROM instruments_ratechange
WHERE grain = 0 OR grain = 1 AND area_id = 510000000000
"""


def ask(data_dir: Path, sql: str) -> tuple[Any, ...]:
    """Read the platform's database as its superuser; an empty answer while it is down."""
    try:
        url = Cluster(data_dir / "postgres").url("quanheng", "postgres")
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute(sql.encode()).fetchone() or ()
    except psycopg.Error:
        return ()


def start_import(up: Up, file: Path) -> int:
    """Load the divisions and hand the file to the platform's own worker."""
    for words in (("load-areas",), ("load-catalogue",)):
        assert quanheng(*words, env=environment(up.data_dir)).returncode == 0
    done = quanheng("import-ledger", str(file), "--queue", env=environment(up.data_dir))
    assert done.returncode == 0, done.stderr
    return int(json.loads(done.stdout)["import"])


def is_done(data_dir: Path, run: int) -> bool:
    state = ask(data_dir, f"SELECT state FROM instruments_importrun WHERE id = {run}")
    assert state != ("failed",)
    return state == ("done",)


def outcome(data_dir: Path, run: int) -> tuple[Any, ...]:
    """What the run left: ledger rows, the rollup, and its own account of itself."""
    account = ask(data_dir, f"SELECT rows_new, rows_rejected FROM instruments_importrun WHERE id = {run}")
    return (*ask(data_dir, ROWS_IN_LEDGER), *ask(data_dir, RATE_CHANGES), *account)


def undisturbed(folder: Path, file: Path) -> tuple[Any, ...]:
    """Return what an import leaves that nobody kills anything of."""
    with running(folder) as up:
        run = start_import(up, file)
        until(lambda: is_done(up.data_dir, run), within=SHORT_OF_TIME)
        return outcome(up.data_dir, run)


def disturbed(
    folder: Path, file: Path, kills: Iterable[tuple[float, str]]
) -> tuple[tuple[Any, ...], set[str]]:
    """Return what an import leaves whose processes are killed, each after some seconds; and which were."""
    killed = set()
    with running(folder) as up:
        run = start_import(up, file)
        for seconds, name in kills:
            time.sleep(seconds)
            if not is_done(up.data_dir, run) and (pid := up.pid(name)):
                os.kill(pid, signal.SIGKILL)
                killed.add(name)
            until(up.is_ready, within=120)
        until(lambda: is_done(up.data_dir, run), within=SHORT_OF_TIME)
        return outcome(up.data_dir, run), killed


def test_killed_anywhere_the_import_ends_in_the_same_rows(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    write_ledger(file, ROWS)
    left, killed = disturbed(
        tmp_path / "disturbed", file, [(1.5, name) for name in (WORKER, POSTGRES, WEB, WORKER, POSTGRES)]
    )
    assert left == undisturbed(tmp_path / "quiet", file)
    assert {POSTGRES, WORKER} <= killed, "the import was over before anything was killed"


@pytest.mark.long
@pytest.mark.timeout(5_400)
def test_twenty_rounds_of_kills_at_any_moment_end_in_the_same_rows(tmp_path: Path) -> None:
    file, chance = tmp_path / "ledger.csv", random.Random(20)
    write_ledger(file, ROWS)
    expected = undisturbed(tmp_path / "quiet", file)
    struck = 0
    for number in range(ROUNDS):
        kills = [(chance.uniform(0.1, 4.0), chance.choice((WORKER, WORKER, POSTGRES, WEB))) for _ in range(3)]
        folder = tmp_path / f"round-{number}"
        left, killed = disturbed(folder, file, kills)
        shutil.rmtree(folder)
        assert left == expected, (number, kills)
        struck += bool(killed & {WORKER, POSTGRES})
    assert struck >= ROUNDS * 3 // 4, "most imports were over before anything was killed"
