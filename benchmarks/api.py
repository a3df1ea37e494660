"""The API as a program that keeps a copy of the ledger uses it: the feed of changes, and a full pull.

    python -m benchmarks.provinces 1000000      builds the province, once
    python -m benchmarks.api --instruments 1000000 --changes 10000

10,000 changes are read through `GET /api/v1/changes` (key, pace, both walls, JSON) beside the same rows by
one SQL statement (`feed_ratio`). The full pull reads every instrument of the province by `next`, a thousand a
page (NetBox's largest page is a thousand as well, unless its owner says otherwise), as a program does that
takes answers packed: through every middleware, gzip included. `gzip_ratio` is plain bytes to packed bytes. An
idle call says what a program costs that asks when nothing has changed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from datetime import timedelta
from typing import Any

from benchmarks import common, provinces

MEASURES = ("src/quanheng/api", "src/quanheng/apps/changes", "src/quanheng/kit/scope.py")
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
PAGE = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instruments", type=int, default=int(1_000_000 * SCALE))
    parser.add_argument("--changes", type=int, default=10_000)
    options = parser.parse_args()
    with provinces.province(options.instruments):
        program = Program()
        start = program.get("/api/v1/changes")["cursor"]
        change(options.changes)
        feed, told = seconds(lambda: program.follow(start))
        plain, rows = seconds(lambda: by_sql(options.changes))
        if (told, rows) != (options.changes, options.changes):
            raise SystemExit(f"{options.changes} rows changed; the feed told {told}, SQL {rows}")
        idle = common.median(common.milliseconds(program.idle, 50))
        change(options.changes, back=True)
        pull, (pulled, size, packed) = seconds(program.pull)
        common.report(
            "api",
            page=PAGE, instruments=options.instruments, changes=told,
            feed_rows_per_second=round(told / feed), sql_rows_per_second=round(rows / plain),
            feed_ratio=round(plain / feed, 3), idle_milliseconds=idle, pull_rows=pulled,
            pull_rows_per_second=round(pulled / pull), pull_bytes=size, pull_bytes_gzip=packed,
            gzip_ratio=round(size / packed, 1),
        )  # fmt: skip


def seconds(act: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    found = act()
    return time.perf_counter() - started, found


class Program:
    """A program of the province with a key, calling without a network between."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client

        settings.ALLOWED_HOSTS = ["testserver"]
        self.client, self.cursor = Client(), ""
        self.headers = {"Authorization": f"Bearer {province_key()}"}

    def answer(self, path: str, **headers: str) -> Any:
        found = self.client.get(path, headers=self.headers | headers)
        if found.status_code != 200:
            raise SystemExit(f"{path}: {found.status_code} {found.content.decode()[:300]}")
        return found

    def get(self, path: str) -> Any:
        return self.answer(path).json()

    def follow(self, since: str) -> int:
        """Read the feed to its end; return how many changes it told."""
        told, page = 0, {"next": f"/api/v1/changes?since={since}&limit={PAGE}", "has_more": True}
        while page["has_more"]:
            page = self.get(page["next"])
            told += len(page["items"])
        self.cursor = page["cursor"]
        return told

    def idle(self) -> None:
        self.get(f"/api/v1/changes?since={self.cursor}")

    def pull(self) -> tuple[int, int, int]:
        """Read every instrument; return rows, bytes as they are, and bytes that went over the line."""
        rows = size = packed = 0
        path: str | None = f"/api/v1/instruments?limit={PAGE}"
        while path:
            content = self.answer(path, **{"Accept-Encoding": "gzip"}).content
            plain = gzip.decompress(content)
            page = json.loads(plain)
            rows, size, packed = rows + len(page["items"]), size + len(plain), packed + len(content)
            path = page["next"]
        return rows, size, packed


def province_key() -> str:
    """Give an officer of the whole province a key that reads, and return it."""
    import secrets

    from django.utils import timezone

    from quanheng.apps.accounts.enums import AreaLevel, KeyScope, Role
    from quanheng.apps.accounts.models import Area
    from quanheng.apps.accounts.services.issue_api_key import collect_api_key, issue_api_key
    from quanheng.kit.scope import EVERYTHING, acting_in
    from tests.factories.people import make_actor, make_agency, make_user

    name, now = f"api-{secrets.token_hex(6)}", timezone.now()
    with acting_in(EVERYTHING):
        province = Area.objects.get(level=AreaLevel.PROVINCE, valid_to=None)
        where = {"area": province, "agency": make_agency(name, area=province)}
        officer = make_actor(Role.PROVINCE_OFFICER, user=make_user(name), **where)
        keeper = make_actor(Role.SYSTEM_ADMINISTRATOR, user=make_user(f"{name}-keeper"), **where)
        key = issue_api_key(
            appointment_id=officer.appointment_id or 0, name="对接", scopes=[KeyScope.READ_LEDGER],
            per_minute=6_000, expires_on=timezone.localdate() + timedelta(days=30), by=keeper, at=now,
        )  # fmt: skip
        return collect_api_key(key_id=key.pk, by=officer, at=now)


def change(count: int, *, back: bool = False) -> None:
    """Change some instruments, a hundred a transaction, as acts of a busy day would; or change them back."""
    from django.db import connection

    from quanheng.kit.scope import EVERYTHING, acting_in

    model = "rtrim(model, '*')" if back else "model || '*'"
    for first in range(0, count, 100):
        with acting_in(EVERYTHING), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE instruments_instrument SET model = {model} WHERE id IN"
                " (SELECT id FROM instruments_instrument ORDER BY id OFFSET %s LIMIT %s)",
                [first, min(100, count - first)],
            )


def by_sql(count: int) -> int:
    """Read the changes as one statement reads them."""
    from django.db import connection

    from quanheng.kit.scope import EVERYTHING, acting_in

    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(
            "SELECT xid, number, kind, row_id, what, at FROM changes_change"
            " ORDER BY xid DESC, number DESC LIMIT %s",
            [count],
        )
        return len(cursor.fetchall())


if __name__ == "__main__":
    main()
