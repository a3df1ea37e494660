"""Twenty officers at work at once, and what a page and a save cost as the ledger grows.

    python -m benchmarks.office_mix

Ten officers of counties and ten of the province, over HTTP, with everything that `quanheng up` puts before a
page: lists (newest, filtered, ordered, further pages), files of instruments, searches, desks, and saves (an
instrument moves within its place of use: locked, counted, written, logged). They work for a minute at a
million instruments, without a pause between their requests. Then one county officer and one of the province
ask alone, the same questions in turns at ten thousand, a hundred thousand, a million and ten million, so that
whatever else the machine does weighs on all sizes alike.

Reach: 50 requests/s on two cores with 95 % within 600 ms; a save at ten million at most 1.3 times one at ten
thousand; pages (the sum of the medians of every kind) at ten million at most 1.3 times those at a hundred
thousand. The plot is `office_mix.svg`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import common, provinces
from benchmarks.officers import Officer, Visit

MEASURES = ("src/quanheng/apps", "src/quanheng/kit", "src/quanheng/web", "src/quanheng/runtime")
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
SMALLEST, SMALL, MIDDLE, LARGE = SIZES
OFFICERS, SECONDS, WARMING = 20, float(os.environ.get("QUANHENG_BENCH_SECONDS", "60")), 10.0
TURNS = 30
PORT = 8480
SHARES = {"list": 30, "detail": 30, "search": 15, "save": 15, "desk": 10}
SETTINGS = {"shared_buffers": "512MB"}  # as the platform has them


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepare", action="store_true", help="(internal) make a province's officers")
    options = parser.parse_args()
    if options.prepare:
        print(json.dumps(prepare()))
        return
    sizes = {size: max(1_000, int(size * SCALE)) for size in SIZES}
    missing = [rows for rows in sizes.values() if not provinces.is_built(rows)]
    if missing:
        raise provinces.NotBuilt(missing[0])
    with ExitStack() as stack:
        running = {
            size: stack.enter_context(serving(rows, PORT + turn))
            for turn, (size, rows) in enumerate(sizes.items())
        }
        crowd = together(*running[MIDDLE])
        alone = in_turns(running)
    report(sizes, crowd, alone)


@contextmanager
def serving(
    rows: int, port: int, preparing: str = "benchmarks.office_mix"
) -> Iterator[tuple[int, list[Officer]]]:
    """Start a province, make its officers, and serve it.

    Args:
        preparing: the benchmark that makes the officers (`--prepare`).
    """
    from quanheng.runtime.postgres import Cluster

    home = provinces.home_of(rows)
    cluster = Cluster(home / "postgres", SETTINGS)
    cluster.start()
    environment = os.environ | {
        "DATABASE_URL": cluster.url(), "QUANHENG_DATA_DIR": str(home / "var"),
        "PORT": str(port), "QUANHENG_TRUSTED_PROXIES": "127.0.0.1",
    }  # fmt: skip
    (home / "var").mkdir(exist_ok=True)
    try:
        command = [sys.executable, "-m", preparing, "--prepare"]
        made = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        officers = [Officer(**each) for each in json.loads(made.stdout.splitlines()[-1])]
        server = subprocess.Popen([sys.executable, "-m", "quanheng.runtime.web"], env=environment)
        try:
            _wait(port)
            yield port, officers
        finally:
            server.terminate()
            server.wait(timeout=60)
    finally:
        cluster.leave()


def prepare() -> list[dict[str, Any]]:
    """Bring a province to the version of the code and make twenty officers with sessions in it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    import django

    django.setup(set_prefix=False)
    from quanheng.apps.accounts.enums import Role
    from quanheng.apps.accounts.models import Area
    from quanheng.runtime.migrate import migrate

    migrate()
    _freshen()
    counties = _counties(OFFICERS // 2)
    province = Area.objects.get(level=1)
    people = [(Role.COUNTY_OFFICER, county) for county in counties]
    people += [(Role.PROVINCE_OFFICER, province)] * (OFFICERS - len(people))
    return [_officer(role, area, turn) for turn, (role, area) in enumerate(people)]


def _freshen() -> None:
    """Have the planner know what is there, as autovacuum would; what the last run wrote is folded."""
    from django.db import connection

    from quanheng.apps.instruments.services import entry_counts, rate_changes
    from quanheng.kit.database import as_owner

    with as_owner(), connection.cursor() as cursor:
        rate_changes.fold()
        entry_counts.fold()
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND reltuples < 0 AND relpages > 0"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")


