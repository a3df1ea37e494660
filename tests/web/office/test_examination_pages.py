"""The bench in a browser without script: enter, check, send back, approve; a day's results from a sheet."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import CertificateState, LineState
from quanheng.apps.certificates.models import (
    ApplicationLine,
    Certificate,
    CertificateChange,
    CertificateVersion,
    Examination,
)
from quanheng.apps.instruments.enums import Result
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.verification_procedure import Move
from tests.factories import make_area, make_entity, make_instrument, make_item
from tests.factories.people import sign_in
from tests.factories.readings import scale_rows
from tests.factories.verification import Bench, make_bench, make_line


@pytest.fixture
def bench(db: None) -> Bench:
    return make_bench(make_area("锦江区"))


@pytest.fixture
def scale(bench: Bench) -> Instrument:
    stall = make_entity("三号摊", kind="stall", area=bench.institute.area)
    return make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5, serial_number="S1")


@pytest.fixture
def line(scale: Instrument, bench: Bench) -> ApplicationLine:
    return make_line(scale, bench.institute)


def as_(actor: Actor) -> Client:
    return sign_in(Client(), actor)


def entered(bench: Bench, indication: str = "2500", /, **fields: Any) -> dict[str, Any]:
    return {
        "verified_on": "2026-11-23", "kind": "subsequent", "standard": bench.standard.pk,
        "entry_key": str(uuid4()), **scale_rows(indication), "check_appearance": "yes",
        "seal_number": ["川A1", ""], "seal_position": ["scale_case", "scale_case"],
    } | fields  # fmt: skip


def the(model: Any, **facts: Any) -> Any:
    with acting_in(EVERYTHING):
        return model.objects.unscoped().filter(**facts).first()


def test_from_entry_to_certificate(bench: Bench, line: ApplicationLine, scale: Instrument) -> None:
    page = f"/examinations/{line.pk}/"
    verifier = as_(bench.verifier)
    assert "提交检定结果" in verifier.get(page).content.decode()
    answer = verifier.post(f"{page}record", entered(bench), follow=True)
    assert "已录入，结论：合格。" in answer.content.decode()
    assert "核验通过" in as_(bench.checker).get(page).content.decode()
    as_(bench.checker).post(page, {"act": "check"})
    answer = as_(bench.approver).post(page, {"act": "approve", "sure": "on"}, follow=True)
    certificate = the(Certificate, instrument=scale)
    assert certificate.number in answer.content.decode()
    assert the(Instrument, pk=scale.pk).result == Result.PASSED
    shown = as_(bench.approver).get(f"/certificates/{certificate.pk}/").content.decode()
    assert certificate.public_code in shown


def test_a_failed_point_is_told_to_the_verifier(bench: Bench, line: ApplicationLine) -> None:
    answer = as_(bench.verifier).post(f"/examinations/{line.pk}/record", entered(bench, "2503"), follow=True)
    text = answer.content.decode()
    assert "结论：不合格" in text
    assert "-2.5～2.5 g" in text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"indication_g": [], "added_g": [], "changed_g": []}, "请至少录入一个检定点"),
        ({"load_g": []}, "第 1 行缺少标准值或示值"),
        ({"indication_g": ["0", "许多"]}, "示值"),
        (scale_rows(leave_out=["weighing"]) | {"test": ["weighing"], "load_g": ["2500"]}, "检定项目不全"),
        (scale_rows(leave_out=["eccentricity"]), "偏载：至少 4 个不同的位置或流量点，现有 0。"),
        ({"check_appearance": ""}, "外观、铭牌和标志：没有填写是否符合。"),
        ({"verified_on": "2026-11-30"}, "检定日期不能晚于今天"),
        ({"standard": ""}, "必填"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    bench: Bench, line: ApplicationLine, fields: dict[str, Any], fault: str
) -> None:
    given = entered(bench, **fields, remarks="备注留着")
    text = as_(bench.verifier).post(f"/examinations/{line.pk}/record", given).content.decode()
    assert fault in text
    assert "备注留着" in text
    assert "川A1" in text
    assert the(Examination, line=line) is None


def test_the_checker_sends_back_with_a_reason(bench: Bench, line: ApplicationLine) -> None:
    page = f"/examinations/{line.pk}/"
    as_(bench.verifier).post(f"{page}record", entered(bench))
    assert "form-faults" in as_(bench.checker).post(page, {"act": "send_back"}).content.decode()
    as_(bench.checker).post(page, {"act": "send_back", "reason": "湿度没有记录"})
    assert the(ApplicationLine, pk=line.pk).state == LineState.RECEIVED
    text = as_(bench.verifier).get(page).content.decode()
    assert "湿度没有记录" in text
    assert "提交检定结果" in text


def test_one_entry_sent_twice_is_recorded_once(bench: Bench, line: ApplicationLine) -> None:
    verifier, given = as_(bench.verifier), entered(bench)
    answers = [
        verifier.post(f"/examinations/{line.pk}/record", given, headers={"Accept": "application/json"})
        for _ in range(2)
    ]
    assert [answer.json()["recorded"] for answer in answers] == [True, True]
    with acting_in(EVERYTHING):
        assert Examination.objects.unscoped().filter(line=line).count() == 1
    other = verifier.post(
        f"/examinations/{line.pk}/record", entered(bench), headers={"Accept": "application/json"}
    )
    assert (other.status_code, other.json()["recorded"]) == (422, False)


def test_a_dispenser_is_entered_nozzle_by_nozzle(bench: Bench) -> None:
    item = make_item("fuel-dispenser", category="fuel_dispenser", name="加油机")
    other = make_bench(bench.institute.area, item)
    station = make_entity("锦江加油站", area=bench.institute.area)
    dispenser = make_instrument(station, item=item, name="燃油加油机", accuracy_class="0.3")
    for number in ("1号枪", "2号枪"):
        make_instrument(station, item=item, parent=dispenser, place=number)
    line = make_line(dispenser, other.institute)
    text = as_(other.verifier).get(f"/examinations/{line.pk}/").content.decode()
    assert text.count('value="1号枪"') == 6
    assert "±0.3 %" in text
    given = entered(
        other, nozzle=["1号枪"] * 6 + ["2号枪"] * 6, fuel=["petrol"] * 12,
        flow=(["大流量"] * 3 + ["小流量"] * 3) * 2, indicated_l=["20.00"] * 12,
        measured_l=["20.01"] * 6 + ["19.90"] * 6, check_self_lock="yes",
    )  # fmt: skip
    as_(other.verifier).post(f"/examinations/{line.pk}/record", given)
    record = the(Examination, line=line)
    verdicts = {point["part"]: point["verdict"] for point in record.points if "误差" in point["quantity"]}
    assert verdicts == {"1号枪": "passed", "2号枪": "failed"}
    assert record.result == Result.FAILED


TITLES = {
    "zero": "零点", "weighing": "称量", "eccentricity": "偏载", "repeatability": "重复性",
    "discrimination": "鉴别阈",
}  # fmt: skip


def sheet_rows() -> list[list[str]]:
    rows = scale_rows()
    head = [
        "出厂编号",
        "项目",
        "载荷（g）",
        "示值（g）",
        "附加砝码",
        "加码后示值",
        "偏载位置",
        "外观、铭牌和标志",
    ]
    body = [["S1", TITLES[test], *rest, "符合"] for test, *rest in zip(*rows.values(), strict=True)]
    return [head, *body, ["S9", "称量", "1", "1"]]


SHEET = "".join("\t".join(row) + "\n" for row in sheet_rows())


def uploaded() -> SimpleUploadedFile:
    book, out = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in SHEET.splitlines():
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in row.split("\t")])
    book.save(out)
    return SimpleUploadedFile("今天.xlsx", out.getvalue())


@pytest.mark.parametrize("way", ["pasted", "file"])
def test_a_days_results_are_previewed_and_then_recorded(
    bench: Bench, line: ApplicationLine, way: str
) -> None:
    verifier = as_(bench.verifier)
    given = {"verified_on": "2026-11-23", "kind": "subsequent"}
    sent = given | ({"pasted": SHEET} if way == "pasted" else {"file": uploaded()})
    preview = verifier.post("/examinations/batch/", sent)
    text = preview.content.decode()
    assert "录入 1 台（件）" in text
    assert "未找到该编号的待检器具" in text
    assert the(Examination, line=line) is None
    confirmed = given | {"pasted": preview.context["text"], "confirmed": "1"}
    answer = verifier.post("/examinations/batch/", confirmed, follow=True)
    assert "已录入 1 台（件）。" in answer.content.decode()
    record = the(Examination, line=line)
    assert [point["nominal"] for point in record.points][:3] == ["0", "100", "2500"]


@pytest.mark.parametrize(
    ("pasted", "fault"),
    [("", "请粘贴表格或选择文件"), ("a\tb\n1\t2", "未找到表头"), ("x\n" * 6000, "一次最多 5000 行")],
)
def test_a_sheet_that_is_none_is_refused(bench: Bench, pasted: str, fault: str) -> None:
    given = {"verified_on": "2026-11-23", "kind": "subsequent", "pasted": pasted}
    assert fault in as_(bench.verifier).post("/examinations/batch/", given).content.decode()


def test_another_institute_sees_none_of_it(bench: Bench, line: ApplicationLine) -> None:
    neighbour = make_bench(bench.institute.area)
    assert as_(neighbour.verifier).get(f"/examinations/{line.pk}/").status_code == 404
    assert as_(neighbour.verifier).post(f"/examinations/{line.pk}/record", {}).status_code == 404
    assert ">S1<" not in as_(neighbour.checker).get("/examinations/").content.decode()
    assert ">S1<" in as_(bench.checker).get("/examinations/?state=accepted").content.decode()


def test_a_certificate_is_revoked_by_two_people(
    bench: Bench, line: ApplicationLine, scale: Instrument, at: datetime
) -> None:
    page = f"/examinations/{line.pk}/"
    as_(bench.verifier).post(f"{page}record", entered(bench))
    as_(bench.checker).post(page, {"act": "check"})
    as_(bench.approver).post(page, {"act": "approve", "sure": "on"})
    certificate = the(Certificate, instrument=scale)
    where = f"/certificates/{certificate.pk}/"
    form = as_(bench.verifier).get(f"{where}change")
    given = {name: field.initial for name, field in form.context["form"].fields.items()}
    as_(bench.verifier).post(f"{where}change", given | {"kind": "revoked", "reason": "误检"})
    assert "待批准的变更" in as_(bench.approver).get(where).content.decode()
    approved = {"act": "approve", "sure": "on", "change": the(CertificateChange, certificate=certificate).pk}
    as_(bench.verifier).post(where, approved)
    assert the(Certificate, pk=certificate.pk).state == CertificateState.VALID
    as_(bench.approver).post(where, approved)
    assert the(Certificate, pk=certificate.pk).state == CertificateState.REVOKED
    assert the(CertificateVersion, certificate=certificate, version=2).reason == "误检"


def recorded(bench: Bench, count: int) -> list[ApplicationLine]:
    stall = make_entity("五号摊", kind="stall", area=bench.institute.area)
    lines = [
        make_line(make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5), bench.institute)
        for _ in range(count)
    ]
    for line in lines:
        own = entered(bench, seal_number=[f"川A{line.pk}", ""])
        as_(bench.verifier).post(f"/examinations/{line.pk}/record", own)
    return lines


def decide(actor: Actor, **posted: Any) -> str:
    return str(as_(actor).post("/examinations/decide/", posted).content.decode())


def test_a_day_is_checked_and_approved_in_batches_without_script(bench: Bench) -> None:
    lines = recorded(bench, 3)
    chosen = [line.pk for line in lines]
    assert "核验所选" in as_(bench.checker).get("/examinations/").content.decode()
    preview = decide(bench.checker, line=chosen)
    assert "非自动衡器" in preview
    assert "确认核验（3）" in preview
    assert the(ApplicationLine, pk=chosen[0]).state == LineState.RECORDED  # nothing is done yet
    assert "已办理 3 台（件），未办理 0 台（件）。" in decide(bench.checker, line=chosen, step="confirm")

    page = as_(bench.approver).get("/examinations/?state=checked").content.decode()
    assert "批准所选" in page
    assert "预览全部 3 台（件）" in page
    preview = decide(bench.approver, reach="all")
    assert "确认批准发证（3）" in preview
    assert the(Certificate) is None
    assert "勾选确认后再办理" in decide(bench.approver, line=chosen, step="confirm")
    assert the(Certificate) is None
    done = decide(bench.approver, line=chosen, step="confirm", sure="on")
    assert all(the(Certificate, instrument=line.instrument).number in done for line in lines)
    assert the(ApplicationLine, pk=chosen[2]).state == LineState.ISSUED


def test_who_is_refused_is_named_in_the_preview_and_holds_up_no_other(bench: Bench) -> None:
    lines = recorded(bench, 2)
    decide(bench.checker, line=[lines[0].pk], step="confirm")
    chosen = [line.pk for line in lines]
    preview = decide(bench.approver, line=chosen)
    assert "有 1 台（件）不能办理" in preview
    refusal = refusals.CANNOT[Move.APPROVE](state=LineState.RECORDED, move=refusals.MOVES[Move.APPROVE])
    assert refusal.message in preview
    done = decide(bench.approver, line=chosen, step="confirm", sure="on")
    assert "已办理 1 台（件），未办理 1 台（件）。" in done
    again = decide(bench.approver, line=chosen, step="confirm", sure="on")
    assert "已办理 0 台（件），未办理 2 台（件）。" in again


def test_nothing_chosen_and_too_many_are_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = recorded(bench, 2)
    told = as_(bench.checker).post("/examinations/decide/", {"line": ["x", ""]}, follow=True)
    assert "请先勾选器具" in told.content.decode()
    monkeypatch.setattr("quanheng.web.examinations.deciding.AT_ONCE", 1)
    for posted in ({"line": [line.pk for line in lines]}, {"reach": "all"}):
        told = as_(bench.checker).post("/examinations/decide/", posted, follow=True)
        assert "一次最多办理 1 台" in told.content.decode()
    assert the(ApplicationLine, pk=lines[0].pk).state == LineState.RECORDED


def test_another_institutes_lines_are_not_decided_nor_shown(bench: Bench) -> None:
    line = recorded(bench, 1)[0]
    stranger = make_bench(bench.institute.area, bench.item)
    shown = decide(stranger.checker, line=[line.pk], step="confirm")
    assert line.instrument.serial_number not in shown
    assert the(ApplicationLine, pk=line.pk).state == LineState.RECORDED


def test_a_long_worklist_says_that_it_is_cut(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(bench, 3)
    monkeypatch.setattr("quanheng.web.examinations.views.SHOWN", 2)
    assert (
        "共 3 台（件），先列出预约最早的 2 台（件）。"
        in as_(bench.checker).get("/examinations/").content.decode()
    )


def test_what_waits_for_the_reader_comes_first(bench: Bench, line: ApplicationLine) -> None:
    waits = recorded(bench, 1)[0]
    page = as_(bench.checker).get("/examinations/").content.decode()
    assert page.index(waits.instrument.serial_number) < page.index(f"/examinations/{line.pk}/")


def test_the_page_shows_what_the_nameplate_says_and_the_limit_beside_each_point(
    bench: Bench, line: ApplicationLine
) -> None:
    text = as_(bench.verifier).get(f"/examinations/{line.pk}/").content.decode()
    assert "最大秤量 Max" in text
    assert "检定分度值 e" in text
    for load, limit in (("100", "±2.5 g"), ("10000", "±5 g"), ("15000", "±7.5 g")):
        assert f'value="{load}"' in text
        assert f"data-limit>{limit}</output>" in text
    assert "未核实" in text


def test_rows_are_added_and_pasted_without_script_and_nothing_is_recorded(
    bench: Bench, line: ApplicationLine
) -> None:
    where, verifier = f"/examinations/{line.pk}/record", as_(bench.verifier)
    given = entered(bench, remarks="备注留着")
    more = verifier.post(where, given | {"more": "rows"})
    assert len(more.context["form"].rows) == len(given["test"]) + 5
    pasted = verifier.post(
        where, given | {"more": "pasted", "pasted": "项目\t载荷\t示值\n称量\t5000\t5001\n"}
    )
    assert pasted.context["form"].rows[-1] == {
        "test": "weighing", "load_g": "5000", "indication_g": "5001", "added_g": "", "changed_g": "",
        "position": "",
    }  # fmt: skip
    headless = verifier.post(where, given | {"more": "pasted", "pasted": "重复性\t7500\t7500"})
    assert headless.context["form"].rows[-1]["test"] == "repeatability"
    for answer in (more, pasted, headless):
        text = answer.content.decode()
        assert "备注留着" in text
        assert given["entry_key"] in text
        assert "川A1" in text
    assert the(Examination, line=line) is None


def test_less_is_examined_only_by_a_clause_with_a_reason_and_everybody_reads_it(
    bench: Bench, line: ApplicationLine, scale: Instrument
) -> None:
    where, verifier = f"/examinations/{line.pk}/", as_(bench.verifier)
    less: dict[str, Any] = dict(scale_rows(leave_out=["eccentricity"]))
    failed = entered(bench) | (less | {"indication_g": ["0", "100", "2503", *less["indication_g"][3:]]})
    refused = verifier.post(f"{where}record", failed).content.decode()
    assert "偏载" in refused
    verifier.post(f"{where}record", failed | {"allowance": "stopped_at_failure"})
    record = the(Examination, line=line)
    assert (record.result, record.allowance["name"]) == (Result.FAILED, "stopped_at_failure")
    assert "已有项目不合格" in as_(bench.checker).get(where).content.decode()


def test_a_clause_for_what_failed_is_no_way_to_pass(bench: Bench, line: ApplicationLine) -> None:
    less = entered(bench) | scale_rows(leave_out=["eccentricity"]) | {"allowance": "stopped_at_failure"}
    text = as_(bench.verifier).post(f"/examinations/{line.pk}/record", less).content.decode()
    assert "检定项目不全" in text
    assert the(Examination, line=line) is None
