"""Certificates are found: in the list, by their number, from instrument, application, entity and desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.models import Certificate
from quanheng.apps.instruments.models import Instrument, VerificationPeriod
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_seal
from tests.factories.people import sign_in
from tests.factories.verification import Bench, issue_for_test, make_bench

Desk = Callable[..., Client]
AtMost = Callable[[int], AbstractContextManager[Any]]


def as_(actor: Actor) -> Client:
    return sign_in(Client(), actor)


def found(client: Client, query: str = "") -> list[str]:
    """Return the addresses of the certificates that a list shows, the newest first."""
    return [row.url for row in client.get(f"/certificates/{query}").context["list"].rows]


def clerk(bench: Bench) -> Actor:
    return make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=bench.institute.area)


def address(certificate: Certificate) -> str:
    return f"/certificates/{certificate.pk}/"


@pytest.fixture
def bench(county: Area) -> Bench:
    bench = make_bench(county)
    VerificationPeriod.objects.create(item=bench.item, months=12, valid_from=date(2020, 1, 1))
    return bench


@pytest.fixture
def scale(stall: Entity, bench: Bench) -> Instrument:
    return make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5, serial_number="S1")


@pytest.fixture
def certificate(bench: Bench, scale: Instrument, at: datetime) -> Certificate:
    return issue_for_test(at, scale, bench)


def test_owner_office_and_institute_find_a_certificate_by_the_menu(
    desk: Desk, bench: Bench, market: Entity, stall: Entity, certificate: Certificate
) -> None:
    owners = [desk(Role.MARKET_OPERATOR, entity=market), desk(Role.INSTRUMENT_USER, entity=stall)]
    for client in [*owners, desk(), as_(bench.verifier), as_(bench.approver)]:
        assert 'href="/certificates/"' in client.get("/desk/").content.decode()
        assert found(client) == [address(certificate)]


def test_nobody_finds_the_certificates_of_another_entity_county_or_institute(
    desk: Desk, county: Area, certificate: Certificate
) -> None:
    neighbour = make_bench(county)
    other = make_entity("西门市场", kind="market_operator", area=county)
    strangers = [
        as_(neighbour.verifier), desk(area=make_area("武侯区")), desk(Role.MARKET_OPERATOR, entity=other),
    ]  # fmt: skip
    for client in strangers:
        assert found(client) == []
        assert found(client, f"?q={certificate.number}") == []


def test_a_number_is_found_by_its_beginning_and_its_tail_in_any_case(
    desk: Desk, bench: Bench, stall: Entity, market: Entity, certificate: Certificate, at: datetime
) -> None:
    other = issue_for_test(
        at, make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5), bench
    )
    number = certificate.number
    for client in (desk(), desk(Role.MARKET_OPERATOR, entity=market), as_(clerk(bench))):
        assert found(client, f"?q={number[:3].lower()}") == [address(other), address(certificate)]
        for typed in (number, number.lower(), number[-6:], f" {number[-3:]} "):
            assert found(client, f"?q={typed}") == [address(certificate)]
        assert found(client, "?q=999") == []


def test_the_list_is_narrowed_by_who_what_where_and_when(
    desk: Desk, bench: Bench, county: Area, market: Entity, scale: Instrument, certificate: Certificate,
    at: datetime,
) -> None:  # fmt: skip
    elsewhere = make_entity("西门市场", kind="market_operator", area=county)
    officer, today = desk(), at.date()
    for query in (
        "kind=certificate", "state=valid", "recent=30", f"at={market.pk}", f"at={scale.entity_id}",
        f"instrument={scale.pk}", f"institute={bench.institute.pk}", f"area={county.pk}",
        f"issued_at_from={today}", f"issued_at_to={today}",
    ):  # fmt: skip
        assert found(officer, f"?{query}") == [address(certificate)], query
    for query in (
        "kind=failure_notice", "state=revoked", f"at={elsewhere.pk}",
        f"institute={make_bench(county).institute.pk}", f"issued_at_to={today - timedelta(days=1)}",
    ):  # fmt: skip
        assert found(officer, f"?{query}") == [], query


def test_a_certificate_that_no_longer_holds_is_not_shown_as_if_it_did(
    desk: Desk, scale: Instrument, certificate: Certificate, county: Area, at: datetime
) -> None:
    assert "检定已失效" not in desk().get("/certificates/").content.decode()
    with time_machine.travel(at + timedelta(days=800), tick=False):
        assert "有效期已过" in desk().get("/certificates/").content.decode()
    officer, seal = make_actor(Role.COUNTY_OFFICER, area=county), make_seal(scale, number="川A1")
    with acting_in(officer.scope):
        break_seal(instrument_id=scale.pk, seal_id=seal.pk, on=at.date(), reason="断裂", by=officer, at=at)
    assert "检定已失效" in desk().get("/certificates/").content.decode()


def test_instrument_entity_and_application_lead_to_their_certificates(
    desk: Desk, bench: Bench, market: Entity, scale: Instrument, certificate: Certificate
) -> None:
    assert certificate.examination is not None
    application = f"/applications/{certificate.examination.line.application_id}/"
    links = {
        f"/instruments/{scale.pk}/": f"/certificates/?instrument={scale.pk}",
        f"/entities/{market.pk}/": f"/certificates/?at={market.pk}",
        application: address(certificate),
    }
    for client in (desk(), desk(Role.MARKET_OPERATOR, entity=market)):
        for page, link in links.items():
            assert f'href="{link}"' in client.get(page).content.decode(), page
    assert f'href="{address(certificate)}"' in as_(clerk(bench)).get(application).content.decode()


def test_an_instrument_without_certificates_leads_to_none(desk: Desk, scale: Instrument) -> None:
    assert "/certificates/?instrument" not in desk().get(f"/instruments/{scale.pk}/").content.decode()


def test_the_desks_of_owner_clerk_and_approver_count_what_was_issued_of_late(
    desk: Desk, bench: Bench, market: Entity, certificate: Certificate, at: datetime
) -> None:
    for client in (desk(Role.MARKET_OPERATOR, entity=market), as_(clerk(bench)), as_(bench.approver)):
        tiles = {tile.url: tile.text_count for tile in client.get("/desk/").context["worklists"]}
        assert tiles["/certificates/?recent=30"] == "1"
    with time_machine.travel(at + timedelta(days=31), tick=False):
        assert found(desk(Role.MARKET_OPERATOR, entity=market), "?recent=30") == []


def test_a_page_of_certificates_asks_so_often_whatever_it_shows(
    desk: Desk,
    bench: Bench,
    stall: Entity,
    market: Entity,
    at: datetime,
    django_assert_max_num_queries: AtMost,
) -> None:  # fmt: skip
    for _each in range(3):
        issue_for_test(at, make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5), bench)
    for client in (desk(), desk(Role.MARKET_OPERATOR, entity=market), as_(bench.approver)):
        client.get("/certificates/")
        with django_assert_max_num_queries(16):
            assert len(found(client)) == 3