def _counties(count: int) -> list[Any]:
    from quanheng.apps.accounts.models import Area

    counties = list(Area.objects.filter(level=3, valid_to=None).order_by("pk"))
    return random.Random(20260101).sample(counties, count)


def _officer(role: Any, area: Any, turn: int) -> dict[str, Any]:
    import secrets

    from django.test import Client

    from quanheng.apps.accounts.enums import AgencyKind
    from quanheng.apps.accounts.models import Agency
    from quanheng.kit.scope import EVERYTHING, acting_in
    from tests.factories.people import make_actor, make_user, sign_in

    with acting_in(EVERYTHING):
        agency, _new = Agency.objects.get_or_create(
            name=f"量测{turn}号局", defaults={"area": area, "kind": AgencyKind.BUREAU}
        )
        actor = make_actor(role, area=area, agency=agency, user=make_user(f"mix-{secrets.token_hex(6)}"))
    client = sign_in(Client(), actor)
    return {
        "role": str(role), "session": client.cookies["sessionid"].value, "address": f"10.0.0.{turn + 1}",
        "instruments": _instruments(actor),
    }  # fmt: skip


def _instruments(actor: Any) -> list[tuple[int, int, str]]:
    """Return two hundred of the officer's own that can be moved, from all over the area."""
    from quanheng.apps.instruments.models import Instrument
    from quanheng.kit.scope import acting_in

    with acting_in(actor.scope):
        rows = Instrument.objects.visible_to(actor).filter(state="in_use", parent=None)
        highest = Instrument.objects.unscoped().order_by("-pk").values_list("pk", flat=True)[0]
        chance = random.Random(7)
        if actor.scope.last - actor.scope.first >= 10**9:
            rows = rows.filter(pk__in=chance.sample(range(1, highest + 1), min(400, highest)))
        found = list(rows.order_by("area_id", "pk").values_list("pk", "entity_id", "serial_number")[:20_000])
        return chance.sample(found, min(200, len(found)))


def together(port: int, officers: list[Officer]) -> dict[str, Any]:
    """Have all officers work at once; return the rate, the latencies and what went wrong."""
    visits = [Visit(port, officer) for officer in officers]
    _crowd(visits, WARMING)
    for visit in visits:
        visit.errors.clear()
    started = time.perf_counter()
    with common.loads() as load:
        taken = _crowd(visits, SECONDS)
    seconds = time.perf_counter() - started
    every = [value for values in taken.values() for value in values]
    return {
        "requests_per_second": round(len(every) / seconds, 1),
        "p50_ms": round(statistics.median(every), 1),
        "p95_ms": round(statistics.quantiles(every, n=20)[18], 1),
        "by_kind_p50_ms": {kind: round(statistics.median(values), 1) for kind, values in taken.items()},
        "errors": dict(sum((visit.errors for visit in visits), Counter())),
        "load_average": load,
    }


def _crowd(visits: list[Visit], seconds: float) -> dict[str, list[float]]:
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(len(visits)) as pool:
        asked = [pool.submit(_work, visit, seed, until) for seed, visit in enumerate(visits)]
    taken: dict[str, list[float]] = defaultdict(list)
    for each in asked:
        for kind, milliseconds in each.result():
            taken[kind].append(milliseconds)
    return taken


def _work(visit: Visit, seed: int, until: float) -> list[tuple[str, float]]:
    chance = random.Random(seed)
    kinds, weights = list(SHARES), list(SHARES.values())
    done = []
    while time.perf_counter() < until:
        kind = chance.choices(kinds, weights)[0]
        done.append((kind, visit.ask(kind, chance)))
    return done


def in_turns(running: dict[int, tuple[int, list[Officer]]]) -> dict[int, dict[str, Any]]:
    """Ask the same of every size, one after the other; return the medians by kind of page and role."""
    visits = {
        size: [Visit(port, officers[0]), Visit(port, officers[-1])]
        for size, (port, officers) in running.items()
    }
    taken: dict[int, dict[str, list[float]]] = {size: defaultdict(list) for size in running}
    chance = random.Random(3)
    for turn in range(-2, TURNS):
        for kind in SHARES:
            for size in chance.sample(list(visits), len(visits)):
                for visit in visits[size]:
                    visit.ask("detail", chance, turn)  # whoever saves has just looked at it
                    milliseconds = visit.ask(kind, chance, turn)
                    if turn >= 0:
                        taken[size][f"{visit.officer.role} {kind}"].append(milliseconds)
    return {
        size: {
            "ms": {name: round(statistics.median(values), 1) for name, values in sorted(kinds.items())},
            "errors": dict(sum((visit.errors for visit in visits[size]), Counter())),
        }
        for size, kinds in taken.items()
    }


