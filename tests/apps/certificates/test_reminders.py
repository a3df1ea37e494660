"""到期提醒: in time, once for each stage, one message for each entity; never of what is in hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.models import Reminder
from quanheng.apps.certificates.services.remind import Reminded, remind, text_for
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.texts import segments
from quanheng.apps.registry.models import Entity
from quanheng.kit.bulk import forget_plans
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_contact, make_entity, make_instrument
from tests.factories.verification import Bench, make_line

TODAY = date(2026, 11, 23)
DAY = date(2026, 11, 23)
ADDRESS = "https://office.example.cn/due/"


@pytest.fixture
def market(county: Area) -> Entity:
    made = make_entity("青羊农贸市场", kind="market_operator", area=county)
    make_contact(made, phone="13812345678", phone_hash="x")
    return made


def due(entity: Entity, days: int, **facts: Any) -> Instrument:
    end = TODAY + timedelta(days=days)
    return make_instrument(entity, **{"valid_until": end, "trusted_until": end} | facts)


def run(county: Area, at: datetime) -> Reminded:
    return remind(first=county.pk, last=county.last, address=ADDRESS, at=at)


def texts() -> list[str]:
    return [message.payload["text"] for message in Message.objects.order_by("pk")]


def stages() -> dict[int, list[int]]:
    """Return the stages of which each instrument was reminded."""
    found: dict[int, list[int]] = {}
    with acting_in(EVERYTHING):
        for one in Reminder.objects.unscoped().order_by("pk"):
            found.setdefault(one.instrument_id, []).append(one.days_before)
    return found


def test_a_market_gets_one_message_with_counts(county: Area, market: Entity, at: datetime) -> None:
    for days in (60, 31, 30, 7, 0, -1, -300):
        due(market, days)
    assert run(county, at) == Reminded(instruments=7, messages=1, unreachable=0)
    assert texts() == [
        "【权衡】青羊农贸市场：您单位计量器具 2 台超期未检，不得使用，2 台 7 天内到期，1 台 30 天内到期，"
        f"2 台 60 天内到期，请及时申请检定：{ADDRESS}"
    ]


@pytest.mark.parametrize(
    ("days", "stage"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0)],
)
def test_the_most_urgent_stage_counts(
    county: Area, market: Entity, at: datetime, days: int, stage: int | None
) -> None:
    scale = due(market, days)
    run(county, at)
    assert stages() == ({} if stage is None else {scale.pk: [stage]})


def test_each_stage_is_told_once_however_often_it_runs(county: Area, market: Entity, at: datetime) -> None:
    scale = due(market, 60)
    for days in (0, 0, 1, 30, 31, 53, 61, 400):
        run(county, at + timedelta(days=days))
    assert stages() == {scale.pk: [60, 30, 7, 0]}
    assert len(texts()) == 4


def test_who_comes_late_is_not_told_the_earlier_stages(county: Area, market: Entity, at: datetime) -> None:
    scale = due(market, 5)
    for _ in range(3):
        run(county, at)
    assert stages() == {scale.pk: [7]}


def test_after_it_was_verified_again_it_starts_anew(county: Area, market: Entity, at: datetime) -> None:
    scale = due(market, 5)
    run(county, at)
    with acting_in(EVERYTHING):
        end = TODAY + timedelta(days=370)
        Instrument.objects.unscoped().filter(pk=scale.pk).update(valid_until=end, trusted_until=end)
    assert run(county, at).instruments == 0
    run(county, at + timedelta(days=365))
    assert stages() == {scale.pk: [7, 7]}


def test_what_is_in_hand_or_out_of_use_needs_no_reminder(
    county: Area, market: Entity, bench: Bench, at: datetime
) -> None:
    make_line(due(market, 5), bench.institute)
    due(market, 5, state="stopped")
    due(market, -2, seal_broken=True)
    whole = due(market, 100)
    due(market, 5, parent=whole)
    due(make_entity(), 5)  # in another county
    assert run(county, at).instruments == 0


def test_a_stall_keeper_is_told_and_else_the_market(county: Area, market: Entity, at: datetime) -> None:
    own = make_entity("一号摊", kind="stall", parent=market)
    make_contact(own, phone="13900000001", phone_hash="y", duty="stall_keeper")
    due(own, 5)
    due(make_entity("二号摊", kind="stall", parent=market), 5)
    run(county, at)
    assert sorted(text.split("：")[0] for text in texts()) == ["【权衡】一号摊", "【权衡】青羊农贸市场"]


def test_who_answers_for_metrology_is_written_to_first(county: Area, market: Entity, at: datetime) -> None:
    manager = make_contact(market, phone="13900000002", phone_hash="z", duty="metrology_manager")
    make_contact(market, phone="13900000003", phone_hash="w", duty="legal_representative")
    due(market, 5)
    run(county, at)
    assert Message.objects.get().payload["contact"] == manager.pk


def test_nobody_to_write_to_is_counted_and_kept(county: Area, at: datetime) -> None:
    due(make_entity("无人接听", area=county), 5)
    assert run(county, at) == Reminded(instruments=1, messages=0, unreachable=1)
    with acting_in(EVERYTHING):
        assert Reminder.objects.unscoped().get().message_id is None


def test_no_number_lies_in_a_message(county: Area, market: Entity, at: datetime) -> None:
    due(market, 5)
    run(county, at)
    assert "13812345678" not in str(Message.objects.get().payload)


def test_the_number_of_queries_does_not_grow_with_the_instruments(
    county: Area, market: Entity, at: datetime, django_assert_max_num_queries: Any
) -> None:
    stalls = [make_entity(kind="stall", parent=market) for _ in range(20)]
    for stall in stalls:
        make_contact(stall, phone="13900000004", phone_hash="v")
        due(stall, 5)
    with django_assert_max_num_queries(16):
        assert run(county, at).messages == 20


COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_name = 'instruments_instrument' AND is_generated = 'NEVER'
  AND column_name NOT IN ('id', 'code', 'serial_number')
"""


def multiply(scale: Instrument, times: int) -> None:
    """Put many more of the same into the ledger, in one statement."""
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        (columns,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO instruments_instrument (serial_number, {columns})"
            f" SELECT serial_number || '-' || n, {columns}"
            " FROM instruments_instrument, generate_series(1, %s) n WHERE id = %s",
            [times, scale.pk],
        )
    forget_plans()


def test_a_hundred_thousand_that_fall_due_on_one_day_take_a_bounded_number_of_queries(
    county: Area, at: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(100):
        market = make_entity(f"{number} 号市场", kind="market_operator", area=county)
        make_contact(market, phone="13812345678", phone_hash="x")
        multiply(due(market, 7), 999)
    with django_assert_max_num_queries(24):
        assert run(county, at) == Reminded(instruments=100_000, messages=100, unreachable=0)
    assert "1000 台 7 天内到期" in texts()[0]
    with django_assert_max_num_queries(16):
        assert run(county, at) == Reminded()


def test_an_ordinary_reminder_is_one_text_message_and_the_longest_two() -> None:
    assert segments(text_for("青羊农贸市场", Counter({7: 3}), ADDRESS, DAY)) == 1
    longest = Counter({0: 9_999, 7: 9_999, 30: 9_999, 60: 9_999})
    assert segments(text_for("市" * 120, longest, ADDRESS, DAY)) == 2


def test_a_long_name_is_cut() -> None:
    text = text_for(
        "四川省成都市武侯区簇桥街道鸿运农副产品综合批发市场", Counter({7: 1}), "https://a.cn/", DAY
    )
    assert text.startswith("【权衡】四川省成都市武侯区簇桥街道鸿运农副产品…：")
