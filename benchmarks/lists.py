"""The list of instruments as a county officer pages through it, of a province of a million.

    python -m benchmarks.lists --instruments 1000000

Through every middleware and template, one request after the other, in the county with most instruments: first
and last page, both directions of each order, every filter, a search by the beginning of a serial number.
`ratio` compares the median page with the barest view of the same fifty rows: one query and a rendered list.
Reach: 95 of 100 pages in 300 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import common

MEASURES = (
    "src/quanheng/kit",
    "src/quanheng/web/lists",
    "src/quanheng/web/instruments",
    "src/quanheng/apps/instruments/models",
)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
TIMES = 5
ORDERS = ("serial_number", "manufacturer", "verified_on", "valid_until", "registered_at")
FILTERS: tuple[dict[str, str], ...] = (
    {"grade": "red"}, {"grade": "amber"}, {"due": "overdue"}, {"due": "30"}, {"state": "in_use"},
    {"premises": "market"}, {"category": "scale"}, {"standing": "living"}, {"seal_broken": "1"},
    {"gap": "code"}, {"gap": "verification"}, {"q": "1"}, {"maker": "上海"},
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instruments", type=int, default=int(1_000_000 * SCALE))
    parser.add_argument("--home", type=Path, help="keep the data in this directory and use it again")
    options = parser.parse_args()
    with common.platform(options.home):
        from django.utils import timezone

        from quanheng.demo.province import is_loaded, load_province

        if not is_loaded():
            load_province(options.instruments, at=timezone.now())
        _run()


def _run() -> None:
    from django.conf import settings
    from django.test import Client

    from quanheng.apps.accounts.enums import Role
    from tests.factories.people import make_actor, sign_in

    settings.ALLOWED_HOSTS = ["testserver"]
    area, rows = _largest_county()
    officer = make_actor(Role.COUNTY_OFFICER, area=area)
    client = Client()
    sign_in(client, officer)
    pages = _pages()
    taken = {page: common.milliseconds(partial(_get, client, page), TIMES) for page in pages}
    every = [value for values in taken.values() for value in values]
    bare = statistics.median(common.milliseconds(lambda: _bare(officer), 20))
    slowest = max(taken, key=lambda page: statistics.median(taken[page]))
    common.report(
        "lists",
        county_instruments=rows,
        pages=len(pages),
        p50_ms=round(statistics.median(every), 1),
        p95_ms=round(statistics.quantiles(every, n=20)[18], 1),
        reach_p95_ms=300,
        slowest=slowest,
        slowest_ms=round(statistics.median(taken[slowest]), 1),
        bare_list_ms=round(bare, 1),
        ratio=round(statistics.median(every) / bare, 1),
    )


def _pages() -> list[str]:
    questions: list[dict[str, str]] = [{}, {"page": "last"}]
    for order in ORDERS:
        for sort in (order, f"-{order}"):
            questions += [{"sort": sort}, {"sort": sort, "page": "last"}]
    for question in FILTERS:
        questions += [question, question | {"page": "last"}]
    return [urlencode(question) for question in questions]


def _get(client: Any, query: str) -> None:
    answer = client.get(f"/instruments/?{query}")
    if answer.status_code != 200:
        raise SystemExit(f"/instruments/?{query} answered {answer.status_code}")


def _bare(officer: Any) -> str:
    from django.template import engines

    from quanheng.apps.instruments.models import Instrument
    from quanheng.kit.scope import acting_in

    template = engines["django"].from_string("{% for row in rows %}<li>{{ row }}</li>{% endfor %}")
    with acting_in(officer.scope, read_only=True):
        return str(template.render({"rows": Instrument.objects.visible_to(officer).order_by("id")[:50]}))


def _largest_county() -> tuple[Any, int]:
    from django.db.models import Count

    from quanheng.apps.accounts.enums import AreaLevel
    from quanheng.apps.accounts.models import Area
    from quanheng.apps.instruments.models import Instrument
    from quanheng.kit.scope import EVERYTHING, acting_in

    with acting_in(EVERYTHING):
        counted = Instrument.objects.unscoped().values("area_id").annotate(rows=Count("id"))
        streets = {row["area_id"]: row["rows"] for row in counted}
        counties = {
            county: sum(rows for street, rows in streets.items() if county.id <= street <= county.last)
            for county in Area.objects.filter(level=AreaLevel.COUNTY)
        }
        return max(counties.items(), key=lambda found: found[1])


if __name__ == "__main__":
    main()
