"""What happened is told in the transaction in which it happened: one row for each addressee."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.file_instruments import accept, return_filing, submit
from quanheng.apps.instruments.services.on_site import OnSite
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.apps.instruments.services.void_record import ask_to_void, decide_to_void
from quanheng.apps.notices.addresses import office_of
from quanheng.apps.notices.kinds import kinds
from quanheng.apps.notices.models import Notice
from quanheng.apps.notices.queries import told, unread
from quanheng.apps.notices.services.tell_of_acts import tell_of_acts
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_area,
    make_assignment,
    make_entity,
    make_instrument,
    make_seal,
    make_verification,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(market: Entity) -> Actor:
    return make_actor(Role.MARKET_OPERATOR, entity=market)


@pytest.fixture
def keeper(stall: Entity) -> Actor:
    return make_actor(Role.INSTRUMENT_USER, entity=stall)


def read(by: Actor) -> list[str]:
    with acting_in(by.scope):
        return [each.text for each in told(by, at_most=50)]


def count(by: Actor) -> int:
    with acting_in(by.scope):
        return unread(by)


def rows() -> int:
    with acting_in(EVERYTHING):
        return Notice.objects.unscoped().count()


def draft_of(stall: Entity, **fields: Any) -> Instrument:
    return make_instrument(stall, state="draft", **fields)


def test_an_office_is_told_of_a_filing_once_for_all_its_people_and_the_stall_and_market_of_its_return(
    stall: Entity, county: Area, user: Actor, keeper: Actor, officer: Actor, at: datetime
) -> None:
    scales = [draft_of(stall, serial_number=f"SN-{n}").pk for n in range(3)]
    second = make_actor(Role.COUNTY_OFFICER, area=county)
    with acting_in(user.scope):
        submit(instrument_ids=scales, by=user, at=at)
    assert rows() == 1
    assert read(officer) == read(second) == ["收到备案：3 台器具"]
    with acting_in(officer.scope):
        return_filing(instrument_ids=scales[:1], reason="缺型号", by=officer, at=at)
    assert read(keeper) == read(user)
    assert read(keeper)[0].startswith("备案退回：")
    assert count(officer) == 1  # what one did oneself is no news


def test_who_sits_above_or_beside_the_office_is_not_told(
    stall: Entity, county: Area, user: Actor, officer: Actor, at: datetime
) -> None:
    others = [make_actor(Role.CITY_OFFICER, area=county.parent), make_actor(Role.COUNTY_OFFICER)]
    others += [make_actor(Role.INSPECTOR, area=county), make_actor(Role.VERIFIER, area=county)]
    with acting_in(user.scope):
        submit(instrument_ids=[draft_of(stall).pk], by=user, at=at)
    assert [count(each) for each in others] == [0, 0, 0, 0]
    assert count(officer) == 1


def test_what_was_done_is_settled_for_everybody(
    stall: Entity, county: Area, user: Actor, officer: Actor, at: datetime
) -> None:
    second, scale = make_actor(Role.COUNTY_OFFICER, area=county), draft_of(stall).pk
    with acting_in(user.scope):
        submit(instrument_ids=[scale], by=user, at=at)
    assert (count(officer), count(second)) == (1, 1)
    with acting_in(officer.scope):
        accept(instrument_ids=[scale], by=officer, at=at)
    assert (count(officer), count(second)) == (0, 0)
    with acting_in(second.scope):
        assert [each.is_settled for each in told(second, at_most=5)] == [True]
    assert read(user)[0].startswith("备案通过：")


def test_an_act_that_is_undone_tells_nobody(
    stall: Entity, officer: Actor, keeper: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)

    with transaction.atomic(), acting_in(officer.scope):
        break_seal(instrument_id=scale.pk, seal_id=seal.pk, reason="拆封", on=at.date(), by=officer, at=at)
        assert rows() == 3  # the stall, its market, the county
        transaction.set_rollback(True)
    assert rows() == 0


def test_whose_instrument_it_is_hears_of_a_broken_seal_and_the_office_of_an_inspectors_find(
    stall: Entity, officer: Actor, inspector: Actor, keeper: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    with acting_in(inspector.scope):
        break_seal(instrument_id=scale.pk, seal_id=seal.pk, reason="拆封", on=at.date(), by=inspector, at=at)
    assert read(keeper) == read(officer) == [f"铅封破损：{scale.name} {scale.serial_number}"]


def test_the_only_officers_request_is_told_to_the_city_and_its_outcome_to_who_asked(
    stall: Entity, county: Area, officer: Actor, keeper: Actor, at: datetime
) -> None:
    city = make_actor(Role.CITY_OFFICER, area=county.parent)
    scale = make_instrument(stall)
    record = make_verification(scale)
    with acting_in(officer.scope):
        ask_to_void(instrument_id=scale.pk, verification_id=record.pk, reason="登错", by=officer, at=at)
    assert count(city) == 1
    with acting_in(city.scope):
        decide_to_void(instrument_id=scale.pk, verification_id=record.pk, agreed=True, by=city, at=at)
    assert count(city) == 0
    assert [text.split("：")[0] for text in read(officer)] == ["作废检定记录"]
    assert [text.split("：")[0] for text in read(keeper)] == ["作废检定记录"]


def act(verb: str, scale: Instrument, at: datetime, **facts: Any) -> Any:
    told = {
        "verb": verb, "at": at, "actor_id": -1, "actor_role": "county_officer", "area_id": scale.area_id,
        "entity_id": scale.entity_id, "root_id": scale.root_id, "instrument_id": scale.pk, "batch_id": None,
        "subject": str(scale), "after": {},
    }  # fmt: skip
    return SimpleNamespace(**told | facts)


def test_an_import_tells_in_chunks_and_its_addressee_reads_one_line(
    stall: Entity, keeper: Actor, at: datetime
) -> None:
    scales = [make_instrument(stall, serial_number=f"SN-{n}") for n in range(4)]
    for chunk in (scales[:3], scales[3:]):
        tell_of_acts(acts=[act(acts.FILING_RETURNED, each, at, batch_id=7) for each in chunk])
    assert read(keeper) == ["备案退回：4 台器具，请改正后重新提交"]


def test_the_same_told_twice_in_one_instant_is_one_notice(stall: Entity, keeper: Actor, at: datetime) -> None:
    scale = make_instrument(stall)
    for _again in range(2):  # a revocation is an act on the certificate and one on the instrument
        tell_of_acts(acts=[act(acts.CERTIFICATE_REVOKED, scale, at)])
    assert len(read(keeper)) == 1


def test_an_act_that_no_kind_names_asks_the_database_nothing(
    stall: Entity, at: datetime, django_assert_num_queries: Any
) -> None:
    scale = make_instrument(stall)
    with django_assert_num_queries(0):
        tell_of_acts(acts=[act(acts.INSTRUMENT_CHANGED, scale, at)])


@pytest.mark.parametrize(("many", "queries"), [(1, 5), (2, 7), (40, 7)])
def test_what_a_batch_costs_follows_the_addressees_and_not_the_rows(
    stall: Entity, at: datetime, many: int, queries: int, django_assert_num_queries: Any
) -> None:
    scales = [make_instrument(stall, serial_number=f"SN-{n}") for n in range(many)]
    with django_assert_num_queries(queries):  # open the wall, settle one and several, tell, close it
        tell_of_acts(acts=[act(acts.FILING_RETURNED, each, at) for each in scales])


def test_an_areas_office_is_found_from_its_position_zones_included(county: Area) -> None:
    zone = make_area("高新技术产业开发区", parent=county.parent, code="510171")
    for area in (county, zone):
        street = make_area(level=AreaLevel.STREET, parent=area)
        assert office_of(street.pk).office_id == area.pk
        assert office_of(street.pk, AreaLevel.CITY).office_id == area.parent_id
        assert office_of(street.pk, AreaLevel.STREET).office_id == street.pk


def test_every_kind_says_something_of_one_and_of_many() -> None:
    facts = {"subject": "秤", "count": 2, "act": "施封"}
    for kind in kinds():
        assert str(kind.text) % facts
        assert str(kind.many) % facts
        assert kind.who
        both = set(kind.told_by) & set(kind.settled_by)
        assert both <= {acts.REPAIRER_CHANGED}  # told to the new repairer, settled for the one before


def test_a_notice_of_several_is_settled_by_the_last_of_them(
    stall: Entity, county: Area, user: Actor, officer: Actor, at: datetime
) -> None:
    second = make_actor(Role.COUNTY_OFFICER, area=county)
    scales = [draft_of(stall, serial_number=f"SN-{n}").pk for n in range(3)]
    with acting_in(user.scope):
        submit(instrument_ids=scales, by=user, at=at)
    with acting_in(officer.scope):
        accept(instrument_ids=scales[:1], by=officer, at=at)
        return_filing(instrument_ids=scales[1:2], reason="缺型号", by=officer, at=at)
        assert unread(officer) == 1
        accept(instrument_ids=scales[2:], by=officer, at=at)
        assert (unread(officer), unread(second)) == (0, 0)
        assert [each.is_settled for each in told(officer, at_most=5)] == [True]


def test_what_a_later_chunk_adds_has_to_be_done_as_well(stall: Entity, keeper: Actor, at: datetime) -> None:
    scales = [make_instrument(stall, serial_number=f"SN-{n}") for n in range(4)]

    def tell(verb: str, *which: int, batch: int | None = None) -> int:
        tell_of_acts(acts=[act(verb, scales[n], at, batch_id=batch) for n in which])
        return count(keeper)

    assert tell(acts.FILING_RETURNED, 0, batch=7) == 1
    assert tell(acts.FILING_RETURNED, 1, batch=7) == 1
    assert tell(acts.FILING_RETURNED, 2, 3, batch=7) == 1
    assert tell(acts.FILING_SUBMITTED, 1, 2, 3) == 1
    assert tell(acts.DRAFT_DELETED, 0) == 0
    assert tell(acts.FILING_RETURNED, 0, batch=7) == 1  # settled already, and told anew


def test_who_asked_is_told_of_the_record_that_they_asked_about(
    stall: Entity, county: Area, officer: Actor, at: datetime
) -> None:
    second, third = (make_actor(Role.COUNTY_OFFICER, area=county) for _ in range(2))
    scale = make_instrument(stall)
    records = [make_verification(scale, certificate_number=f"川-{n}") for n in range(2)]
    for asker, record in zip((officer, second), records, strict=True):
        with acting_in(asker.scope):
            ask_to_void(instrument_id=scale.pk, verification_id=record.pk, reason="登错", by=asker, at=at)
    with acting_in(third.scope):
        decide_to_void(instrument_id=scale.pk, verification_id=records[0].pk, agreed=True, by=third, at=at)
    told_to = [[text for text in read(who) if text.startswith("作废检定")] for who in (officer, second)]
    assert [len(texts) for texts in told_to] == [1, 0]


def test_a_broken_seal_is_settled_by_the_next_one(stall: Entity, keeper: Actor, at: datetime) -> None:
    scale = make_instrument(stall)
    tell_of_acts(acts=[act(acts.SEAL_BROKEN, scale, at)])
    assert count(keeper) == 1
    tell_of_acts(acts=[act(acts.SEAL_APPLIED, scale, at)])
    assert count(keeper) == 0


def test_the_repairer_before_has_nothing_to_receive(stall: Entity, at: datetime) -> None:
    before, after = (make_actor(Role.REPAIRER, entity=make_entity(area=stall.area)) for _ in range(2))
    scale = make_instrument(stall, state="under_repair")
    sent = make_assignment(scale, before.entity_id or 0)
    tell_of_acts(acts=[act(acts.SENT_TO_REPAIR, scale, at)])
    assert count(before) == 1
    with acting_in(EVERYTHING):
        Assignment.objects.unscoped().filter(pk=sent.pk).update(ended_at=at)
    make_assignment(scale, after.entity_id or 0)
    tell_of_acts(acts=[act(acts.REPAIRER_CHANGED, scale, at)])
    assert (count(before), count(after)) == (0, 1)


def test_who_was_named_as_second_officer_is_told(stall: Entity, county: Area, at: datetime) -> None:
    scale = make_instrument(stall)
    checks, named, other = (make_actor(Role.INSPECTOR, area=county) for _ in range(3))
    with acting_in(checks.scope):
        record_check(
            instrument_id=scale.pk, outcome=CheckOutcome.NOTHING_WRONG, words="", on=at.date(),
            seen=OnSite(second_officer_id=named.user_id), by=checks, at=at,
        )  # fmt: skip
    assert any("您被登记为共同检查人" in text for text in read(named))
    assert not any("共同检查人" in text for who in (checks, other) for text in read(who))
