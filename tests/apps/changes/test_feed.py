"""Reading what changed: in the order of commits, none missed, none twice, each reader their own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.changes.models import Change, FeedEpoch, FeedMark
from quanheng.apps.changes.queries.feed import changes_since
from quanheng.apps.changes.services.begin_epoch import begin_epoch
from quanheng.apps.changes.services.mark_instant import mark_instant
from quanheng.apps.changes.services.sweep_changes import sweep_changes
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_item, make_seal

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, TRANSACTIONS = 6, 10


@pytest.fixture(autouse=True)
def item(transactional_db: None) -> None:
    """Have the catalogue's item there: whoever makes it first would hold up the others."""
    make_item()


def update(scale: Instrument, **fields: Any) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(**fields)


def refused(follower: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        follower.read()
    return str(refusal.value.code)


def test_a_follower_is_told_each_change_once_and_then_nothing(follow: Any) -> None:
    follower = follow()
    scale = make_instrument()
    assert ("instrument", scale.pk, "created") in follower.told()
    assert follower.told() == []
    update(scale, name="天平")
    assert follower.told() == [("instrument", scale.pk, "changed")]


def test_a_row_that_changed_twice_is_told_once_as_it_ended(follow: Any) -> None:
    follower = follow()
    scale = make_instrument()
    update(scale, name="天平")
    seal = make_seal(scale)
    with acting_in(EVERYTHING):
        Seal.objects.unscoped().all().delete()
    told = follower.told()
    assert told.count(("instrument", scale.pk, "created")) == 1
    assert ("seal", seal.pk, "deleted") in told
    assert len(told) == len({(kind, row) for kind, row, _what in told})


def test_only_the_kinds_that_were_asked_for_are_told(follow: Any) -> None:
    follower = follow(make_actor(Role.PROVINCE_OFFICER, area=make_area(level=AreaLevel.PROVINCE)), "seal")
    make_seal(make_instrument())
    assert {kind for kind, _row, _what in follower.told()} == {"seal"}
    follower.kinds = ("instrument",)
    assert refused(follower) == "bad_position"


def _in_a_thread(act: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_late_commit_is_never_missed(follow: Any) -> None:
    """The first writer is numbered before the second and commits after it: the feed waits for the first."""
    entity = make_entity()
    follower = follow()
    wrote, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with acting_in(EVERYTHING):
            make_instrument(entity, serial_number="早写晚交")
            wrote.set()
            assert may_commit.wait(30)

    thread = _in_a_thread(slow)
    assert wrote.wait(30)
    fast = make_instrument(entity, serial_number="晚写早交")
    assert follower.told() == []
    may_commit.set()
    thread.join()
    told = follower.told()
    assert [what for _kind, _row, what in told] == ["created", "created"]
    assert told[-1] == ("instrument", fast.pk, "created")


@pytest.mark.parametrize("seed", range(3))
def test_many_writers_in_any_order_are_each_told_exactly_once(follow: Any, seed: int) -> None:
    """Some roll back, all begin together, each ends when it likes; a reader polls all the while."""
    entity = make_entity()
    follower = follow(limit=7)
    barrier, kept, over = threading.Barrier(WRITERS), set[int](), threading.Event()

    def writer(number: int) -> None:
        chance = Random(seed * 100 + number)
        barrier.wait()
        for _ in range(TRANSACTIONS):
            with acting_in(EVERYTHING):
                made = [make_instrument(entity).pk for _ in range(chance.randint(1, 3))]
                over.wait(chance.random() / 50)  # others overtake
                if chance.random() < 0.3:
                    transaction.set_rollback(True)
                else:
                    kept.update(made)

    threads = [_in_a_thread(lambda number=number: writer(number)) for number in range(WRITERS)]  # type: ignore[misc]
    told: Counter[int] = Counter()
    while any(thread.is_alive() for thread in threads):
        told.update(row for kind, row, _what in follower.told() if kind == "instrument")
    told.update(row for kind, row, _what in follower.told() if kind == "instrument")
    assert set(told) == kept
    assert set(told.values()) == {1}


def test_whoever_a_row_left_gets_a_tombstone_and_whoever_it_came_to_a_row(follow: Any) -> None:
    here, there = make_entity(), make_entity()
    scale = make_instrument(here)
    old, new = (follow(make_actor(area=entity.area)) for entity in (here, there))
    province = follow()
    update(scale, area=there.area, entity=there, root=there)
    assert old.told() == [("instrument", scale.pk, "deleted")]
    assert new.told() == [("instrument", scale.pk, "created")]
    assert province.told() == [("instrument", scale.pk, "changed")]


def test_a_move_is_told_in_one_piece_wherever_a_page_ends(follow: Any) -> None:
    here, there = make_entity(), make_entity()
    scales = [make_instrument(here) for _ in range(3)]
    follower = follow(limit=1)
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(entity=here).update(area=there.area, entity=there, root=there)
    assert follower.told() == [("instrument", scale.pk, "changed") for scale in scales]


def test_an_entity_follows_its_own_and_its_stalls_and_nobody_elses(follow: Any) -> None:
    market = make_entity(kind="market_operator")
    stall, neighbour = (make_entity(kind="stall", parent=market) for _ in range(2))
    follower = follow(make_actor(Role.MARKET_OPERATOR, entity=market))
    own = follow(make_actor(Role.INSTRUMENT_USER, entity=stall))
    mine, theirs = make_instrument(stall), make_instrument(neighbour)
    make_instrument()
    assert follower.told() == [("instrument", mine.pk, "created"), ("instrument", theirs.pk, "created")]
    assert own.told() == [("instrument", mine.pk, "created")]


@pytest.mark.parametrize("wall", ["querysets", "policies"])
def test_each_wall_holds_alone(follow: Any, wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = make_entity(), make_entity()
    follower = follow(make_actor(area=mine.area))
    scale = make_instrument(mine)
    make_seal(make_instrument(theirs))
    if wall == "policies":
        monkeypatch.setattr("quanheng.kit.scope.ScopedQuerySet.visible_to", lambda self, actor: self)
        assert follower.told() == [("instrument", scale.pk, "created")]
    else:
        with acting_in(EVERYTHING):
            page = changes_since(follower.cursor, (), follower.by, limit=100)
        assert [told.id for told in page.items] == [scale.pk]


def test_a_reader_whose_reach_changed_reads_everything_anew(follow: Any) -> None:
    follower = follow(make_actor())
    follower.by = make_actor(area=make_area())
    assert refused(follower) == "position_gone"


def test_a_call_passes_a_bounded_number_of_others_changes(follow: Any) -> None:
    mine = make_entity()
    follower = follow(make_actor(area=mine.area), step=5)
    for _ in range(4):
        make_seal(make_instrument())
    scale = make_instrument(mine)
    assert follower.read() == []
    assert follower.has_more
    assert follower.told() == [("instrument", scale.pk, "created")]


def test_an_instant_is_a_position_that_misses_nothing(follow: Any) -> None:
    make_instrument()
    FeedEpoch.objects.all().delete()
    mark_instant()
    instant = timezone.now()
    later = make_instrument()
    follower = follow()
    follower.cursor = instant.isoformat()
    assert ("instrument", later.pk, "created") in follower.told()
    follower.cursor = "2026-11-30T09:00:00"  # no offset: nobody knows which instant that is
    assert refused(follower) == "bad_position"


def test_what_was_open_at_an_instant_is_told_from_it(follow: Any) -> None:
    """It was written before the mark and the instant, and committed after both."""
    entity, wrote, may_commit = make_entity(), threading.Event(), threading.Event()

    def slow() -> None:
        with acting_in(EVERYTHING):
            make_instrument(entity, serial_number="早写晚交")
            wrote.set()
            assert may_commit.wait(30)

    thread = _in_a_thread(slow)
    assert wrote.wait(30)
    mark_instant()
    follower = follow()
    follower.cursor = timezone.now().isoformat()
    may_commit.set()
    thread.join()
    assert [kind for kind, _row, _what in follower.told()].count("instrument") == 1


def test_a_quiet_minute_is_not_marked() -> None:
    mark_instant()
    mark_instant()
    assert FeedMark.objects.count() == 1
    make_instrument()
    mark_instant()
    assert FeedMark.objects.count() == 2


def test_what_was_swept_is_told_as_gone_and_never_half(follow: Any) -> None:
    begin_epoch()
    stale, fresh = follow(), follow()
    instant = timezone.now()
    for _ in range(3):
        make_instrument()
    fresh.told()
    mark_instant()
    assert sweep_changes(timezone.now() + timedelta(seconds=1), step=2) > 3
    assert refused(stale) == "position_gone"
    stale.cursor = instant.isoformat()
    assert refused(stale) == "position_gone"
    scale = make_instrument()
    assert ("instrument", scale.pk, "created") in fresh.told()


def test_nothing_is_swept_before_its_term(follow: Any) -> None:
    begin_epoch()
    follower = follow()
    make_instrument()
    mark_instant()
    assert sweep_changes(timezone.now() - timedelta(days=30)) == 0
    assert follower.told() != []


def test_a_copy_of_the_platform_ends_every_cursor_and_begins_anew(follow: Any) -> None:
    """A restored database numbers its transactions anew: what its table holds is another's."""
    begin_epoch()
    follower = follow()
    make_instrument()
    FeedEpoch.objects.update(database="7000000000000000000.1.5")  # as the copy brought it along
    assert refused(follower) == "position_gone"
    assert begin_epoch()
    with acting_in(EVERYTHING):
        assert not Change.objects.unscoped().exists()
    assert refused(follower) == "position_gone"
    assert not begin_epoch()
    anew = follow()
    scale = make_instrument()
    assert ("instrument", scale.pk, "created") in anew.told()


def test_a_forged_cursor_is_refused(follow: Any) -> None:
    follower = follow()
    follower.cursor = follower.cursor[:-2] + "xx"
    assert refused(follower) == "bad_position"


def test_an_idle_feed_is_answered_from_the_index(follow: Any, django_assert_max_num_queries: Any) -> None:
    follower = follow()
    make_instrument()
    follower.told()
    with django_assert_max_num_queries(9):
        assert follower.read() == []
