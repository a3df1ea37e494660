"""The closing report: what stood on the last day is frozen once; what came late is told beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.accounts.services.reorganise_area import merge_area
from quanheng.apps.instruments.models import EntryClosing, Instrument
from quanheng.apps.instruments.queries import campaign
from quanheng.apps.instruments.services.close_campaign import close_campaign
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_code, make_entity, make_instrument, make_item

pytestmark = pytest.mark.usefixtures("as_officer")

IN_TIME = datetime.fromisoformat("2026-06-30T23:59:00+08:00")
LATE = datetime.fromisoformat("2026-07-01T00:00:00+08:00")


def scale(
    stall: Entity, *, coded: datetime | None = None, bound: datetime | None = None, **facts: object
) -> Instrument:
    it = make_instrument(stall, **{"registered_at": IN_TIME} | facts)
    if coded is not None:
        make_code(it, issued_at=coded, bound_at=bound)
    return it


@pytest.fixture
def june(stall: Entity) -> None:
    scale(stall, coded=IN_TIME, bound=IN_TIME, serial_number="D1")
    scale(stall, coded=IN_TIME, bound=LATE, serial_number="D1", manufacturer="")
    scale(stall, coded=LATE, serial_number="")
    scale(stall, registered_at=LATE, coded=LATE)
    scale(stall, state="scrapped")
    make_instrument(stall, registered_at=IN_TIME, item=make_item("alarm", category="other"))


def counts(area_id: int) -> tuple[int, ...]:
    row = EntryClosing.objects.get(area=area_id)
    return row.entered, row.coded, row.bound, row.doubled, row.no_serial, row.no_maker, row.no_verification


@pytest.mark.usefixtures("june")
def test_it_holds_what_was_there_on_the_last_day_for_every_area_above(county: Area, at: datetime) -> None:
    assert close_campaign(at=at) == 3
    assert county.parent is not None
    for area in (county, county.parent, county.parent.parent):
        assert area is not None
        assert counts(area.pk) == (3, 2, 1, 2, 1, 1, 0)


@pytest.mark.usefixtures("june")
def test_it_is_drawn_up_once_and_stays(stall: Entity, county: Area, officer: Actor, at: datetime) -> None:
    close_campaign(at=at)
    scale(stall)
    assert close_campaign(at=at + timedelta(days=1)) == 0
    assert counts(county.pk)[0] == 3
    reached, _gaps = campaign.reached_by_area(officer, county.pk, county.last, level=3)  # type: ignore[arg-type]
    assert (reached[county.pk].in_time, reached[county.pk].late) == (4, 1)


@pytest.mark.usefixtures("june")
@pytest.mark.parametrize(
    "change", ["UPDATE instruments_entryclosing SET entered = 9", "DELETE FROM instruments_entryclosing"]
)
@pytest.mark.parametrize("who", ["the platform", "the owner"])
def test_a_frozen_line_is_neither_changed_nor_removed(at: datetime, change: str, who: str) -> None:
    close_campaign(at=at)
    with connection.cursor() as cursor:
        if who == "the owner":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")
        with pytest.raises(ProgrammingError):
            cursor.execute(change)


@pytest.mark.usefixtures("june")
def test_a_merger_leaves_the_lines_where_they_were(county: Area, at: datetime) -> None:
    beside = make_area("武侯区", parent=county.parent)
    scale(make_entity(area=beside))
    close_campaign(at=at)
    system = make_actor(Role.SYSTEM_ADMINISTRATOR)
    merge_area(area_id=beside.pk, into_id=county.pk, on=at.date(), source="国函〔2026〕1号", by=system, at=at)
    assert (counts(county.pk)[0], counts(beside.pk)[0]) == (3, 1)


@pytest.mark.usefixtures("june")
def test_before_the_last_day_is_over_there_is_none() -> None:
    assert close_campaign(at=IN_TIME) == 0
    assert not EntryClosing.objects.exists()


@pytest.mark.usefixtures("june")
def test_an_officer_reads_the_lines_of_his_area_and_no_others(
    county: Area, officer: Actor, operator: Actor, at: datetime
) -> None:
    close_campaign(at=at)
    assert set(campaign.closings(0, 10**12, officer)) == {county.pk}
    assert campaign.closings(0, 10**12, operator) == {}


def test_a_market_is_behind_since_the_day_after_or_since_it_entered_what_lacks(
    stall: Entity, county: Area, officer: Actor
) -> None:
    def since() -> date | None:
        rows = campaign.scales(officer, county.pk, county.last)
        (market,) = campaign.reached_by_market(rows, at_most=5)
        assert campaign.behind_by_area(rows, AreaLevel.COUNTY).get(county.pk) == market.behind_since
        return market.behind_since

    done = scale(stall, coded=IN_TIME)
    assert since() is None
    scale(stall, registered_at=LATE + timedelta(days=9))
    assert since() == date(2026, 7, 10)
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=done.pk).update(state="filing")
    assert since() == date(2026, 7, 1)
