"""Exports for e-CQS: what changed since, in the columns of the mapping, whole also after a crash."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Appointment, Area
from quanheng.apps.audit.models import Act
from quanheng.apps.exchange.enums import Content
from quanheng.apps.exchange.models import ExchangeRun, ExportedRow
from quanheng.apps.exchange.services import export_to_ecqs
from quanheng.apps.exchange.services.export_to_ecqs import start_export
from quanheng.apps.exchange.services.resume_run import resume_run
from quanheng.apps.exchange.services.runs import files_dir
from quanheng.apps.exchange.tasks import ECQS
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit import refusals
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.sheets import read_rows
from quanheng.kit.tasks import TaskState
from quanheng.kit.tasks.running import waiting_tasks
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_verification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
CREDIT_CODE = "91510104DHW10JW793"

Export = Callable[..., ExchangeRun]


@pytest.fixture
def export(officer: Actor, at: datetime) -> Export:
    """Export in one go, as a worker would."""

    def make(content: Content = Content.LEDGER, **options: Any) -> ExchangeRun:
        asked: dict[str, Any] = {"kind": "csv", "by": officer, "at": at} | options
        run = start_export(content=content, **asked)
        return resume_run(run.pk, at=at)

    return make


def table(run: ExchangeRun) -> list[dict[str, str]]:
    with (files_dir() / run.file_path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_says_what_the_ledger_holds(market: Entity, stall: Entity, export: Export) -> None:
    market.credit_code = CREDIT_CODE
    market.save()
    scale = make_instrument(
        stall, code="Q1AAAA", accuracy_class="III", details={"origin": "四川"}, place="A1"
    )

    run = export()

    assert (run.state, run.rows) == (TaskState.DONE, 1)
    told = table(run)[0]
    assert told == {
        "统一社会信用代码": CREDIT_CODE, "使用单位名称": "东门市场", "器具名称": "电子计价秤",
        "器具项别": "非自动衡器", "器具种别": "非自动衡器", "型号规格": "ACS-30", "测量范围": "",
        "准确度等级": "III", "出厂编号": scale.serial_number, "加油机编号": "", "油枪号": "",
        "生产厂家": "衡器厂", "器具产地": "四川", "安装/使用地点": "A1",
        "使用地点行政区划": scale.area.full_name, "器具数量": "1", "器具用途": "贸易结算", "送检方式": "",
        "平台器具码": "Q1AAAA", "状态": "在用",
    }  # fmt: skip


def test_a_nozzle_is_told_with_its_dispenser_and_the_dispenser_is_no_row(
    market: Entity, export: Export
) -> None:
    whole = make_instrument(market, serial_number="D77", place="3号机", name="燃油加油机")
    make_instrument(market, serial_number="D77#2", place="2", parent=whole, name="燃油加油机")
    told = table(export())
    assert [(row["出厂编号"], row["加油机编号"], row["油枪号"]) for row in told] == [("D77", "3号机", "2")]


def test_what_waits_for_review_is_not_told(stall: Entity, export: Export) -> None:
    for state in ("draft", "filing", "returned"):
        make_instrument(stall, state=state)
    run = export()
    assert (run.rows, run.file_path) == (0, "")
    assert "没有变化" in run.message
    assert list(files_dir().iterdir()) == []


def test_the_second_export_tells_what_changed_since(stall: Entity, export: Export) -> None:
    kept, changed = make_instrument(stall), make_instrument(stall)
    assert export().rows == 2
    changed.model = "ACS-15"
    changed.save()
    run = export()
    assert [row["出厂编号"] for row in table(run)] == [changed.serial_number]
    assert export().rows == 0
    assert export(whole=True).rows == 2
    assert kept.serial_number in {row["出厂编号"] for row in table(export(whole=True))}


def test_what_was_scrapped_is_told_once_to_whoever_had_heard_of_it(stall: Entity, export: Export) -> None:
    heard, unheard = make_instrument(stall), make_instrument(stall, state="scrapped")
    export()
    Instrument.objects.unscoped().filter(pk=heard.pk).update(state="scrapped")
    told = table(export())
    assert [(row["出厂编号"], row["状态"]) for row in told] == [(heard.serial_number, "报废")]
    assert export(whole=True).rows == 0
    assert unheard.serial_number not in {row["出厂编号"] for row in told}


def test_a_voided_verification_is_told_again(stall: Entity, export: Export) -> None:
    verification = make_verification(make_instrument(stall))
    assert table(export(Content.RESULTS))[0]["检定结论"] == "合格"
    verification.voided_on, verification.void_reason = verification.verified_on, "铅封破损"
    verification.save()
    told = table(export(Content.RESULTS))
    assert [(row["失效日期"], row["失效原因"]) for row in told] == [("2026-01-01", "铅封破损")]


def test_each_area_has_heard_what_it_exported_itself(
    stall: Entity, county: Area, export: Export, at: datetime
) -> None:
    make_instrument(stall)
    export()
    other = make_actor(Role.COUNTY_OFFICER, area=make_area("武侯区"))
    make_instrument(make_entity(area=Area.objects.get(pk=other.area_id or 0)))
    assert export(by=other).rows == 1


def test_a_workbook_says_the_same_and_has_its_hash_in_the_log(stall: Entity, export: Export) -> None:
    make_instrument(stall, serial_number="007", model="=cmd|' /C calc'!A0")
    run = export(kind="xlsx")
    path = files_dir() / run.file_path
    rows = [row.cells for row in read_rows(path)]
    assert "007" in rows[1]
    assert "=cmd|' /C calc'!A0" in rows[1]
    assert run.file_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    act = Act.objects.unscoped().get(verb="exchange_run")
    assert act.after == {"run": run.pk, "direction": "out", "hash": run.file_hash, "rows": 1}
    assert [file.name for file in files_dir().iterdir()] == [run.file_path]


def test_one_export_of_an_area_is_under_way_at_a_time(officer: Actor, at: datetime) -> None:
    start_export(content=Content.LEDGER, by=officer, at=at)
    with pytest.raises(RuleBroken, match="正在导出") as refused:
        start_export(content=Content.LEDGER, by=officer, at=at)
    assert refused.value.code == "export_under_way"
    start_export(content=Content.RESULTS, by=officer, at=at)


def test_an_inspector_does_not_export_and_nobody_another_county(
    inspector: Actor, officer: Actor, at: datetime
) -> None:
    with pytest.raises(NotYours):
        start_export(content=Content.LEDGER, by=inspector, at=at)
    with pytest.raises(NotYours):
        start_export(content=Content.LEDGER, area_id=make_area("武侯区").pk, by=officer, at=at)


class PowerCut(BaseException):
    """Nothing that a handler of exceptions would catch."""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("block", [1, 2, 3])
def test_a_killed_export_goes_on_where_it_stopped(
    block: int, moment: str, stall: Entity, officer: Actor, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(export_to_ecqs, "AT_ONCE", 2)
    numbers = [make_instrument(stall).serial_number for _ in range(7)]
    run = start_export(content=Content.LEDGER, kind="csv", by=officer, at=at)
    note, calls = export_to_ecqs._note, []

    def cut(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == block and moment == "before":
            raise PowerCut
        note(*args, **kwargs)
        if len(calls) == block:
            raise PowerCut

    monkeypatch.setattr(export_to_ecqs, "_note", cut)
    with pytest.raises(PowerCut):
        resume_run(run.pk, at=at)
    monkeypatch.setattr(export_to_ecqs, "_note", note)
    assert waiting_tasks(ECQS) == [run.pk]
    run = resume_run(run.pk, at=at + timedelta(minutes=1))

    assert run.state == TaskState.DONE
    assert [row["出厂编号"] for row in table(run)] == numbers
    assert (run.rows, ExportedRow.objects.unscoped().count()) == (7, 7)


def test_nothing_of_a_refused_run_counts_as_told(
    stall: Entity, officer: Actor, export: Export, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    def refuse(*_: Any) -> None:
        raise refusals.EXPORT_TOO_LONG()

    heard = make_instrument(stall)
    export()
    Instrument.objects.unscoped().filter(pk=heard.pk).update(state="scrapped")
    make_instrument(stall)
    monkeypatch.setattr(export_to_ecqs, "_close", refuse)
    assert export().state == TaskState.FAILED
    monkeypatch.undo()
    run = start_export(content=Content.LEDGER, kind="csv", by=officer, at=at)
    ExchangeRun.objects.unscoped().filter(pk=run.pk).update(mapping_digest="0" * 64)
    run = resume_run(run.pk, at=at)
    assert (run.state, run.file_path) == (TaskState.FAILED, "")
    assert "字段对照有变化" in run.message
    assert [row["状态"] for row in table(export())] == ["报废", "在用"]


def test_a_column_that_names_no_field_of_ours_is_refused_at_once(
    officer: Actor, folder: Path, at: datetime
) -> None:
    shipped = Path(export_to_ecqs.__file__).parents[3] / "packs" / "data" / "exchange-ecqs-2026.toml"
    text = shipped.read_text("utf-8").replace('field = "origin"', 'field = "orgin"')
    (folder / "exchange").mkdir()
    (folder / "exchange" / "own.toml").write_text(text, "utf-8")
    with pytest.raises(RuleBroken, match="orgin"):
        start_export(content=Content.LEDGER, by=officer, at=at)
    assert not ExchangeRun.objects.unscoped().exists()


def test_who_left_the_office_meanwhile_gets_no_file(stall: Entity, officer: Actor, at: datetime) -> None:
    make_instrument(stall)
    run = start_export(content=Content.LEDGER, by=officer, at=at)
    Appointment.objects.filter(pk=officer.appointment_id or 0).update(valid_to=at.date() - timedelta(days=1))
    run = resume_run(run.pk, at=at)
    assert (run.state, run.file_path) == (TaskState.FAILED, "")
    assert "岗位已变更" in run.message
    assert not ExportedRow.objects.unscoped().exists()
