"""The demonstration province: real in shape, made up in every name, and the same each time."""

from __future__ import annotations

import stat
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from quanheng.adapters.beacon import verify_round
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Agency, Appointment, User
from quanheng.apps.audit.models import Act
from quanheng.apps.certificates.models import ApplicationLine, Authorisation, Certificate
from quanheng.apps.changes.enums import SubscriptionState
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.apps.exchange.enums import AlarmState, Direction
from quanheng.apps.exchange.models import ExchangeRun, PlatformEvent, TamperAlarm
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.indicators.declared.t1 import T1
from quanheng.apps.indicators.queries import counts
from quanheng.apps.inspections import queries
from quanheng.apps.inspections.models import Campaign, InspectionTask
from quanheng.apps.instruments.models import Instrument, InstrumentCode, Seal, Verification
from quanheng.apps.instruments.replay.check import check_ledger
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.registry.enums import KEY_PREMISES
from quanheng.apps.registry.models import Entity
from quanheng.demo.beacon import public_key, signature_of
from quanheng.demo.calendar import Days
from quanheng.demo.credit_codes import REGION, credit_code
from quanheng.demo.histories import history
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.commitment import DEMONSTRATION_RULE
from quanheng.regulation.draw.verification import verify_proof
from quanheng.regulation.identifiers import parse_credit_code
from quanheng.regulation.instrument_code import parse_code
from quanheng.regulation.periods import valid_until
from quanheng.regulation.quarters import quarter_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("number", [1, 2, 30, 31, 999, 31**6 - 1])
@pytest.mark.parametrize("category", ["91", "92", "93", "12"])
def test_credit_codes_pass_both_checks_and_belong_to_no_county(number: int, category: str) -> None:
    code = credit_code(number, category=category)
    assert parse_credit_code(code) == code
    assert code[2:8] == REGION


def test_days_as_numbers_follow_the_rule_of_validity() -> None:
    days = Days(TODAY)
    for number in (0, 500, 1_000, days.today):
        on = date.fromisoformat(days.text[number])
        assert days.text[days.end_of_period(number, 6)] == str(valid_until(on, 6))


def test_histories_keep_the_rules() -> None:
    days, rng = Days(TODAY), Random(1)
    made = [history(rng, days, 12, 0.97, sealed=True) for _ in range(5_000)]
    for past in made:
        assert [event.on for event in past.events] == sorted(event.on for event in past.events)
        assert all(event.on <= days.today for event in past.events)
        assert (past.placed is None) or past.left is None
        if past.seal_broken is not None:
            assert past.events[-1].on < past.events[-1].voided == past.seal_broken <= days.today  # type: ignore[operator]
    counted = [past for past in made if past.placed is not None]
    valid = [
        past for past in counted
        if past.events and (past.events[-1].until or 0) >= days.today and past.events[-1].voided is None
    ]  # fmt: skip
    assert 0.96 < len(valid) / len(counted) < 0.98


@pytest.fixture
def accounts(transactional_db: None, settings: SimpleNamespace, tmp_path: Path) -> Path:
    """Load 800 instruments by the command, as an installation does; return the file of the accounts."""
    settings.DATA_DIR = tmp_path
    call_command("demo", "--instruments", "800")
    return tmp_path / "demo-accounts.txt"


def test_the_command_loads_a_province_once(
    accounts: Path, capsys: pytest.CaptureFixture[str], at: datetime
) -> None:
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().count() == 800
        _check_ledger()
        _check_accounts(accounts)
        _check_rates()
        _check_procedures()
        _check_exchange()
        _check_webhook()
        _check_half_years()
        assert _forced()
    call_command("demo")
    assert "nothing was added" in capsys.readouterr().out
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().count() == 800
        fresh = Entity(name="新", kind="company", premises="market", area_id=510107_000000, registered_at=at)
        fresh.save()  # the sequence goes on after the loaded rows
        assert fresh.pk == max(Entity.objects.unscoped().values_list("pk", flat=True))


def _check_half_years() -> None:
    """A hospital of the county got its report back, another's was accepted, elsewhere some are overdue."""
    rows = HalfYearReport.objects.unscoped()
    home = rows.filter(area__gte=510107_000000, area__lte=510107_999999)
    assert home.filter(state="returned", return_reason__gt="", in_use__gt=0).exists()
    assert home.filter(state="accepted", in_use__gt=0).exists()
    assert rows.filter(first_submitted_on=None, due_on__lt=timezone.localdate()).exists()


