"""Import of a csv ledger with every check, against a raw COPY of the same rows and against
django-import-export.

    python -m benchmarks.import_ledger --rows 1000000

The raw COPY writes the rows that the import brought into the ledger once more, into a table of the same shape
with the
same keys, indexes and foreign keys (`ratio`). For scale,
`ratio_to_unindexed_copy` compares with a COPY of the csv as it
stands into a table of text columns without any index. The peer is django-import-export's ModelResource over
the same table, on the first rows of the same file, five times: its spread is reported, for the ratio moves
with what else the machine does. Reach: 0.2 of COPY, 20 times the peer, peak memory 500 MB.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import common

HEADER = (
    "序号", "市场名称", "市场统一社会信用代码", "所属区县", "摊位号", "经营者姓名", "联系电话", "器具名称",
    "规格型号", "准确度等级",
    "最大秤量(kg)", "检定分度值e(g)", "出厂编号", "生产厂家", "检定日期", "有效期至", "检定证书编号",
    "铅封编号", "状态",
)  # fmt: skip
SCALES_A_MARKET = 200
PEER_TURNS = 5
SCALES_A_STALL = 2
COUNTIES = (
    "成都市锦江区",
    "成都市青羊区",
    "成都市武侯区",
    "绵阳市涪城区",
    "泸州市江阳区",
    "宜宾市翠屏区",
    "南充市顺庆区",
    "德阳市旌阳区",
)
MAKERS = ("上海友声衡器有限公司", "浙江大阳衡器", "凯丰集团有限公司", "蓉秤衡器有限公司")
MEASURES = (
    "src/quanheng/apps/instruments/ledger_sheet",
    "src/quanheng/apps/instruments/models",
    "src/quanheng/apps/instruments/services/imports",
    "src/quanheng/kit/sheets",
)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=int(1_000_000 * SCALE))
    parser.add_argument("--peer-rows", type=int, default=2_000)
    options = parser.parse_args()
    with common.platform() as cluster, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.csv"
        write_ledger(file, options.rows)
        peers = [rows_a_second_of_peer(file, options.peer_rows) for _ in range(PEER_TURNS)]
        peer = statistics.median(peers)
        ours, peak, told = import_it(file, Path(folder))
        shaped = copy_same_shape(cluster, Path(folder))
        plain = copy_plain(cluster, file)
        rows = options.rows
        common.report(
            "import_ledger",
            rows=rows, rejected=told["rejected"], seconds=round(ours, 1), rows_per_second=round(rows / ours),
            copy_rows_per_second=round(shaped), ratio=round(rows / ours / shaped, 3), reach=0.2,
            unindexed_copy_rows_per_second=round(rows / plain),
            ratio_to_unindexed_copy=round(plain / ours, 3),
            import_export_rows_per_second=round(peer), ratio_to_import_export=round(rows / ours / peer, 1),
            import_export_turns=[round(each) for each in peers],
            spread_of_ratio_to_import_export=[
                round(rows / ours / each, 1) for each in (max(peers), min(peers))
            ],
            reach_import_export=20, peak_memory_mb=round(peak), reach_memory_mb=500,
        )  # fmt: skip


def write_ledger(path: Path, rows: int) -> None:
    """Write a ledger as offices keep them, one row in two hundred with a fault."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(ledger_rows(rows))


