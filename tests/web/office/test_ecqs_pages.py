"""e-CQS 数据交换: what went out, what came in, and the rows that somebody has to look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.exchange.enums import Direction, RowOutcome
from quanheng.apps.exchange.models import ExchangeRun, ResultRow
from quanheng.apps.instruments.models import Verification
from quanheng.apps.registry.models import Entity
from quanheng.jobs.tasks import work
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets import read_rows
from quanheng.kit.tasks import TaskState
from quanheng.kit.uploads import uploads_dir
from tests.factories import make_area, make_instrument
from tests.factories.exchange import make_run
from tests.factories.tasks import next_minute
from tests.web.office.conftest import Desk

SHEET = """出厂编号,生产厂家,证书编号,检定机构,检定日期,有效期至,检定结论
SN1,衡器厂,川001,市计量院,2026-11-02,2027-11-01,合格
SN404,衡器厂,川002,市计量院,2026-11-02,2027-11-01,合格
"""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def newest() -> ExchangeRun:
    with acting_in(EVERYTHING):
        return ExchangeRun.objects.unscoped().latest("pk")


def upload(client: Client, content: str = SHEET, name: str = "结果.csv") -> str:
    """Upload a sheet and follow to the page of the run; a worker has done its work."""
    file = SimpleUploadedFile(name, content.encode())
    answer = client.post("/exchange/ecqs/import/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    work("ecqs", newest().pk)
    return page(client, answer["Location"])


def export(client: Client, **choices: str) -> str:
    asked = {"content": "ledger", "kind": "xlsx"} | choices
    answer = client.post("/exchange/ecqs/export/", asked)
    assert answer.status_code == 302, answer.content.decode()
    work("ecqs", newest().pk)
    return page(client, answer["Location"])


def test_an_empty_list_says_what_it_is_for(desk: Desk) -> None:
    shown = page(desk(), "/exchange/ecqs/")
    assert "暂无交换文件" in shown
    assert "导入检定结果" in shown


def test_an_export_is_there_to_download(desk: Desk, market: Entity, folder: Path) -> None:
    make_instrument(market, serial_number="SN1")
    client = desk()
    assert "导出的行" in export(client)
    answer = client.get(f"/exchange/ecqs/{newest().pk}/file/")
    path = folder / "downloaded.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    rows = [row.cells for row in read_rows(path)]
    assert rows[0][0] == "统一社会信用代码"
    assert "SN1" in rows[1]
    assert "e-CQS" in page(client, "/exchange/ecqs/")


def test_an_export_without_changes_says_so_and_has_no_file(desk: Desk, market: Entity) -> None:
    make_instrument(market)
    client = desk()
    export(client)
    shown = export(client)
    assert "自上次导出以来没有变化" in shown
    assert "下载文件" not in shown
    assert client.get(f"/exchange/ecqs/{newest().pk}/file/").status_code == 404


def test_a_second_export_at_the_same_time_is_refused_on_the_form(desk: Desk, county: Area) -> None:
    make_run(county, Direction.OUT, state=TaskState.RUNNING)
    answer = desk().post("/exchange/ecqs/export/", {"content": "ledger", "kind": "csv"})
    assert answer.status_code == 200
    assert "正在导出" in answer.content.decode()


def test_results_are_taken_and_the_others_are_told(desk: Desk, market: Entity) -> None:
    scale = make_instrument(market, serial_number="SN1", state="filed", verified_on=None)
    shown = upload(desk())
    assert "台账中没有出厂编号“SN404”" in shown
    assert "第 3 行" in shown
    assert "下载处理结果" in shown
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().get().instrument_id == scale.pk


def test_the_report_repeats_the_sheet_with_what_became_of_each_row(
    desk: Desk, market: Entity, folder: Path
) -> None:
    make_instrument(market, serial_number="SN1", state="filed", verified_on=None)
    client = desk()
    upload(client)
    answer = client.get(f"/exchange/ecqs/{newest().pk}/report.xlsx")
    path = folder / "report.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    rows = [row.cells for row in read_rows(path)]
    assert rows[0][:3] == ["行号", "处理", "原因"]
    assert [row[1] for row in rows[2:]] == ["已登记", "未登记"]
    assert rows[3][3:6] == ["SN404", "衡器厂", "川002"]


def test_a_report_whose_file_is_past_its_term_says_so_on_the_runs_page(desk: Desk, market: Entity) -> None:
    make_instrument(market, serial_number="SN1", state="filed", verified_on=None)
    client = desk()
    upload(client)
    (uploads_dir() / newest().file_path).unlink()
    answer = client.get(f"/exchange/ecqs/{newest().pk}/report.xlsx", follow=True)
    assert answer.redirect_chain == [(f"/exchange/ecqs/{newest().pk}/", 302)]
    assert "原文件已过保存期限" in answer.content.decode()


def test_a_file_that_cannot_be_used_says_why(desk: Desk) -> None:
    client = desk()
    assert "未找到检定结果的表头" in upload(client, "a,b\n1,2\n")
    assert client.get(f"/exchange/ecqs/{newest().pk}/report.xlsx").status_code == 404
    answer = client.post("/exchange/ecqs/import/", {"file": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert "请上传 xlsx、xls 或 csv" in answer.content.decode()


def test_no_more_than_twenty_rows_are_shown(desk: Desk, county: Area) -> None:
    run = make_run(county, Direction.IN, file_path="x.csv", rows=60, rejected=60)
    with acting_in(EVERYTHING):
        ResultRow.objects.bulk_create(
            ResultRow(run=run, position=n, number=n + 1, outcome=RowOutcome.REJECTED, reason="没有这台器具")
            for n in range(1, 61)
        )
    shown = page(desk(), f"/exchange/ecqs/{run.pk}/")
    assert shown.count("没有这台器具") == 20
    assert "还有 40 行" in shown


def test_a_run_under_way_shows_how_far_it_is(desk: Desk, county: Area) -> None:
    run = make_run(county, Direction.IN, state=TaskState.RUNNING, rows=1500, finished_at=None)
    client = desk()
    assert "核对并登记" in page(client, f"/exchange/ecqs/{run.pk}/")
    assert "HX-Refresh" not in client.get(f"/tasks/ecqs/{run.pk}/progress/").headers
    with acting_in(EVERYTHING):
        ExchangeRun.objects.unscoped().update(state=TaskState.DONE, finished_at=timezone.now())
    assert client.get(f"/tasks/ecqs/{run.pk}/progress/").headers["HX-Refresh"] == "true"


def test_an_inspector_reads_runs_and_starts_none(desk: Desk, county: Area) -> None:
    run = make_run(county, Direction.IN, file_path="x.csv")
    client = desk(Role.INSPECTOR)
    assert "暂无需要核对的行" in page(client, f"/exchange/ecqs/{run.pk}/")
    assert "导入检定结果</a>" not in page(client, "/exchange/ecqs/")
    assert client.get("/exchange/ecqs/import/").status_code == 403
    assert client.post("/exchange/ecqs/export/", {}).status_code == 403


def test_another_county_finds_no_run_of_ours(desk: Desk, county: Area) -> None:
    run = make_run(county, Direction.IN, file_path="x.csv")
    other = desk(area=make_area("武侯区"))
    for part in ("", "file/", "report.xlsx"):
        assert other.get(f"/exchange/ecqs/{run.pk}/{part}").status_code == 404
    for part in ("", "progress/", "file/"):
        assert other.get(f"/tasks/ecqs/{run.pk}/{part}").status_code == 404
    assert other.post(f"/tasks/ecqs/{run.pk}/cancel/").status_code == 404


def test_a_killed_worker_is_followed_by_the_next_one(desk: Desk, market: Entity) -> None:
    make_instrument(market)
    desk().post("/exchange/ecqs/export/", {"content": "ledger", "kind": "csv"})
    assert newest().state == TaskState.WAITING
    next_minute()
    assert newest().state == TaskState.DONE


def test_an_export_that_is_cancelled_counts_nothing_as_told(desk: Desk, market: Entity) -> None:
    make_instrument(market)
    client = desk()
    client.post("/exchange/ecqs/export/", {"content": "ledger", "kind": "csv"})
    run = newest()
    assert f"/tasks/ecqs/{run.pk}/cancel/" in page(client, f"/exchange/ecqs/{run.pk}/")
    answer = client.post(f"/tasks/ecqs/{run.pk}/cancel/")
    assert answer["Location"] == f"/exchange/ecqs/{run.pk}/"
    again = client.post("/exchange/ecqs/export/", {"content": "ledger", "kind": "csv"})
    assert "正在导出" in again.content.decode(), "what the cancelled one told is not yet taken back"
    next_minute()
    assert newest().state == TaskState.CANCELLED
    assert "已取消" in page(client, f"/exchange/ecqs/{run.pk}/")
    assert export(client, kind="csv").count("导出的行") == 1


def test_an_inspector_ends_no_run_of_the_office(desk: Desk, county: Area) -> None:
    run = make_run(county, Direction.OUT, state=TaskState.RUNNING, finished_at=None)
    client = desk(Role.INSPECTOR)
    assert "/cancel/" not in page(client, f"/exchange/ecqs/{run.pk}/")
    client.post(f"/tasks/ecqs/{run.pk}/cancel/")
    assert newest().state == TaskState.RUNNING
