"""A dispenser is verified nozzle by nozzle: its nozzles stand in the ledger as their measurements say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import ApplicationLine, Certificate
from quanheng.apps.certificates.services.check_examination import check_examination
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.new_seals import NewSeal
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import InstrumentState, SealPosition, VerificationKind
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_entity, make_instrument, make_item, make_seal
from tests.factories.acts import acts, refused
from tests.factories.readings import dispenser_readings
from tests.factories.verification import Bench, make_bench, make_line

GOOD, BAD = "20.01", "20.40"  # litres measured where 20.00 were indicated
NEW: dict[str, Any] = {
    "verified_on": None, "valid_until": None, "trusted_until": None, "result": "", "state": "filed",
}  # fmt: skip


@pytest.fixture
def bench(county: Area) -> Bench:
    return make_bench(county, make_item("fuel-dispenser", category="fuel_dispenser", name="加油机"))


def make_dispenser(bench: Bench, **facts: Any) -> tuple[Instrument, Instrument, Instrument]:
    station = make_entity("锦江第一加油站", area=bench.institute.area)
    whole = make_instrument(station, item=bench.item, **NEW | facts)
    one, two = (
        make_instrument(station, item=bench.item, parent=whole, place=name, **NEW | facts)
        for name in ("1号枪", "2号枪")
    )
    return whole, one, two


def verify(bench: Bench, whole: Instrument, at: datetime, *, allowance: str = "", **measured: str
) -> Certificate:  # fmt: skip
    seals = (NewSeal("川A1", SealPosition.ENCODER),) if whole.seal_broken else ()
    findings = Findings(
        at.date(), VerificationKind.SUBSEQUENT, bench.standard.pk, dispenser_readings(measured), seals=seals,
        allowance=allowance, remarks="2 号枪停用，已封存" if allowance else "",
    )  # fmt: skip
    line = make_line(whole, bench.institute).pk
    with acting_in(bench.verifier.scope):
        record_examination(line_id=line, findings=findings, by=bench.verifier, at=at)
        check_examination(line_id=line, by=bench.checker, at=at)
        return issue_certificate(line_id=line, by=bench.approver, at=at)


def now(it: Instrument) -> Instrument:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=it.pk)


def test_what_was_measured_passes_with_its_dispenser(bench: Bench, at: datetime) -> None:
    whole, one, two = make_dispenser(bench)
    certificate = verify(bench, whole, at, **{"1号枪": GOOD, "2号枪": GOOD})
    for it in (whole, one, two):
        row = now(it)
        assert (row.state, row.result) == (InstrumentState.IN_USE, "passed")
        assert (row.certificate_number, row.valid_until) == (certificate.number, now(whole).valid_until)
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().filter(certificate_number=certificate.number).count() == 3
    assert {pk for verb, pk in acts() if verb == "verification_recorded"} == {whole.pk, one.pk, two.pk}


def test_a_nozzle_that_nobody_measured_stays_as_it_was(bench: Bench, at: datetime) -> None:
    whole, one, two = make_dispenser(bench)
    with refused("incomplete_examination"):
        verify(bench, whole, at, **{"1号枪": GOOD})
    with acting_in(EVERYTHING):
        ApplicationLine.objects.unscoped().update(state=LineState.WITHDRAWN)
    verify(bench, whole, at, allowance="nozzle_out_of_use", **{"1号枪": GOOD})
    assert (now(one).result, now(two).result) == ("passed", "")


def test_where_the_dispenser_failed_only_those_fail_that_failed(bench: Bench, at: datetime) -> None:
    whole, one, two = make_dispenser(bench)
    verify(bench, whole, at, **{"1号枪": GOOD, "2号枪": BAD})
    assert (now(whole).state, now(two).state) == (InstrumentState.FAILED, InstrumentState.FAILED)
    assert (now(one).state, now(one).result) == (InstrumentState.FILED, "")


def test_a_nozzle_out_of_use_is_no_part_of_it(bench: Bench, at: datetime) -> None:
    whole, one, _two = make_dispenser(bench)
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=one.pk).update(state=InstrumentState.SCRAPPED)
    verify(bench, whole, at, **{"1号枪": GOOD, "2号枪": GOOD})
    assert now(one).state == InstrumentState.SCRAPPED


def test_behind_new_seals_dispenser_and_nozzles_are_trusted_again(bench: Bench, at: datetime) -> None:
    whole, one, two = make_dispenser(bench, state="in_use", seal_broken=True)
    make_seal(whole, number="旧1", position=SealPosition.ENCODER, broken_on=at.date())
    verify(bench, whole, at, **{"1号枪": GOOD, "2号枪": GOOD})
    assert [now(it).seal_broken for it in (whole, one, two)] == [False, False, False]