def ledger_rows(rows: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows of markets with stalls; the seed is fixed."""
    from quanheng.regulation.identifiers import ALPHABET, body_check, code_check

    chance = random.Random(20260630)
    code = market = county = ""
    for number in range(rows):
        if number % SCALES_A_MARKET == 0:
            body = "".join(chance.choice(ALPHABET[10:]) for _ in range(8))
            head = f"92510104{body}{body_check(body)}"
            code = head + code_check(head) if body_check(body) in ALPHABET else ""
            county = chance.choice(COUNTIES)
            market = f"{county[-3:]}第{number // SCALES_A_MARKET + 1}农贸市场"
        verified = date(2025, 1, 1) + timedelta(days=chance.randrange(650))
        until = (
            verified.replace(year=verified.year + 1) - timedelta(days=1) if verified.month != 2 else verified
        )
        serial = "" if number % 200 == 199 else f"{10_000_000 + number}"
        yield (
            number + 1, market, code, county, f"A{number % SCALES_A_MARKET // SCALES_A_STALL + 1:03d}",
            chance.choice("李王张刘陈杨赵") + chance.choice("芳伟强秀英敏"),
            f"138{chance.randrange(10**8):08d}", "电子计价秤",
            chance.choice(("ACS-30", "acs-30", "TCS-150", "ACS－15")), chance.choice(("III", "Ⅲ", "三级",
            "中准确度级")),
            chance.choice((6, 15, "30kg")), chance.choice((2, 5, "10g")), serial, chance.choice(MAKERS),
            chance.choice((verified.isoformat(), verified.strftime("%Y%m%d"),
            verified.strftime("%Y年%m月%d日"))),
            until.strftime("%Y.%m.%d"), f"川5101字第{number:09d}号", f"QF{number:07d}",
            chance.choice(("在用", "使用中", "正常使用")),
        )  # fmt: skip


def import_it(file: Path, folder: Path) -> tuple[float, float, dict[str, Any]]:
    """Import in a process of its own, as `quanheng import-ledger` does; returns seconds, peak MB and its
    report.
    """
    environment = os.environ | {"QUANHENG_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "quanheng.cli", "import-ledger", str(file), "--json"]
    with (folder / "report.json").open("w+") as out:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        taken = time.perf_counter() - started
        out.seek(0)
        report = json.load(out)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"import-ledger ended with {status}")
    if refused := report.get("refused"):
        raise SystemExit(f"import-ledger refused the file: {refused}")
    return taken, usage.ru_maxrss / 1024, report


def copy_same_shape(cluster: Any, folder: Path) -> float:
    """COPY the imported instruments into a table of the same shape; returns rows a second."""
    import psycopg

    rows = folder / "rows.copy"
    with psycopg.connect(cluster.url("quanheng", "postgres"), autocommit=True) as db:
        with db.cursor().copy("COPY instruments_instrument TO STDOUT") as out, rows.open("wb") as file:
            file.writelines(out)
        db.execute("CREATE TABLE raw_ledger (LIKE instruments_instrument INCLUDING ALL)")
        keys = db.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'instruments_instrument'::regclass AND contype = 'f'"
        ).fetchall()
        for (definition,) in keys:
            if "instruments_instrument" not in definition:
                db.execute(f"ALTER TABLE raw_ledger ADD {definition}")
        count: Any = db.execute("SELECT count(*) FROM instruments_instrument").fetchone()
        db.execute("CHECKPOINT")
        started = time.perf_counter()
        copy_in(db, "raw_ledger", rows)
        return float(count[0] / (time.perf_counter() - started))


def copy_plain(cluster: Any, file: Path) -> float:
    """COPY the csv as it stands into text columns without an index; returns seconds."""
    import psycopg

    with psycopg.connect(cluster.url("quanheng", "postgres"), autocommit=True) as db:
        columns = ", ".join(f"c{index} text" for index in range(len(HEADER)))
        db.execute(f"CREATE TABLE raw_csv ({columns})")
        started = time.perf_counter()
        copy_in(db, "raw_csv", file, "(FORMAT csv, HEADER true)")
        return time.perf_counter() - started


def copy_in(db: Any, table: str, file: Path, form: str = "") -> None:
    with db.cursor().copy(f"COPY {table} FROM STDIN {form}") as copy, file.open("rb") as data:
        while block := data.read(1 << 20):
            copy.write(block)


def rows_a_second_of_peer(file: Path, rows: int) -> float:
    """Import the first rows with django-import-export as its documentation shows, then take them back."""
    import tablib
    from django.db import connection, transaction
    from django.utils import timezone
    from import_export import fields, resources, widgets

    from quanheng.apps.accounts.models import Area
    from quanheng.apps.instruments.models import CatalogueItem, Instrument
    from quanheng.apps.registry.models import Entity
    from quanheng.kit.database import as_owner
    from quanheng.kit.scope import EVERYTHING, acting_in

    class ByName(widgets.ForeignKeyWidget):  # type: ignore[misc]  # the peer has no types
        def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> Any:
            return self.model._base_manager.all()

    class Peer(resources.ModelResource):  # type: ignore[misc]
        area = fields.Field("area", "area", ByName(Area, "full_name"))
        item = fields.Field("item", "item", ByName(CatalogueItem, "name"))
        entity = fields.Field("entity", "entity", ByName(Entity, "credit_code"))
        root = fields.Field("root", "root", ByName(Entity, "credit_code"))

        class Meta:
            model = Instrument
            import_id_fields = ("manufacturer", "serial_number")
            fields = (
                "area", "item", "entity", "root", "name", "model", "serial_number", "manufacturer",
                "premises",
                "verified_on", "valid_until", "certificate_number", "place", "registered_at", "changed_at",
            )  # fmt: skip

        def get_queryset(self) -> Any:
            return Instrument.objects.unscoped()

    connection.close()
    with as_owner(), acting_in(EVERYTHING), transaction.atomic():  # the peer sets sequences, as owners may
        data = _peer_rows(file, rows, timezone.now().strftime("%Y-%m-%d %H:%M:%S"))
        started = time.perf_counter()
        result = Peer().import_data(tablib.Dataset(*data[1:], headers=data[0]), raise_errors=True)
        taken = time.perf_counter() - started
        assert result.totals["new"] == len(data) - 1
        transaction.set_rollback(True)
    connection.close()
    return (len(data) - 1) / taken


def _peer_rows(file: Path, rows: int, now: str) -> list[tuple[Any, ...]]:
    """Hand the peer rows that are clean already, with the entities and areas they name in place."""
    from quanheng.apps.accounts.models import Area
    from quanheng.apps.registry.models import Entity

    area = Area.objects.filter(level=3)[0]
    data: list[tuple[Any, ...]] = [(
        "area", "item", "entity", "root", "name", "model", "serial_number", "manufacturer", "premises",
        "verified_on",
        "valid_until", "certificate_number", "place", "registered_at", "changed_at",
    )]  # fmt: skip
    codes = set()
    with file.open(encoding="utf-8", newline="") as sheet:
        reader = csv.reader(sheet)
        next(reader)
        for cells, _ in zip(reader, range(rows), strict=False):
            if not cells[12]:
                continue
            code = cells[2] or "none"
            if code not in codes:
                codes.add(code)
                Entity.objects.unscoped().create(
                    kind="market_operator",
                    premises="market",
                    name=cells[1],
                    credit_code=code,
                    area=area,
                    registered_at=now,
                )
            data.append((
                area.full_name, "数字指示秤", code, code, cells[7], cells[8], cells[12], cells[13], "market",
                "2026-01-01",
                "2026-12-31", cells[16], cells[4], now, now,
            ))  # fmt: skip
    return data


if __name__ == "__main__":
    main()
