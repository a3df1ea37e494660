"""What a program that follows certificates is told: what they are worth now, where they were issued."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.certificates.enums import VersionKind
from quanheng.apps.certificates.models import Certificate
from quanheng.apps.certificates.services.amend_certificate import amend_certificate
from quanheng.apps.certificates.services.ask_change import ask_change
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_placement, make_seal
from tests.factories.verification import issue_for_test, make_bench

pytestmark = pytest.mark.django_db(transaction=True)


class Town:
    """A county with a scale and its certificate; a program of the county, one of each institute there."""

    def __init__(self, at: datetime, program: Any) -> None:
        self.province = make_area(level=AreaLevel.PROVINCE)
        self.here, self.there = (make_area(parent=self.province) for _ in range(2))
        self.scale = make_instrument(
            make_entity(area=self.here), accuracy_class="III", max_capacity_g=15000, e_g=5
        )
        self.bench = make_bench(self.here, self.scale.item)
        self.at, self.county = at, program(make_actor(area=self.here))
        with time_machine.travel(at):
            self.certificate: Certificate = issue_for_test(at, self.scale, self.bench)

    @property
    def path(self) -> str:
        return f"/certificates/{self.certificate.pk}"

    def told(self, system: Any, cursor: str) -> list[str]:
        items = system.get("/changes", {"since": cursor, "kind": "certificate"}).json()["items"]
        return [told["what"] for told in items if told["id"] == self.certificate.pk]

    def cursor(self, system: Any) -> str:
        return str(system.get("/changes", {"kind": "certificate"}).json()["cursor"])

    def breaks(self) -> None:
        """Break a seal of the scale, wherever it stands."""
        with time_machine.travel(self.at), acting_in(EVERYTHING):
            scale = Instrument.objects.unscoped().get(pk=self.scale.pk)
            seal = make_seal(scale)
            break_seal(
                instrument_id=scale.pk, seal_id=seal.pk, on=timezone.localdate(self.at), reason="铅封断裂",
                by=make_actor(area=scale.area), at=self.at,
            )  # fmt: skip

    def amends(self) -> datetime:
        """Correct the model in the certificate; return when."""
        checker, approver = self.bench.checker, self.bench.approver
        with acting_in(checker.scope):
            change = ask_change(
                certificate_id=self.certificate.pk, kind=VersionKind.AMENDED, reason="型号误写",
                content={"instrument": {"model": "B"}}, by=checker, at=timezone.now(),
            )  # fmt: skip
        later = timezone.now()
        with acting_in(approver.scope):
            amend_certificate(change_id=change.pk, by=approver, at=later)
        return later

    def moves_the_scale_away(self) -> None:
        """Move it into the other county."""
        officer = make_actor(Role.PROVINCE_OFFICER, area=self.province)
        target = make_entity(area=self.there)
        with time_machine.travel(self.at), acting_in(officer.scope):
            move_instrument(
                instrument_id=self.scale.pk, entity_id=target.pk, place="新址",
                on=timezone.localdate(self.at), by=officer, at=self.at,
            )  # fmt: skip


@pytest.fixture
def town(at: datetime, program: Any) -> Town:
    return Town(at, program)


def test_a_certificate_whose_verification_stops_counting_is_told_as_changed(town: Town) -> None:
    cursor, before = town.cursor(town.county), town.county.get(town.path).json()
    town.breaks()
    assert town.told(town.county, cursor) == ["changed"]
    after = town.county.get(town.path).json()
    assert (before["is_void"], after["is_void"]) == (False, True)
    assert after["changed_at"] > before["changed_at"]
    listed = town.county.get("/certificates", {"changed_since": cursor}).json()["items"]
    assert listed == [after]


def test_an_amended_certificate_says_when(town: Town) -> None:
    cursor, before = town.cursor(town.county), town.county.get(town.path).json()
    later = town.amends()
    assert town.told(town.county, cursor) == ["changed"]
    after = town.county.get(town.path).json()
    assert (before["version"], after["version"]) == (1, 2)
    assert datetime.fromisoformat(after["changed_at"]) >= later
    assert after["changed_at"] > before["changed_at"]


def test_where_it_was_issued_it_is_read_and_followed_after_its_instrument_left(town: Town) -> None:
    """The list lost it, its address answered 404, and a seal broken elsewhere left it standing."""
    town.moves_the_scale_away()
    cursor = town.cursor(town.county)
    seen = town.county.get(town.path)
    assert (seen.status_code, seen.json()["serial_number"]) == (200, town.scale.serial_number)
    assert [row["id"] for row in town.county.get("/certificates").json()["items"]] == [town.certificate.pk]
    town.breaks()
    assert town.told(town.county, cursor) == ["changed"]
    assert town.county.get(town.path).json()["is_void"] is True


def test_every_address_that_an_institute_is_told_shows_the_row(town: Town, program: Any) -> None:
    own, other = program(town.bench.verifier), program(make_bench(town.here, town.scale.item).verifier)
    cursors = {system: system.get("/changes").json()["cursor"] for system in (own, other)}
    another = make_instrument(town.scale.entity, accuracy_class="III", max_capacity_g=15000, e_g=5)
    with time_machine.travel(town.at):
        issue_for_test(town.at, another, town.bench)
    make_placement(town.scale)
    kinds = {}
    for system, cursor in cursors.items():
        told = system.get("/changes", {"since": cursor}).json()["items"]
        kinds[system] = {one["kind"] for one in told}
        for one in told:
            assert system.get(one["href"].removeprefix("/api/v1")).status_code == 200, one
    assert kinds[own] - kinds[other] == {"application", "certificate"}
    assert {"instrument", "verification"} <= kinds[other]


def test_past_places_are_read_where_they_were(town: Town) -> None:
    cursor = town.county.get("/changes").json()["cursor"]
    town.moves_the_scale_away()
    told = town.county.get("/changes", {"since": cursor}).json()["items"]
    addresses = [one["href"] for one in told if one["href"]]
    assert f"/api/v1/instruments/{town.scale.pk}/placements" in addresses
    for address in addresses:
        assert town.county.get(address.removeprefix("/api/v1")).status_code == 200, address
