"""What an institute stands on: who enters it, what is refused, and that an end is an end from that day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.enums import StaffDuty
from quanheng.apps.certificates.models import Authorisation, MeasurementStandard, Qualification
from quanheng.apps.certificates.services.authorise_institute import authorise_institute
from quanheng.apps.certificates.services.capability import check_authority, check_person, check_standard
from quanheng.apps.certificates.services.describe_institute import describe_institute
from quanheng.apps.certificates.services.end_capability import Capability, end_capability
from quanheng.apps.certificates.services.enter_standard import StandardFacts, enter_standard
from quanheng.apps.certificates.services.institutes import Paper
from quanheng.apps.certificates.services.qualify_person import qualify_person
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from tests.factories import make_actor, make_item
from tests.factories.acts import acts, last_act, refused
from tests.factories.verification import Bench, make_bench

TODAY = date(2026, 11, 23)
PAPER = Paper("（川）法计（2026）001号", date(2026, 11, 1), date(2030, 10, 31))
FACTS = StandardFacts("M1 等级砝码标准装置", traced_until=date(2027, 6, 30))


@pytest.fixture
def province(county: Area) -> Actor:
    actor = make_actor(Role.PROVINCE_OFFICER, area=county.parent and county.parent.parent)
    set_scope(actor.scope)
    return actor


@pytest.fixture
def manager(bench: Bench, county: Area) -> Actor:
    return make_actor(Role.INSTITUTE_MANAGER, agency=bench.institute, area=county)


def authority(bench: Bench, county: Area, **changes: Any) -> dict[str, Any]:
    defaults = {
        "institute_id": bench.institute.pk, "item_ids": [bench.item.pk], "area_id": county.pk,
        "daily_capacity": 30, "paper": PAPER,
    }  # fmt: skip
    return defaults | changes


def test_the_province_authorises_for_many_items_at_once(
    bench: Bench, county: Area, province: Actor, at: datetime
) -> None:
    other = make_item("truck-scale", name="汽车衡")
    ids = [bench.item.pk, other.pk, other.pk]
    made = authorise_institute(**authority(bench, county, item_ids=ids), by=province, at=at)
    assert [row.item_id for row in made] == sorted({bench.item.pk, other.pk})
    assert check_authority(bench.institute.pk, other.pk, county.pk, TODAY).daily_capacity == 30
    act = last_act()
    assert (act.verb, act.subject) == ("institute_changed", PAPER.certificate_number)
    assert act.after["items"] == sorted({bench.item.pk, other.pk})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item_ids": []}, "no_items"),
        ({"area_id": 1}, "no_area"),
        ({"daily_capacity": 0}, "capacity_out_of_range"),
        ({"daily_capacity": 10_001}, "capacity_out_of_range"),
        ({"institute_id": 0}, "institute_not_found"),
        ({"paper": replace(PAPER, certificate_number=" ")}, "no_certificate_number"),
        ({"paper": replace(PAPER, valid_to=date(2026, 10, 31))}, "validity_backward"),
    ],
)
def test_an_authority_that_cannot_be_is_refused(
    bench: Bench, county: Area, province: Actor, at: datetime, change: dict[str, Any], code: str
) -> None:
    with refused(code):
        authorise_institute(**authority(bench, county, **change), by=province, at=at)


def test_the_same_authority_is_entered_once(
    bench: Bench, county: Area, province: Actor, at: datetime
) -> None:
    authorise_institute(**authority(bench, county), by=province, at=at)
    with refused("already_authorised"):
        authorise_institute(**authority(bench, county), by=province, at=at)


def test_no_institute_authorises_itself(bench: Bench, county: Area, manager: Actor, at: datetime) -> None:
    with pytest.raises(NotYours):
        authorise_institute(**authority(bench, county), by=manager, at=at)
    row = Authorisation.objects.get(institute=bench.institute)
    with pytest.raises(NotYours):
        end_capability(
            kind=Capability.AUTHORISATION, row_id=row.pk, last_day=TODAY, reason="搬迁", by=manager, at=at
        )


def test_a_manager_enters_standards_and_people_of_their_own(
    bench: Bench, county: Area, manager: Actor, at: datetime
) -> None:
    own = bench.institute.pk
    standard = enter_standard(
        institute_id=own, item_ids=[bench.item.pk], facts=FACTS, paper=PAPER, by=manager, at=at
    )
    assert check_standard(standard.pk, own, bench.item.pk, TODAY) == standard
    person = make_actor(Role.CHECKER, agency=bench.institute, area=county)
    qualify_person(
        institute_id=own, user_id=person.user_id or 0, duty=StaffDuty.CHECK, item_id=None, paper=PAPER,
        by=manager, at=at,
    )  # fmt: skip
    check_person(person.user_id, own, StaffDuty.CHECK, bench.item.pk, TODAY)
    assert last_act().after["duty"] == "check"


def test_another_institutes_rows_are_not_theirs(
    bench: Bench, county: Area, manager: Actor, at: datetime
) -> None:
    other = make_bench(county)
    with pytest.raises(NotYours):
        enter_standard(
            institute_id=other.institute.pk, item_ids=[bench.item.pk], facts=FACTS, paper=PAPER, by=manager,
            at=at,
        )  # fmt: skip
    with pytest.raises(NotYours):
        end_capability(
            kind=Capability.STANDARD, row_id=other.standard.pk, last_day=TODAY, reason="停用", by=manager,
            at=at,
        )  # fmt: skip
    with pytest.raises(NotYours):
        enter_standard(
            institute_id=bench.institute.pk, item_ids=[bench.item.pk], facts=FACTS, paper=PAPER,
            by=bench.verifier, at=at,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"facts": StandardFacts(" ")}, "no_name"),
        ({"item_ids": []}, "no_items"),
    ],
)
def test_a_standard_that_cannot_be_is_refused(
    bench: Bench, manager: Actor, at: datetime, change: dict[str, Any], code: str
) -> None:
    asked: dict[str, Any] = {
        "institute_id": bench.institute.pk, "item_ids": [bench.item.pk], "facts": FACTS, "paper": PAPER,
    }  # fmt: skip
    with refused(code):
        enter_standard(**asked | change, by=manager, at=at)
    enter_standard(**asked, by=manager, at=at)
    with refused("already_entered"):
        enter_standard(**asked, by=manager, at=at)


def test_a_qualification_is_for_somebody_else_of_the_house_and_entered_once(
    bench: Bench, county: Area, manager: Actor, at: datetime
) -> None:
    asked: dict[str, Any] = {
        "institute_id": bench.institute.pk, "user_id": bench.verifier.user_id, "duty": StaffDuty.VERIFY,
        "item_id": bench.item.pk, "paper": PAPER,
    }  # fmt: skip
    stranger = make_actor(Role.VERIFIER, agency=make_bench(county).institute, area=county)
    with refused("own_qualification"):
        qualify_person(**asked | {"user_id": manager.user_id}, by=manager, at=at)
    with refused("not_of_this_institute"):
        qualify_person(**asked | {"user_id": stranger.user_id}, by=manager, at=at)
    qualify_person(**asked, by=manager, at=at)
    with refused("already_qualified"):
        qualify_person(**asked, by=manager, at=at)


def test_what_ended_holds_until_its_last_day_and_never_longer(
    bench: Bench, manager: Actor, at: datetime
) -> None:
    row = Qualification.objects.get(institute=bench.institute, duty=StaffDuty.VERIFY)
    ended: dict[str, Any] = {"kind": Capability.QUALIFICATION, "row_id": row.pk, "by": manager, "at": at}
    with refused("no_reason"):
        end_capability(**ended, last_day=TODAY, reason=" ")
    with refused("ends_before_it_began"):
        end_capability(**ended, last_day=row.valid_from - timedelta(days=1), reason="调离")
    end_capability(**ended, last_day=TODAY, reason="调离")
    check_person(bench.verifier.user_id, bench.institute.pk, StaffDuty.VERIFY, bench.item.pk, TODAY)
    with refused("not_qualified"):
        tomorrow = TODAY + timedelta(days=1)
        check_person(bench.verifier.user_id, bench.institute.pk, StaffDuty.VERIFY, bench.item.pk, tomorrow)
    with refused("already_ends_earlier"):
        end_capability(**ended, last_day=TODAY + timedelta(days=9), reason="续聘")
    with refused("row_not_found"):
        end_capability(**ended | {"row_id": 0}, last_day=TODAY, reason="调离")


def test_a_standard_that_ended_serves_no_examination(bench: Bench, province: Actor, at: datetime) -> None:
    end_capability(
        kind=Capability.STANDARD, row_id=bench.standard.pk, last_day=TODAY - timedelta(days=1),
        reason="期间核查不合格", by=province, at=at,
    )  # fmt: skip
    with refused("standard_out_of_validity"):
        check_standard(bench.standard.pk, bench.institute.pk, bench.item.pk, TODAY)
    assert MeasurementStandard.objects.get(pk=bench.standard.pk).valid_to == TODAY - timedelta(days=1)
    assert last_act().reason == "期间核查不合格"


def test_the_log_tells_where_an_institute_was_reached_before(
    bench: Bench, manager: Actor, at: datetime
) -> None:
    set_scope(manager.scope)
    for address in ("人民路 1 号", "人民路 2 号", "人民路 2 号"):
        describe_institute(
            institute_id=bench.institute.pk, address=address, telephone="028-12345", by=manager, at=at
        )
    act = last_act()
    assert act.before == {"address": "人民路 1 号", "telephone": "028-12345"}
    assert act.after["address"] == "人民路 2 号"
    assert [verb for verb, _row in acts()].count("institute_changed") == 2, "what changes nothing is no act"
