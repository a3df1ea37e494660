"""`quanheng ecqs` and `quanheng tell-scales`, as an operator calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quanheng.apps.accounts.models import Area
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.sheets import read_rows
from tests.factories import make_area, make_entity, make_instrument, make_verification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def scale(county: Area) -> Instrument:
    scale = make_instrument(make_entity(area=county), serial_number="SN1")
    make_verification(scale, certificate_number="川001")
    return scale


def ecqs(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    try:
        call_command("ecqs", *words, "--json")
    except SystemExit as end:
        return int(end.code or 0), json.loads(capsys.readouterr().out)
    return 0, json.loads(capsys.readouterr().out)


def test_what_is_exported_lies_where_it_was_asked_for(
    scale: Instrument, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.xlsx"
    code, report = ecqs(capsys, "export", "ledger", str(target))
    assert (code, report["rows"]) == (0, 1)
    assert "SN1" in list(read_rows(target))[1].cells
    code, report = ecqs(capsys, "export", "ledger", str(tmp_path / "again.csv"))
    assert (code, report["rows"], report["hash"]) == (0, 0, "")
    assert not (tmp_path / "again.csv").exists()


def test_only_the_area_that_was_asked_for(
    scale: Instrument, county: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "a.csv")
    for place, rows in ((make_area("别处"), 0), (county, 1)):
        assert ecqs(capsys, "export", "ledger", target, "--area", place.code)[1]["rows"] == rows
    with pytest.raises(CommandError, match="no division"):
        call_command("ecqs", "export", "ledger", "a.csv", "--area", "999999")
    with pytest.raises(CommandError, match=r"\.xlsx or \.csv"):
        call_command("ecqs", "export", "ledger", "a.pdf")


def test_an_import_that_leaves_rows_behind_says_which_and_exits_one(
    scale: Instrument, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "in.csv"
    head = "出厂编号,生产厂家,证书编号,检定机构,检定日期,有效期至,检定结论\n"
    good = "SN1,衡器厂,川001,市计量院,2026-01-01,2026-12-31,合格\n"
    sheet.write_text(head + good, encoding="utf-8")
    code, report = ecqs(capsys, "import", str(sheet))
    run = ExchangeRun.objects.unscoped().latest("pk").pk
    counts = {
        "rows": 1,
        "taken": 1,
        "known": 0,
        "conflicts": 0,
        "rejected": 0,
    }  # what was recorded is confirmed
    assert (code, report) == (0, {"run": run, "faults": []} | counts)
    code, report = ecqs(capsys, "import", str(sheet))
    assert (code, report["known"]) == (0, 1)
    sheet.write_text(head + good.replace("合格", "不合格"), encoding="utf-8")
    code, report = ecqs(capsys, "import", str(sheet))
    assert (code, report["conflicts"]) == (1, 1)
    assert [(fault["row"], fault["code"]) for fault in report["faults"]] == [(2, "differs")]
    sheet.write_text("a,b\n1,2\n", encoding="utf-8")
    code, report = ecqs(capsys, "import", str(sheet))
    assert code == 1
    assert "未找到检定结果的表头" in report["refused"]


def test_without_json_a_person_reads_it(
    scale: Instrument, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("ecqs", "export", "results", str(tmp_path / "r.csv"))
    assert "共导出 1 行" in capsys.readouterr().out
    call_command("ecqs", "import", str(tmp_path / "r.csv"))
    assert "已有 1" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Cannot use"):
        call_command("ecqs", "import", str(tmp_path / "missing.csv"))


@pytest.mark.usefixtures("configured")
def test_the_stock_is_told_by_a_command(scale: Instrument, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tell_scales")
    assert "0 scales" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no division"):
        call_command("tell_scales", "--area", "999999")


def test_without_a_platform_the_command_says_what_to_set(scale: Instrument) -> None:
    with pytest.raises(CommandError, match="未配置国家计价秤平台"):
        call_command("tell_scales")
