"""What was declared or typed is confirmed by e-CQS's own file of the same verification."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.audit.models import Act
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.instruments.enums import Provenance, Result
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.ledger_batch import open_ledger
from quanheng.apps.instruments.services.record_verification import VerificationResult, enter_verification
from quanheng.apps.registry.models import Entity
from tests.factories import make_code, make_instrument, make_verification
from tests.factories.exchange import CREDIT_CODE, ecqs_result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
Take = Callable[..., ExchangeRun]


@pytest.fixture
def scale(market: Entity) -> Instrument:
    market.credit_code = CREDIT_CODE
    market.save()
    made = make_instrument(market, serial_number="SN1", verified_on=None, valid_until=None, state="filed")
    make_code(made)
    return made


@pytest.mark.parametrize(("number", "institute"), [("川5101字001", "成都市计量检定测试院"), ("", "")])
def test_what_was_declared_is_confirmed_by_the_same_verification(
    number: str, institute: str, scale: Instrument, officer: Actor, at: datetime, take: Take
) -> None:
    said = VerificationResult(date(2026, 11, 2), Result.PASSED, number, institute, Provenance.DECLARED)
    with open_ledger([scale.pk], by=SYSTEM, at=at) as ledger:
        enter_verification(ledger, scale.pk, said)
    run = take(ecqs_result())
    assert (run.taken, run.known) == (1, 0)
    row = Verification.objects.unscoped().get(instrument=scale)
    assert (row.provenance, row.certificate_number) == ("received", "川5101字001")
    scale.refresh_from_db()
    assert (scale.provenance, scale.certificate_number, scale.valid_until) == (
        "received", "川5101字001", date(2027, 11, 1),
    )  # fmt: skip
    act = Act.objects.unscoped().get(verb="verification_confirmed")
    assert (act.after["was"], act.after["source"]) == ("declared", "结果.csv 第 2 行")


def test_what_an_office_recorded_is_confirmed_and_keeps_what_counts(
    scale: Instrument, at: datetime, take: Take
) -> None:
    make_verification(
        scale, verified_on=date(2026, 11, 2), valid_until=date(2027, 11, 1), certificate_number="川5101字001",
        institute="成都市计量检定测试院", regulation="JJG 539-2016",
    )  # fmt: skip
    assert take(ecqs_result()).taken == 1
    assert Verification.objects.unscoped().get(instrument=scale).provenance == "received"
    assert take(ecqs_result()).known == 1


def test_a_declared_result_that_says_otherwise_is_not_confirmed(
    scale: Instrument, at: datetime, take: Take
) -> None:
    make_verification(
        scale, verified_on=date(2026, 11, 2), certificate_number="", institute="", provenance="declared"
    )
    take(ecqs_result(检定结论="不合格", 有效期至=""))
    kept = Verification.objects.unscoped().filter(instrument=scale).order_by("pk")
    assert [(row.provenance, row.result) for row in kept] == [
        ("declared", "passed"), ("received", "failed"),
    ]  # fmt: skip
    scale.refresh_from_db()
    assert scale.state == "failed"
