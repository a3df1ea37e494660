"""成批批准发证: a batch leaves the same rows as one by one, and asks no more for forty than for four."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quanheng.apps.certificates.enums import ExaminationState, LineState
from quanheng.apps.certificates.models import Certificate, CertificateVersion, Examination, Qualification
from quanheng.apps.certificates.services.check_examination import check_examinations
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.issue_certificates import issue_certificates
from quanheng.apps.instruments.enums import InstrumentState, Result, SealPosition, VerificationKind
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.outbox.models import Message
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_entity, make_instrument, make_seal, make_verification
from tests.factories.readings import scale_readings
from tests.factories.verification import Bench, make_line

TODAY = date(2026, 11, 23)
WRITTEN = (
    "instruments.Instrument", "instruments.Seal", "instruments.Verification",
    "certificates.ApplicationLine", "certificates.Examination", "certificates.Certificate",
    "certificates.CertificateVersion", "certificates.CertificateSeries", "outbox.Message", "audit.Act",
)  # fmt: skip
# Their `changed_at` is the database's clock at the statement; an instrument's is the instant of the act.
STAMPED_BY_THE_DATABASE = {"instruments.Seal", "instruments.Verification", "certificates.Certificate"}
# What is new with each run: numbers of rows, the codes that nobody guesses, and what was made from them.
DRAWN = {
    "id", "public_code", "salt", "people_salt", "certificate_id", "digest", "payload", "verification_code",
    "version_id",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One instrument on its way: what is put before the approver."""

    nozzle: bool = False
    result: Result = Result.PASSED
    seal: str = ""
    sealed: bool = False
    broken: bool = False
    state: InstrumentState = InstrumentState.IN_USE
    step: LineState = LineState.CHECKED
    verified_on: date = TODAY
    kind: VerificationKind = VerificationKind.SUBSEQUENT
    number_known: bool = False


cases = st.builds(
    Case,
    nozzle=st.booleans(),
    result=st.sampled_from(Result),
    seal=st.sampled_from(["", "川A1"]),
    sealed=st.booleans(),
    broken=st.booleans(),
    state=st.sampled_from(
        [
            InstrumentState.IN_USE,
            InstrumentState.UNDER_REPAIR,
            InstrumentState.STOPPED,
            InstrumentState.SCRAPPED,
        ]
    ),
    step=st.sampled_from([LineState.CHECKED, LineState.CHECKED, LineState.CHECKED, LineState.RECORDED]),
    verified_on=st.sampled_from([TODAY, date(2026, 6, 1), date(2025, 6, 1)]),
    kind=st.sampled_from(VerificationKind),
    number_known=st.booleans(),
)


def put_before_the_approver(bench: Bench, given_cases: list[Case]) -> list[int]:
    """Make the instruments, one dispenser behind all nozzles, and their records; return the lines."""
    stall = make_entity("三号摊", kind="stall", area=bench.institute.area)
    whole = make_instrument(stall, name="加油机", seal_broken=any(case.broken for case in given_cases))
    make_seal(whole, number=f"总{whole.pk}", position="mainboard", broken_on=None)
    return [line_of(bench, stall, case, whole if case.nozzle else None) for case in given_cases]


def line_of(bench: Bench, stall: Any, case: Case, whole: Instrument | None) -> int:
    in_service = case.state == InstrumentState.IN_USE
    it = make_instrument(
        stall, parent=whole, state=case.state, seal_broken=case.broken,
        placed_on=date(2025, 1, 1) if in_service else None, accuracy_class="III", max_capacity_g=15000, e_g=5,
    )  # fmt: skip
    make_seal(it, number=f"旧{it.pk}", broken_on=None if case.sealed else date(2026, 3, 1))
    if case.number_known:
        number = f"JD{bench.institute.pk:04d}-2026-000002"
        make_verification(it, verified_on=case.verified_on, certificate_number=number)
    line = make_line(it, bench.institute, state=case.step)
    return checked_record(bench, line.pk, it, case)


def checked_record(bench: Bench, line_id: int, it: Instrument, case: Case) -> int:
    with acting_in(EVERYTHING):
        Examination.objects.unscoped().create(
            line_id=line_id, instrument=it, root=it.root, area=it.area, institute=bench.institute,
            state=ExaminationState.CHECKED if case.step == LineState.CHECKED else ExaminationState.RECORDED,
            kind=case.kind, regulation="JJG 539-2016", standard=bench.standard, verified_on=case.verified_on,
            result=case.result, readings=scale_readings(), verifier_id=bench.verifier.user_id or 0,
            recorded_at=it.registered_at,
            checker_id=bench.checker.user_id if case.step == LineState.CHECKED else None,
            seals=[{"number": case.seal, "position": SealPosition.SCALE_CASE}] if case.seal else [],
        )  # fmt: skip
    return line_id


def one_by_one(line_ids: list[int], bench: Bench, at: datetime) -> dict[int, str]:
    refused = {}
    for line_id in line_ids:
        try:
            issue_certificate(line_id=line_id, by=bench.approver, at=at)
        except RuleBroken as refusal:
            refused[line_id] = refusal.code
    return refused


def in_a_batch(line_ids: list[int], bench: Bench, at: datetime) -> dict[int, str]:
    issued = issue_certificates(line_ids=line_ids, by=bench.approver, at=at)
    return {line_id: refusal.code for line_id, refusal in issued.refused.items()}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def left_behind(issue: Callable[..., dict[int, str]], *args: Any) -> tuple[dict[int, str], dict[str, Any]]:
    """Issue, return who was refused and every row of the tables that issuing writes; then undo it."""
    with undone(), acting_in(EVERYTHING):
        refused = issue(*args)
        return refused, {name: rows_of(name) for name in WRITTEN} | {"rate": counted()}


