"""The search of the header among a hundred thousand and ten million instruments.

    python -m benchmarks.search

One officer of a county and one of the province ask over HTTP, in turns at both sizes, for what people type:
a serial number, its beginning, its tail, a code, a market by the middle of its name, a stall, a maker, a
seal, a certificate, an application that there is not. Each answer is the page of results with all its groups.

Reach: 95 % within 200 ms at ten million; ten million at most 1.3 times a hundred thousand (the sum of the
medians of every kind and role).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
from collections import Counter, defaultdict
from contextlib import ExitStack
from typing import Any

from benchmarks import common, provinces
from benchmarks.office_mix import PORT, prepare, serving
from benchmarks.officers import Visit

MEASURES = ("src/quanheng/apps", "src/quanheng/kit", "src/quanheng/web", "src/quanheng/runtime")
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
SIZES = (100_000, 10_000_000)
SMALL, LARGE = SIZES
TURNS = 25
WORDS = 25  # of each kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepare", action="store_true", help="(internal) make a province's officers")
    options = parser.parse_args()
    if options.prepare:
        print(json.dumps([officer | {"words": words(officer)} for officer in prepare()]))
        return
    sizes = {size: max(1_000, int(size * SCALE)) for size in SIZES}
    missing = [rows for rows in sizes.values() if not provinces.is_built(rows)]
    if missing:
        raise provinces.NotBuilt(missing[0])
    with ExitStack() as stack:
        running = {
            size: stack.enter_context(serving(rows, PORT + turn, "benchmarks.search"))
            for turn, (size, rows) in enumerate(sizes.items())
        }
        visits = {
            size: [Visit(port, officers[0]), Visit(port, officers[-1])]
            for size, (port, officers) in running.items()
        }
        with common.loads() as load:
            taken = in_turns(visits)
    report(sizes, visits, taken, load)


def words(officer: dict[str, Any]) -> dict[str, list[str]]:
    """Return what this officer may type, by kind, from instruments of theirs."""
    from quanheng.apps.instruments.models import Instrument, Seal
    from quanheng.kit.scope import EVERYTHING, acting_in

    ids = [number for number, _entity, _serial in officer["instruments"][:WORDS]]
    with acting_in(EVERYTHING):
        rows = list(Instrument.objects.unscoped().filter(pk__in=ids).select_related("entity", "root"))
        seals = list(
            Seal.objects.unscoped().filter(instrument__in=ids).values_list("number", flat=True)[:WORDS]
        )
    stalls = [row for row in rows if row.entity.stall_number]
    return {
        "serial": [row.serial_number for row in rows],
        "beginning": [row.serial_number[:-2] for row in rows],
        "tail": [row.serial_number[-4:] for row in rows],
        "code": [row.code for row in rows if row.code],
        "market": [row.root.name[-6:] for row in rows],
        "stall": [row.entity.stall_number for row in stalls],
        "market and stall": [f"{row.root.name[-6:]} {row.entity.stall_number}" for row in stalls],
        "maker": [row.manufacturer[:4] for row in rows if row.manufacturer],
        "seal": seals,
        "certificate": [row.certificate_number for row in rows if row.certificate_number],
        "nothing": [f"YJ260101{number % 10**8:08d}" for number in ids],
    }


def in_turns(visits: dict[int, list[Visit]]) -> dict[int, dict[str, list[float]]]:
    """Ask the same of both sizes, one after the other; return milliseconds by role and kind."""
    taken: dict[int, dict[str, list[float]]] = {size: defaultdict(list) for size in visits}
    chance = random.Random(11)
    for turn in range(-2, TURNS):
        for size in chance.sample(list(visits), len(visits)):
            for visit in visits[size]:
                for kind, typed in visit.officer.words.items():
                    if not typed:
                        continue
                    milliseconds = visit.ask(f"search {kind}", chance, turn)
                    if turn >= 0:
                        taken[size][f"{visit.officer.role} {kind}"].append(milliseconds)
    return taken


def report(
    sizes: dict[int, int],
    visits: dict[int, list[Visit]],
    taken: dict[int, dict[str, list[float]]],
    load: dict[str, float],
) -> None:
    medians = {
        size: {kind: statistics.median(values) for kind, values in sorted(kinds.items())}
        for size, kinds in taken.items()
    }
    both = set(medians[SMALL]) & set(medians[LARGE])
    cost = {size: sum(found[kind] for kind in both) for size, found in medians.items()}
    every = {size: sorted(ms for values in kinds.values() for ms in values) for size, kinds in taken.items()}
    errors = sum((visit.errors for each in visits.values() for visit in each), Counter[str]())
    common.report(
        "search",
        rows=sizes[LARGE],
        sizes=list(sizes.values()),
        questions=len(every[LARGE]),
        p95_ms_10m=round(statistics.quantiles(every[LARGE], n=20)[18], 1),
        p95_ms_100k=round(statistics.quantiles(every[SMALL], n=20)[18], 1),
        reach_p95_ms=200,
        ratio_10m_to_100k=round(cost[LARGE] / cost[SMALL], 2),
        reach_ratio=1.3,
        median_ms={
            str(sizes[size]): {kind: round(ms, 1) for kind, ms in found.items()}
            for size, found in medians.items()
        },
        load_average_of_the_questions=load,
        errors=sum(errors.values()),
        errors_by_kind=dict(errors),
    )


if __name__ == "__main__":
    main()
