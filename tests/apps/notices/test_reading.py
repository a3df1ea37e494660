"""What a person has read is their own: by opening the row, by saying so, or all of it; and what they want."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.notices.models import Notice, NoticeMark, NoticeRead
from quanheng.apps.notices.queries import MOST, told, unread
from quanheng.apps.notices.services.choose import choose
from quanheng.apps.notices.services.read import read_about, read_all, read_one
from quanheng.apps.notices.services.sweep import KEPT_DAYS, sweep
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.factories import make_actor, make_agency, make_notice, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(market: Entity) -> Actor:
    actor = make_actor(Role.MARKET_OPERATOR, entity=market)
    set_scope(actor.scope)
    return actor


def unread_of(by: Actor) -> list[int]:
    return [each.notice.pk for each in told(by, only_unread=True, at_most=200)]


def test_opening_a_row_reads_what_was_told_of_it_and_nothing_else(
    market: Entity, keeper: Actor, at: datetime
) -> None:
    about = [make_notice(entity_id=market.pk, row_id=5).pk for _ in range(2)]
    other = make_notice(entity_id=market.pk, row_id=6)
    same_number = make_notice(entity_id=market.pk, row_id=5, kind="certificate_issued")
    assert set(unread_of(keeper)) == {*about, other.pk, same_number.pk}
    read_about("instruments", 5, by=keeper, at=at)
    assert unread_of(keeper) == [same_number.pk, other.pk]
    assert unread(keeper) == 2


def test_a_colleague_reads_for_himself(market: Entity, keeper: Actor, at: datetime) -> None:
    colleague = make_actor(Role.MARKET_OPERATOR, entity=market)
    notice = make_notice(entity_id=market.pk)
    read_one(notice.pk, by=keeper, at=at)
    assert (unread(keeper), unread(colleague)) == (0, 1)


def test_nobody_reads_what_is_told_to_others(market: Entity, keeper: Actor, at: datetime) -> None:
    theirs = make_notice(entity_id=market.pk + 1)
    read_one(theirs.pk, by=keeper, at=at)
    with acting_in(EVERYTHING):
        assert not NoticeRead.objects.unscoped().exists()
    assert told(keeper, at_most=5) == []


def test_all_read_is_one_mark_and_what_comes_after_is_new(
    market: Entity, keeper: Actor, at: datetime
) -> None:
    yesterday = at - timedelta(days=1)
    for _more in range(3):
        make_notice(entity_id=market.pk, at=yesterday)
    read_all(by=keeper, at=at)
    assert unread(keeper) == 0
    assert not NoticeRead.objects.visible_to(keeper).exists()
    assert NoticeMark.objects.visible_to(keeper).count() == 1
    later = make_notice(entity_id=market.pk)
    assert unread_of(keeper) == [later.pk]


def test_when_the_last_one_is_read_the_mark_moves_on(market: Entity, keeper: Actor, at: datetime) -> None:
    notices = [make_notice(entity_id=market.pk, at=at - timedelta(days=1)) for _ in range(3)]
    for notice in notices:
        read_one(notice.pk, by=keeper, at=at)
    assert NoticeMark.objects.visible_to(keeper).get().read_to == notices[-1].pk


def test_a_second_post_has_a_mark_of_its_own(county: Area, at: datetime) -> None:
    user = make_user()
    one, other = (make_actor(Role.COUNTY_OFFICER, area=county, user=user) for _ in range(2))
    set_scope(one.scope)
    make_notice(office_id=county.pk, kind="filing_submitted", at=at - timedelta(days=1))
    read_all(by=one, at=at)
    assert (unread(one), unread(other)) == (0, 1)


def test_a_kind_that_is_switched_off_is_neither_listed_nor_counted(market: Entity, keeper: Actor) -> None:
    make_notice(entity_id=market.pk)
    issued = make_notice(entity_id=market.pk, kind="certificate_issued")
    choose({"certificate_issued"}, by=keeper)
    assert (unread(keeper), unread_of(keeper)) == (1, [issued.pk])
    choose({"seal_broken", "certificate_issued"}, by=keeper)
    assert unread(keeper) == 2


def test_it_is_counted_no_further_than_anybody_reads(market: Entity, keeper: Actor) -> None:
    with acting_in(EVERYTHING):
        Notice.objects.unscoped().bulk_create(
            Notice(kind="seal_broken", at="2026-11-23T00:00+08:00", entity_id=market.pk, key=str(n))
            for n in range(MOST + 20)
        )
    assert unread(keeper) == MOST + 1


ADDRESSED = {
    "county": (Role.COUNTY_OFFICER, "filing_submitted"),
    "institute": (Role.APPROVER, "certificate_change_asked"),
}  # fmt: skip


@pytest.mark.parametrize("unit", ["county", "institute"])
def test_offices_and_institutes_read_what_is_told_to_theirs(county: Area, unit: str) -> None:
    role, kind = ADDRESSED[unit]
    agency = make_agency(area=county)
    actor = make_actor(role, area=county, agency=agency)
    other = make_actor(role, area=county.parent)
    to: dict[str, Any] = {"office_id": county.pk} if unit == "county" else {"agency_id": agency.pk}
    notice = make_notice(kind=kind, **to)
    with acting_in(actor.scope):
        assert unread_of(actor) == [notice.pk]
    with acting_in(other.scope):
        assert (unread_of(other), unread(other)) == ([], 0)


def test_the_wall_alone_hides_what_is_told_to_others(market: Entity, county: Area, keeper: Actor) -> None:
    stranger = make_actor(Role.MARKET_OPERATOR)
    make_notice(entity_id=market.pk)
    make_notice(office_id=county.pk)
    make_notice(person_id=keeper.user_id)
    with acting_in(stranger.scope):
        assert not Notice.objects.unscoped().exists()
    assert Notice.objects.unscoped().count() == 2


def test_what_is_over_its_term_goes_and_the_marks_with_it(
    market: Entity, keeper: Actor, at: datetime
) -> None:
    old = make_notice(entity_id=market.pk, at=at - timedelta(days=KEPT_DAYS, seconds=1))
    kept = make_notice(entity_id=market.pk, at=at - timedelta(days=KEPT_DAYS))
    read_one(old.pk, by=keeper, at=at)
    sweep(at=at)
    assert [each.notice.pk for each in told(keeper, at_most=5)] == [kept.pk]
    assert not NoticeRead.objects.visible_to(keeper).exists()


def test_what_commits_after_all_was_read_is_unread_though_its_number_is_lower(
    market: Entity, keeper: Actor, at: datetime
) -> None:
    late = make_notice(entity_id=market.pk, at=at)
    number = late.pk
    with acting_in(EVERYTHING):
        late.delete()  # not committed yet: nobody sees it
    make_notice(entity_id=market.pk, at=at)
    read_all(by=keeper, at=at)
    make_notice(entity_id=market.pk, at=at, id=number)
    assert unread_of(keeper) == [number]


def test_the_mark_never_moves_back(market: Entity, keeper: Actor, at: datetime) -> None:
    make_notice(entity_id=market.pk, row_id=5, at=at - timedelta(days=2))
    make_notice(entity_id=market.pk, row_id=5, kind="certificate_issued", at=at - timedelta(days=1))
    read_all(by=keeper, at=at)
    choose(set(), by=keeper)
    read_all(by=keeper, at=at)
    choose({each.kind.key for each in told(keeper, at_most=9)} | {"certificate_issued"}, by=keeper)
    assert unread(keeper) == 0