def rows_of(name: str) -> list[str]:
    model = apps.get_model(name)
    manager: Any = model._default_manager
    rows = manager.unscoped() if hasattr(manager, "unscoped") else manager.all()
    if name == "certificates.CertificateSeries":
        rows = rows.filter(last__gt=0)  # a series from which nothing was taken says nothing
    left_out = {"changed_at"} if name in STAMPED_BY_THE_DATABASE else set()
    return sorted(
        repr({column: value for column, value in told(row).items() if column not in left_out})
        for row in rows.values()
    )


def told(value: Any) -> Any:
    if isinstance(value, dict) and "records" in value:  # by number, and numbers are drawn
        rows = {table: list(beside.values()) for table, beside in value["records"].items()}
        value = value | {"records": repr(told(rows))}
    if isinstance(value, dict):
        return {name: told(item) for name, item in sorted(value.items()) if name not in DRAWN}
    return [told(item) for item in value] if isinstance(value, list) else value


def counted() -> list[str]:
    """The rate's changes, folded: how many rows tell them does not matter, what they add up to does."""
    rate_changes.fold()
    return rows_of("instruments.RateChange")


@example(given_cases=[Case(seal="川A1", state=InstrumentState.STOPPED), Case()])  # sealed, then refused
@example(given_cases=[Case(nozzle=True, broken=True, seal="川A1")] * 2)  # the last one clears the dispenser
@example(given_cases=[Case(), Case(number_known=True), Case()])  # a refused one gives its number back
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_cases=st.lists(cases, min_size=1, max_size=6))
def test_a_batch_leaves_the_same_rows_as_one_by_one(
    given_cases: list[Case], bench: Bench, at: datetime
) -> None:
    with undone():
        lines = put_before_the_approver(bench, given_cases)
        refused_singly, singly = left_behind(one_by_one, lines, bench, at)
        refused_together, together = left_behind(in_a_batch, lines, bench, at)
    assert refused_together == refused_singly
    assert together == singly


def test_the_property_can_fail(bench: Bench, at: datetime) -> None:
    lines = put_before_the_approver(bench, [Case(), Case(nozzle=True)])
    whole, half = (left_behind(in_a_batch, some, bench, at)[1] for some in (lines, lines[:1]))
    assert {name for name in whole if whole[name] != half[name]} >= {"audit.Act", "certificates.Certificate"}


def statements(count: int, bench: Bench, at: datetime) -> int:
    lines = put_before_the_approver(bench, [Case(seal=f"川A{count}-{turn}") for turn in range(count)])
    with CaptureQueriesContext(connection) as asked:
        issued = issue_certificates(line_ids=lines, by=bench.approver, at=at)
    assert len(issued.certificates) == count
    return len(asked)


def test_forty_take_as_many_statements_as_four(bench: Bench, at: datetime) -> None:
    statements(1, bench, at)  # the year's series exists from here on
    assert statements(4, bench, at) == statements(40, bench, at)


def test_every_refusal_is_told_with_its_reason_and_the_numbers_have_no_gap(
    bench: Bench, at: datetime
) -> None:
    scrapped, unchecked = Case(state=InstrumentState.SCRAPPED), Case(step=LineState.RECORDED)
    lines = put_before_the_approver(bench, [Case(), scrapped, unchecked, Case()])
    issued = issue_certificates(line_ids=[*lines, 0], by=bench.approver, at=at)
    assert {line: refusal.code for line, refusal in issued.refused.items()} == {
        lines[1]: "cannot_pass", lines[2]: "cannot_approve", 0: "line_not_found",
    }  # fmt: skip
    assert [one.number[-6:] for one in issued.certificates] == ["000001", "000002"]
    versions = CertificateVersion.objects.unscoped().order_by("pk")
    assert [
        message.payload for message in Message.objects.filter(topic="certificate.sign").order_by("pk")
    ] == [{"version": version.pk} for version in versions]


def test_who_is_not_qualified_is_asked_for_once_and_nothing_is_written(bench: Bench, at: datetime) -> None:
    lines = put_before_the_approver(bench, [Case()] * 8)
    Qualification.objects.filter(user=bench.approver.user_id).delete()
    with CaptureQueriesContext(connection) as asked:
        issued = issue_certificates(line_ids=lines, by=bench.approver, at=at)
    assert {refusal.code for refusal in issued.refused.values()} == {"not_qualified"}
    assert sum("certificates_qualification" in query["sql"] for query in asked) == 1
    assert not Certificate.objects.unscoped().exists()


def test_an_empty_batch_issues_nothing(bench: Bench, at: datetime) -> None:
    issued = issue_certificates(line_ids=[], by=bench.approver, at=at)
    assert (issued.certificates, issued.refused) == ([], {})


def test_records_are_checked_in_a_batch(bench: Bench, at: datetime) -> None:
    lines = put_before_the_approver(
        bench, [Case(step=LineState.RECORDED), Case(), Case(step=LineState.RECORDED)]
    )
    checked = check_examinations(line_ids=lines, by=bench.checker, at=at)
    assert {refusal.code for refusal in checked.refused.values()} == {"cannot_check"}
    assert [record.line_id for record in checked.records] == [lines[0], lines[2]]
    kept = Examination.objects.unscoped().filter(line__in=[lines[0], lines[2]])
    assert set(kept.values_list("state", "checker_id")) == {(ExaminationState.CHECKED, bench.checker.user_id)}