def pages_and_saves(kinds: dict[str, float]) -> tuple[float, float]:
    """Return the sum of the medians of the pages, and of the saves."""
    saves = sum(value for name, value in kinds.items() if name.endswith(" save"))
    return sum(kinds.values()) - saves, saves


def report(sizes: dict[int, int], crowd: dict[str, Any], alone: dict[int, dict[str, Any]]) -> None:
    cost = {size: pages_and_saves(found["ms"]) for size, found in alone.items()}
    errors = sum((Counter(found["errors"]) for found in alone.values()), Counter(crowd["errors"]))
    plot(cost, Path(__file__).with_suffix(".svg"))
    common.report(
        "office_mix",
        rows=sizes[LARGE],
        sizes=list(sizes.values()),
        officers=OFFICERS,
        processors=len(os.sched_getaffinity(0)),
        requests_per_second_1m=crowd["requests_per_second"],
        reach_requests_per_second_1m=50,
        p50_ms_1m=crowd["p50_ms"],
        p95_ms_1m=crowd["p95_ms"],
        reach_p95_ms_1m=600,
        by_kind_p50_ms_1m=crowd["by_kind_p50_ms"],
        load_average_of_the_officers=crowd["load_average"],
        save_ratio_10m_to_10k=round(cost[LARGE][1] / cost[SMALLEST][1], 2),
        page_ratio_10m_to_100k=round(cost[LARGE][0] / cost[SMALL][0], 2),
        reach_ratio=1.3,
        alone_ms={str(size): found["ms"] for size, found in alone.items()},
        errors=sum(errors.values()),
        errors_by_kind=dict(errors),
    )


def plot(cost: dict[int, tuple[float, float]], file: Path) -> None:
    """Draw what pages and saves cost by size, both as times of the smallest size that counts."""
    from math import log10

    pages = [(size, cost[size][0] / cost[SMALL][0]) for size in SIZES[1:]]
    saves = [(size, cost[size][1] / cost[SMALLEST][1]) for size in SIZES]
    top = max(2.0, *(ratio for _size, ratio in pages + saves)) * 1.1

    def at(size: int, ratio: float) -> str:
        return f"{70 + (log10(size) - 4) * 150:.0f},{270 - ratio / top * 240:.0f}"

    def line(points: list[tuple[int, float]], colour: str) -> str:
        joined = " ".join(at(*point) for point in points)
        dots = "".join(
            f'<circle cx="{at(*point).split(",")[0]}" cy="{at(*point).split(",")[1]}" r="4" fill="{colour}">'
            f"<title>{point[0]:,}: {point[1]:.2f}×</title></circle>"
            for point in points
        )
        return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'

    reach = at(SMALLEST, 1.3).split(",")[1]
    marks = "".join(
        f'<text x="{at(size, 0).split(",")[0]}" y="290" text-anchor="middle">{size:,}</text>'
        for size in SIZES
    )
    levels = "".join(
        f'<text x="60" y="{int(at(SMALLEST, level).split(",")[1]) + 4}" text-anchor="end">{level:g}×</text>'
        for level in (0, 1, 1.3, 2)
    )
    file.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 330"'
        ' font-family="sans-serif" font-size="12">'
        '<rect width="600" height="330" fill="#fff"/>'
        f'<line x1="70" x2="560" y1="{reach}" y2="{reach}" stroke="#999" stroke-dasharray="4 4"/>'
        f'<line x1="70" x2="560" y1="270" y2="270" stroke="#333"/>{levels}{marks}'
        f"{line(pages, '#1f6feb')}{line(saves, '#c2410c')}"
        '<text x="70" y="315" fill="#1f6feb">pages, 1 = at 100,000 instruments</text>'
        '<text x="330" y="315" fill="#c2410c">saves, 1 = at 10,000 instruments</text></svg>\n',
        encoding="utf-8",
    )


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