def _check_ledger() -> None:
    """What is on an instrument's row is what its verifications, seals and codes say."""
    for it in Instrument.objects.unscoped().filter(state="in_use"):
        last = Verification.objects.unscoped().filter(instrument=it).order_by("verified_on", "id").last()
        assert last is not None
        assert (it.verified_on, it.valid_until, it.result) == (
            last.verified_on,
            last.valid_until,
            last.result,
        )
        if last.voided_on is None:
            assert it.trusted_until == it.valid_until
        else:
            assert it.trusted_until == last.voided_on - timedelta(days=1)
    for code, copied in (
        InstrumentCode.objects.unscoped().filter(state="active").values_list("value", "instrument__code")
    ):
        assert parse_code(code) == copied
    assert {seal.position for seal in Seal.objects.unscoped()} >= {
        "scale_case",
        "flow_adjuster",
        "encoder",
        "mainboard",
    }
    for credit in Entity.objects.unscoped().exclude(credit_code=None).values_list("credit_code", flat=True):
        assert parse_credit_code(str(credit)) == credit
    assert set(Instrument.objects.unscoped().values_list("premises", flat=True)) >= set(KEY_PREMISES)
    assert (
        Instrument.objects.unscoped()
        .exclude(parent=None)
        .filter(parent__item__slug="fuel-dispenser")
        .exists()
    )
    assert Act.objects.unscoped().filter(verb="instrument_registered").count() == 800


def _check_accounts(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [line.split("  ") for line in file.read_text(encoding="utf-8").splitlines()]
    assert {line[0] for line in lines} == {str(role.label) for role in Role}
    assert User.objects.get(username=lines[0][1]).check_password(lines[0][2])
    for appointment in Appointment.objects.all():
        assert appointment.agency_id or appointment.entity_id


def _check_procedures() -> None:
    """Something waits at every step of the procedure, and there are certificates to look at."""
    states = set(ApplicationLine.objects.unscoped().values_list("state", flat=True))
    assert states == {"applied", "returned", "accepted", "recorded", "checked", "issued"}
    assert Certificate.objects.unscoped().count() == 2
    at_repairer = (
        Assignment.objects.unscoped().filter(ended_at=None).values_list("taken_up_by_name", flat=True)
    )
    assert sorted(at_repairer) == ["", "傅修刚"], "one on its way to the repairer, one in hand"
    for institute in Agency.objects.filter(kind="institute"):
        assert Authorisation.objects.filter(institute=institute, area=institute.area).exists()


def _check_exchange() -> None:
    """The pages of the exchange have something of each kind to show."""
    assert set(TamperAlarm.objects.unscoped().values_list("state", flat=True)) == set(AlarmState)
    assert set(PlatformEvent.objects.unscoped().values_list("state", flat=True)) == {"entered", "quarantined"}
    came = ExchangeRun.objects.unscoped().get(direction=Direction.IN)
    assert (came.known + came.taken, came.conflicts, came.rejected) == (came.rows - 2, 1, 1)
    assert came.known
    assert ExchangeRun.objects.unscoped().get(direction=Direction.OUT).rows >= came.rows


def _check_webhook() -> None:
    """A webhook with a log of each outcome, paused: nothing leaves a demonstration."""
    row = Subscription.objects.get()
    assert row.state == SubscriptionState.PAUSED
    assert [(sent.status, sent.attempts) for sent in Delivery.objects.all()] == [(204, 3)]


def _check_rates() -> None:
    """The rollup is folded, exact, and in the range of the field."""
    assert rate_changes.compare() == []
    today = max(Instrument.objects.unscoped().values_list("registered_at", flat=True)).date()
    count = counts.total(counts.cells_on(today, [510_000_000_000], 1, counts.whole(T1)))
    assert count.denominator > 600
    assert 96 < (count.percent or 0) < 100


def _forced() -> bool:
    """Say whether row-level security binds the owner again after the load."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'instruments_instrument'")
        return bool(cursor.fetchone()[0])


def test_the_log_answers_for_every_row_of_the_province(accounts: Path) -> None:
    with acting_in(EVERYTHING):
        replayed = check_ledger()
    assert replayed.findings == []
    assert (replayed.instruments, replayed.partly, replayed.unproved) == (800, 0, 0)


def test_the_chain_of_the_demonstration_is_signed_by_anybody_and_believed_nowhere_else() -> None:
    chain = shipped().in_force(DEMONSTRATION_RULE, TODAY).table("chain").values
    assert public_key() == chain["public_key"]
    signature = bytes.fromhex(signature_of(7))
    for demonstration, number in ((True, 7), (False, 7), (True, 8)):
        verify = verify_round(shipped(), demonstration=demonstration)
        assert verify(chain["chain_hash"], number, signature) == ((demonstration, number) == (True, 7))


def test_two_quarters_are_drawn_checked_and_closed_and_their_proofs_hold(accounts: Path) -> None:
    verify = verify_round(shipped(), demonstration=True)
    with acting_in(EVERYTHING):
        now = quarter_of(timezone.localdate())
        closed = Campaign.objects.unscoped().filter(state="closed").order_by("number")
        numbers = [campaign.number or "" for campaign in closed]
        checked = InspectionTask.objects.unscoped().filter(campaign__state="closed")
        assert set(checked.values_list("state", flat=True)) == {"done"}
        assert "failed" in set(checked.values_list("verdict", flat=True))
    assert len(numbers) == 2
    assert all(f"CC{now.year}Q{now.number}" not in number for number in numbers)
    for number in numbers:
        proof = queries.public_proof(number)
        assert proof is not None
        assert verify_proof(proof, shipped(), verify).holds
        assert not verify_proof(proof, shipped(), verify_round(shipped())).holds
