"""A new seal is asked about while the verifier still stands before the instrument, and again at approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from quanheng.apps.certificates.models import ApplicationLine, Examination
from quanheng.apps.certificates.services.check_examination import check_examination
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.new_seals import NewSeal
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import SealPosition
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_entity, make_instrument, make_seal
from tests.factories.acts import refused
from tests.factories.verification import Bench, make_line

CASE, OTHER = SealPosition.SCALE_CASE, SealPosition.OTHER


def with_seals(findings: Findings, *seals: tuple[str, SealPosition]) -> Findings:
    return replace(findings, seals=tuple(NewSeal(number, position) for number, position in seals))


@pytest.mark.parametrize(
    ("seals", "code"),
    [
        ((("  ", CASE),), "no_number"),
        ((("---", CASE),), "seal_number_unreadable"),
        ((("在用ａ1", CASE),), "seal_number_in_use"),
        ((("远方1", CASE),), "seal_number_in_use"),
        ((("旧1", CASE),), "seal_number_used"),
        ((("新1", OTHER),), "position_sealed"),
        ((("新1", CASE), ("新 1", SealPosition.MAINBOARD)), "seal_twice"),
        ((("新1", CASE), ("新2", CASE)), "seal_twice"),
    ],
)
def test_a_seal_that_the_ledger_would_refuse_is_refused_when_it_is_recorded(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime,
    seals: tuple[tuple[str, SealPosition], ...], code: str,
) -> None:  # fmt: skip
    make_seal(scale, number="旧1", broken_on=at.date())
    make_seal(scale, number="完好1", position=OTHER)
    make_seal(make_instrument(scale.entity), number="在用A1")
    make_seal(make_instrument(make_entity()), number="远方1")
    with refused(code):
        record_examination(line_id=line.pk, findings=with_seals(findings, *seals), by=bench.verifier, at=at)
    assert not Examination.objects.unscoped().filter(line=line).exists()


def test_a_new_seal_does_not_precede_the_opening_of_the_one_before(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    make_seal(scale, broken_on=at.date())
    early = replace(with_seals(findings, ("新1", CASE)), verified_on=at.date() - timedelta(days=3))
    with refused("before_previous_ended"):
        record_examination(line_id=line.pk, findings=early, by=bench.verifier, at=at)


def test_a_seal_of_a_record_that_waits_is_in_use_already(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    record_examination(
        line_id=line.pk, findings=with_seals(findings, ("新1", CASE)), by=bench.verifier, at=at
    )
    other = make_instrument(scale.entity, accuracy_class="III", max_capacity_g=15000, e_g=5)
    with pytest.raises(RuleBroken, match=scale.serial_number) as told:
        record_examination(
            line_id=make_line(other, bench.institute).pk, findings=with_seals(findings, ("新 １", CASE)),
            by=bench.verifier, at=at,
        )  # fmt: skip
    assert told.value.code == "seal_number_waits"


def test_it_is_asked_again_at_approval_for_much_may_have_happened_since(
    line: ApplicationLine, findings: Findings, bench: Bench, scale: Instrument, at: datetime
) -> None:
    record_examination(
        line_id=line.pk, findings=with_seals(findings, ("新1", CASE)), by=bench.verifier, at=at
    )
    check_examination(line_id=line.pk, by=bench.checker, at=at)
    taken = make_seal(make_instrument(scale.entity), number="新1")
    with refused("seal_number_in_use"):
        issue_certificate(line_id=line.pk, by=bench.approver, at=at)
    with acting_in(EVERYTHING):
        taken.delete()
    issue_certificate(line_id=line.pk, by=bench.approver, at=at)
    with acting_in(EVERYTHING):
        assert Seal.objects.unscoped().get(instrument=scale).number == "新1"
