"""Verification results that come as a file: taken, known, in conflict or rejected; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.accounts.services.cancel_task import cancel
from quanheng.apps.audit.models import Act
from quanheng.apps.exchange.enums import RowOutcome
from quanheng.apps.exchange.models import ExchangeRun, ResultRow
from quanheng.apps.exchange.services import take_results
from quanheng.apps.exchange.services.receive_results import receive_results
from quanheng.apps.exchange.services.resume_run import resume_run
from quanheng.apps.exchange.tasks import ECQS
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.tasks import TaskState, note
from quanheng.kit.tasks.running import waiting_tasks
from tests.factories import make_area, make_code, make_entity, make_instrument, make_verification
from tests.factories.exchange import CREDIT_CODE, HEADINGS, ecqs_result, ecqs_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
Take = Callable[..., ExchangeRun]


@pytest.fixture
def scale(market: Entity) -> Instrument:
    market.credit_code = CREDIT_CODE
    market.save()
    made = make_instrument(market, serial_number="SN1", verified_on=None, valid_until=None, state="filed")
    make_code(made)
    return made


def decided(run: ExchangeRun) -> list[tuple[str, str]]:
    rows = ResultRow.objects.filter(run=run).order_by("position")
    return [(row.outcome, row.code) for row in rows]


def test_a_result_enters_the_ledger_with_its_source(scale: Instrument, take: Take) -> None:
    run = take(ecqs_result())
    assert (run.state, run.rows, run.taken) == (TaskState.DONE, 1, 1)
    scale.refresh_from_db()
    assert (scale.state, scale.verified_on, scale.valid_until) == (
        "in_use",
        date(2026, 11, 2),
        date(2027, 11, 1),
    )
    verification = Verification.objects.unscoped().get(instrument=scale)
    assert (verification.regulation, verification.kind) == ("JJG 539-2016", "subsequent")
    act = Act.objects.unscoped().get(verb="verification_recorded")
    assert act.after["source"] == "结果.csv 第 2 行"
    row = ResultRow.objects.get(run=run)
    assert (row.instrument_id, row.certificate_number, row.label) == (
        scale.pk,
        "川5101字001",
        "电子计价秤 SN1",
    )


def test_a_failed_one_stops_the_scale(scale: Instrument, take: Take) -> None:
    take(ecqs_result(检定结论="不合格", 有效期至=""))
    scale.refresh_from_db()
    assert (scale.state, scale.valid_until) == ("failed", None)


def test_the_same_file_again_changes_nothing_and_says_so(scale: Instrument, take: Take) -> None:
    take(ecqs_result())
    run = take(ecqs_result())
    assert (run.known, run.taken) == (1, 0)
    assert run.message == "文件中的检定结果都已登记，没有变化。"
    assert Verification.objects.unscoped().count() == 1


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"检定日期": "2026-11-03"}, "检定日期"),
        ({"有效期至": "2027-10-31"}, "有效期至"),
        ({"检定结论": "不合格"}, "检定结论"),
        ({"检定机构": "别的计量院"}, "检定机构"),
        ({"检定依据": "JJG 13-2016"}, "检定依据"),
        ({"检定类别": "首次检定"}, "检定类别"),
        ({"失效日期": "2026-11-05"}, "失效日期"),
    ],
)
def test_a_certificate_that_says_something_else_is_a_conflict_and_nothing_is_overwritten(
    changed: dict[str, str], word: str, scale: Instrument, take: Take
) -> None:
    take(ecqs_result())
    run = take(ecqs_result(**changed))
    assert decided(run) == [(RowOutcome.CONFLICT, "differs")]
    assert word in ResultRow.objects.get(run=run).reason
    assert Verification.objects.unscoped().get().verified_on == date(2026, 11, 2)


def test_what_the_file_leaves_open_is_no_difference(scale: Instrument, take: Take) -> None:
    take(ecqs_result())
    assert take(ecqs_result(有效期至="", 检定类别="", 检定依据="")).known == 1


def test_one_certificate_on_two_scales_is_a_conflict(scale: Instrument, market: Entity, take: Take) -> None:
    make_instrument(market, serial_number="SN2")
    assert decided(take(ecqs_result(), ecqs_result(出厂编号="SN2"))) == [
        (RowOutcome.TAKEN, ""),
        (RowOutcome.CONFLICT, "elsewhere"),
    ]


def test_the_nozzles_of_a_dispenser_may_share_a_certificate(
    scale: Instrument, market: Entity, take: Take
) -> None:
    whole = make_instrument(market, serial_number="D1", state="filed")
    for nozzle in ("1", "2"):
        make_instrument(market, serial_number=f"D1#{nozzle}", parent=whole, state="filed", verified_on=None)
    run = take(ecqs_result(出厂编号="D1", 油枪号="1"), ecqs_result(出厂编号="D1", 油枪号="2"))
    assert run.taken == 2


def test_another_institute_may_use_the_same_number(scale: Instrument, market: Entity, take: Take) -> None:
    make_instrument(market, serial_number="SN2")
    assert take(ecqs_result(), ecqs_result(出厂编号="SN2", 检定机构="别的计量院")).taken == 2


def test_rows_that_contradict_each_other_are_both_told(scale: Instrument, take: Take) -> None:
    run = take(ecqs_result(), ecqs_result(证书编号="别的"), ecqs_result(检定结论="不合格"))
    assert decided(run) == [
        (RowOutcome.CONFLICT, "contradicted"), (RowOutcome.TAKEN, ""), (RowOutcome.CONFLICT, "contradicted"),
    ]  # fmt: skip
    first, _, last = ResultRow.objects.filter(run=run).order_by("position")
    assert "第 4 行" in first.reason
    assert "第 2 行" in last.reason


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"检定日期": "2026-13-40"}, "unreadable"),
        ({"检定日期": ""}, "unreadable"),
        ({"检定结论": "还行"}, "unreadable"),
        ({"检定类别": "抽查"}, "unreadable"),
        ({"统一社会信用代码": "91510104DHW10JW794"}, "unreadable"),
        ({"平台器具码": "Q1WRONG"}, "unreadable"),
        ({"出厂编号": ""}, "unreadable"),
        ({"证书编号": "9" * 81}, "unreadable"),
        ({"证书编号": ""}, "no_certificate_number"),
        ({"检定机构": ""}, "no_institute"),
        ({"失效日期": "2026-11-05"}, "voided"),
        ({"出厂编号": "SN404"}, "unknown_instrument"),
        ({"生产厂家": "别的厂"}, "unknown_instrument"),
        ({"统一社会信用代码": "", "生产厂家": ""}, "too_little"),
        ({"检定日期": "2027-01-01", "有效期至": ""}, "verified_in_future"),
        ({"有效期至": "2026-11-01"}, "validity_backward"),
    ],
)
def test_what_cannot_be_taken_is_rejected_with_a_reason(
    cells: dict[str, str], code: str, scale: Instrument, take: Take
) -> None:
    run = take(ecqs_result(**cells))
    assert decided(run) == [(RowOutcome.REJECTED, code)]
    assert ResultRow.objects.get(run=run).reason.endswith("。")
    assert not Verification.objects.unscoped().exists()


def test_a_rejected_row_takes_no_other_with_it(scale: Instrument, take: Take) -> None:
    run = take(
        ecqs_result(出厂编号="SN404"), ecqs_result(), ecqs_result(有效期至="2020-01-01", 证书编号="别的")
    )
    assert (run.taken, run.rejected) == (1, 2)


def test_the_code_of_the_scale_is_enough(scale: Instrument, take: Take) -> None:
    row = ecqs_result(
        统一社会信用代码="", 生产厂家="", 出厂编号="", 平台器具码=f"https://example.cn/s/{scale.code}"
    )
    assert take(row).taken == 1


def test_a_number_that_another_system_calls_a_code_is_left_aside(scale: Instrument, take: Take) -> None:
    assert take(ecqs_result(平台器具码="5101-2026-7788")).taken == 1


def test_a_code_and_a_serial_number_that_mean_two_scales(scale: Instrument, take: Take) -> None:
    run = take(ecqs_result(平台器具码=scale.code or "", 出厂编号="SN2"))
    assert decided(run) == [(RowOutcome.REJECTED, "serial_differs")]


def test_two_scales_with_one_number_are_not_guessed_at(scale: Instrument, market: Entity, take: Take) -> None:
    make_instrument(market, serial_number="SN1", manufacturer="别的厂")
    run = take(ecqs_result(生产厂家=""))
    assert decided(run) == [(RowOutcome.REJECTED, "ambiguous")]
    assert "2 台" in ResultRow.objects.get(run=run).reason


def test_a_scale_of_another_county_is_theirs_to_import(scale: Instrument, take: Take) -> None:
    elsewhere = make_entity(area=make_area("武侯区"), credit_code="91510703BYT56BUU0L")
    make_instrument(elsewhere, serial_number="FAR")
    assert decided(take(ecqs_result(出厂编号="FAR", 统一社会信用代码=""))) == [
        (RowOutcome.REJECTED, "out_of_reach")
    ]


def test_only_who_keeps_the_ledger_imports(inspector: Actor, operator: Actor, at: datetime) -> None:
    for actor in (inspector, operator):
        with pytest.raises(NotYours):
            receive_results(name="a.csv", chunks=[b"x"], by=actor, at=at)


def test_a_sheet_under_a_title_in_gb_18030_with_other_headings(scale: Instrument, take: Take) -> None:
    lines = (
        ecqs_sheet(ecqs_result()).decode().replace("证书编号", "检定证书编号").replace("检定机构", "检定单位")
    )
    content = f"2026年11月检定结果,,\n{lines}合计,1,,,\n".encode("gb18030")
    assert (take(content=content).taken, take(content=content).rows) == (1, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b,c\n1,2,3\n", "未找到检定结果的表头"),
        (ecqs_sheet(headings=HEADINGS[:6]), "“证书编号”"),
        (
            ecqs_sheet(ecqs_result(), headings=(*HEADINGS, "证书号")).replace(
                "证书号".encode(), "证书编号".encode()
            ),
            "两列",
        ),
        (b"PK\x03\x04 not a workbook", "损坏"),
        (ecqs_sheet(), "没有数据行"),
        (ecqs_sheet(ecqs_result(检定依据="JJG\x00539")), "不是表格文件"),
        (b'"' + b"x" * 3_000_000, "csv"),
    ],
)
def test_a_file_that_is_no_sheet_of_results_is_refused_with_a_reason(
    content: bytes, says: str, scale: Instrument, take: Take
) -> None:
    run = take(content=content)
    assert (run.state, run.rows) == (TaskState.FAILED, 0)
    assert says in run.message


def test_a_sheet_of_too_many_rows_is_refused_before_anything_is_taken(
    scale: Instrument, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_results, "MOST_ROWS", 1)
    run = take(ecqs_result(), ecqs_result(证书编号="别的"))
    assert (run.state, run.rows) == (TaskState.FAILED, 0)
    assert "请分成几个文件" in run.message


def test_control_characters_and_formulas_are_text(scale: Instrument, take: Take) -> None:
    run = take(ecqs_result(证书编号="=HYPERLINK(1)", 检定依据="JJG\x07539"))
    assert run.taken == 1
    verification = Verification.objects.unscoped().get()
    assert (verification.certificate_number, verification.regulation) == ("=HYPERLINK(1)", "JJG 539")


def test_other_kinds_of_files_and_empty_ones_are_refused_at_once(officer: Actor, at: datetime) -> None:
    for name, content, code in (("a.pdf", b"%PDF", "wrong_kind_of_file"), ("a.csv", b"", "empty_file")):
        with pytest.raises(RuleBroken) as refused:
            receive_results(name=name, chunks=[content], by=officer, at=at)
        assert refused.value.code == code


class PowerCut(BaseException):
    """Nothing that a handler of exceptions would catch."""


@pytest.mark.parametrize("block", [1, 2, 3])
def test_a_killed_import_goes_on_where_it_stopped(
    block: int,
    market: Entity,
    scale: Instrument,
    officer: Actor,
    monkeypatch: pytest.MonkeyPatch,
    at: datetime,
) -> None:
    monkeypatch.setattr(take_results, "AT_ONCE", 2)
    scales = [make_instrument(market, serial_number=f"K{number}") for number in range(5)]
    rows = [ecqs_result(出厂编号=one.serial_number, 证书编号=f"证{one.pk}") for one in scales]
    run = receive_results(name="结果.csv", chunks=[ecqs_sheet(*rows)], by=officer, at=at)
    calls: list[Any] = []

    def cut(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == block:
            raise PowerCut
        note(*args, **kwargs)

    monkeypatch.setattr(take_results, "note", cut)
    with pytest.raises(PowerCut):
        resume_run(run.pk, at=at)
    assert Verification.objects.unscoped().count() == 2 * (block - 1)
    monkeypatch.setattr(take_results, "note", note)
    assert waiting_tasks(ECQS) == [run.pk]
    run = resume_run(run.pk, at=at)
    assert (run.state, run.rows, run.taken) == (TaskState.DONE, 5, 5)
    assert ResultRow.objects.filter(run=run).count() == 5


def test_who_left_the_office_meanwhile_takes_no_more_rows(
    scale: Instrument, officer: Actor, at: datetime
) -> None:
    run = receive_results(
        name="结果.csv", chunks=[ecqs_sheet(ecqs_result(证书编号="一"), ecqs_result())], by=officer, at=at
    )
    ExchangeRun.objects.unscoped().filter(pk=run.pk).update(position=1, rows=1)
    Appointment.objects.filter(pk=officer.appointment_id or 0).update(valid_to=date(2026, 1, 1))
    run = resume_run(run.pk, at=at)
    assert (run.state, run.rows) == (TaskState.FAILED, 1)
    assert run.message.endswith("前 1 行已经处理，不受影响。")
    assert not Verification.objects.unscoped().exists()


def test_a_later_verification_here_stays_the_one_that_counts(
    market: Entity, scale: Instrument, take: Take
) -> None:
    newer = make_instrument(market, serial_number="NEW", verified_on=date(2026, 11, 20))
    make_verification(newer, verified_on=date(2026, 11, 20))
    assert take(ecqs_result(出厂编号="NEW")).taken == 1
    newer.refresh_from_db()
    assert newer.verified_on == date(2026, 11, 20)


def test_rows_that_were_taken_before_an_import_was_cancelled_stay_and_it_says_so(
    market: Entity, scale: Instrument, officer: Actor, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(take_results, "AT_ONCE", 2)
    scales = [make_instrument(market, serial_number=f"K{number}") for number in range(5)]
    rows = [ecqs_result(出厂编号=one.serial_number, 证书编号=f"证{one.pk}") for one in scales]
    run = receive_results(name="结果.csv", chunks=[ecqs_sheet(*rows)], by=officer, at=at)

    def cancelled_behind_its_back(run: ExchangeRun, **values: Any) -> None:
        note(run, **values)
        if run.rows == 4:
            cancel(kind=ECQS, task_id=run.pk, by=officer, at=at)

    monkeypatch.setattr(take_results, "note", cancelled_behind_its_back)
    run = resume_run(run.pk, at=at)
    assert (run.state, run.rows, run.taken) == (TaskState.CANCELLED, 4, 4)
    assert run.message == "已取消。前 4 行已经处理，不受影响。"
    assert Verification.objects.unscoped().count() == 4
