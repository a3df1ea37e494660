"""Fifty threads want the same thing: exactly one gets it, the others are told why, nothing else is left."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.certificates.enums import HalfDay, PlaceOfWork
from quanheng.apps.certificates.models import Application, ApplicationLine, Authorisation, Certificate
from quanheng.apps.certificates.services.apply_for_verification import Wish, apply_for_verification
from quanheng.apps.certificates.services.check_examination import check_examination
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.receive_application import accept_application
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.certificates.services.slots import When
from quanheng.apps.instruments.enums import VerificationKind
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.register_instrument import register_instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_item
from tests.factories.readings import scale_readings
from tests.factories.verification import Bench, make_bench, make_line

pytestmark = [pytest.mark.xdist_group("fifty connections"), pytest.mark.django_db(transaction=True)]

THREADS = 50
TUESDAY = date(2026, 11, 24)


def at_once(act: Callable[[int], object], by: Actor) -> Counter[str]:
    """Run an act fifty times at once; count its outcomes: ``"done"`` or the code of the refusal."""
    barrier, outcomes = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        try:
            barrier.wait()
            with acting_in(by.scope):
                act(number)
            outcomes.append("done")
        except RuleBroken as refusal:
            outcomes.append(refusal.code)
        except Exception as fault:
            outcomes.append(repr(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def verbs(verb: str) -> int:
    with acting_in(EVERYTHING):
        return Act.objects.unscoped().filter(verb=verb).count()


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def bench(county: Area) -> Bench:
    return make_bench(county)


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("青羊农贸市场", kind="market_operator", area=county)


def test_one_application_of_fifty(bench: Bench, market: Entity, at: datetime) -> None:
    owner = make_actor(Role.MARKET_OPERATOR, entity=market)
    ids = [make_instrument(market).pk for _ in range(3)]
    wish = Wish(PlaceOfWork.ON_SITE, TUESDAY)

    outcomes = at_once(
        lambda _n: apply_for_verification(instrument_ids=ids, wish=wish, by=owner, at=at), owner
    )

    assert outcomes == {"done": 1, "already_applied": THREADS - 1}
    with acting_in(EVERYTHING):
        assert (Application.objects.unscoped().count(), ApplicationLine.objects.unscoped().count()) == (1, 3)
    assert verbs("verification_applied") == 3


def test_one_serial_number_of_fifty(market: Entity, at: datetime) -> None:
    owner = make_actor(Role.MARKET_OPERATOR, entity=market)
    facts: dict[str, Any] = {
        "name": "电子计价秤", "serial_number": "20260001", "manufacturer": "衡器厂",
        "item_id": make_item().pk,
    }  # fmt: skip

    outcomes = at_once(
        lambda _n: register_instrument(entity_id=market.pk, facts=facts, by=owner, at=at), owner
    )

    assert outcomes == {"done": 1, "serial_number_taken": THREADS - 1}
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().count() == 1
    assert verbs("instrument_registered") == 1


def test_one_place_of_fifty(bench: Bench, market: Entity, county: Area, at: datetime) -> None:
    clerk = make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=county)
    lines = [
        make_line(make_instrument(market), bench.institute, state="applied", booked_for=None, slot=None).pk
        for _ in range(THREADS)
    ]
    with acting_in(EVERYTHING):
        Authorisation.objects.update(daily_capacity=1)
    when = When(TUESDAY, HalfDay.MORNING)

    outcomes = at_once(
        lambda number: accept_application(line_id=lines[number], when=when, by=clerk, at=at), clerk
    )

    assert outcomes == {"done": 1, "day_is_full": THREADS - 1}
    with acting_in(EVERYTHING):
        held = ApplicationLine.objects.unscoped().filter(booked_for=TUESDAY)
        assert [(line.state, line.slot) for line in held] == [("accepted", 1)]
    assert verbs("verification_accepted") == 1


def test_one_certificate_of_fifty(bench: Bench, market: Entity, at: datetime) -> None:
    scale = make_instrument(market, accuracy_class="III", max_capacity_g=15000, e_g=5)
    line = make_line(scale, bench.institute).pk
    findings = Findings(at.date(), VerificationKind.SUBSEQUENT, bench.standard.pk, scale_readings())
    with acting_in(bench.verifier.scope):
        record_examination(line_id=line, findings=findings, by=bench.verifier, at=at)
        check_examination(line_id=line, by=bench.checker, at=at)

    outcomes = at_once(lambda _n: issue_certificate(line_id=line, by=bench.approver, at=at), bench.approver)

    assert outcomes == {"done": 1, "cannot_approve": THREADS - 1}
    with acting_in(EVERYTHING):
        assert (Certificate.objects.unscoped().count(), Verification.objects.unscoped().count()) == (1, 1)
    assert verbs("certificate_issued") == 1
