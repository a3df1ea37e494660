"""One scale, one code: issued, printed blank, bound on site, replaced."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import CodeState, InstrumentState
from quanheng.apps.instruments.models import Instrument, InstrumentCode
from quanheng.apps.instruments.services.bind_code import bind_code
from quanheng.apps.instruments.services.issue_blank_codes import issue_blank_codes
from quanheng.apps.instruments.services.issue_codes import issue_codes
from quanheng.apps.instruments.services.replace_code import replace_code
from quanheng.apps.registry.enums import EntityKind
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import acting_in
from quanheng.regulation.instrument_code import grouped, parse_code
from tests.factories import make_actor, make_area, make_code, make_entity, make_instrument
from tests.factories.acts import last_act, refused

AtMost = Callable[[int], AbstractContextManager[Any]]

pytestmark = pytest.mark.usefixtures("everything")


@pytest.fixture
def officer() -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))


@pytest.fixture
def scale(officer: Actor) -> Instrument:
    stall = make_entity(kind=EntityKind.STALL, parent=make_entity(area_id=officer.area_id))
    return make_instrument(stall)


def code_row(value: str | None) -> InstrumentCode:
    return InstrumentCode.objects.unscoped().get(pk=value)


def test_every_filed_instrument_of_a_selection_gets_one_code(
    officer: Actor, scale: Instrument, at: datetime
) -> None:
    draft = make_instrument(scale.entity, state=InstrumentState.DRAFT)
    elsewhere = make_instrument()
    totals: list[int] = []
    chosen = Instrument.objects.unscoped().all()
    assert issue_codes(chosen=chosen, by=officer, at=at, told=totals.append) == 1
    assert issue_codes(chosen=chosen, by=officer, at=at) == 0
    assert totals == [1]
    scale.refresh_from_db()
    assert parse_code(scale.code or "") == scale.code
    assert code_row(scale.code).state == CodeState.ACTIVE
    assert last_act().after == {"code": scale.code}
    for untouched in (draft, elsewhere):
        untouched.refresh_from_db()
        assert untouched.code is None


def test_an_operator_issues_no_codes(scale: Instrument, at: datetime) -> None:
    operator = make_actor(Role.MARKET_OPERATOR, entity=scale.root)
    with pytest.raises(NotYours):
        issue_codes(chosen=Instrument.objects.unscoped().all(), by=operator, at=at)


def test_ten_thousand_codes_take_a_few_statements(
    scale: Instrument, at: datetime, django_assert_max_num_queries: AtMost
) -> None:
    make = Instrument(
        **{
            f.attname: getattr(scale, f.attname)
            for f in Instrument._meta.concrete_fields
            if f.attname != "id"
        }
    )
    rows = []
    for number in range(500):
        make.serial_number = f"many{number}"
        rows.append(
            Instrument(**{f.attname: getattr(make, f.attname) for f in Instrument._meta.concrete_fields})
        )
    Instrument.objects.unscoped().bulk_create(rows)
    with django_assert_max_num_queries(21):  # whatever the number: one set of rows
        assert issue_codes(chosen=Instrument.objects.unscoped().all(), by=SYSTEM, at=at) == 501


def test_blank_code_is_bound_on_site_by_the_market_under_its_own_scope(
    officer: Actor, scale: Instrument, at: datetime
) -> None:
    (blank,) = issue_blank_codes(area_id=officer.area_id or 0, count=1, batch="第一卷", by=officer, at=at)
    operator = make_actor(Role.MARKET_OPERATOR, entity=scale.root)
    with acting_in(operator.scope):
        scanned = f"https://check.example.cn/s/{blank}.ABCDEF"
        bound = bind_code(typed=scanned, instrument_id=scale.pk, by=operator, at=at)
    assert bound.code == blank
    row = code_row(blank)
    assert (row.state, row.instrument_id, row.area_id) == (CodeState.ACTIVE, scale.pk, scale.area_id)


def test_bound_code_is_not_bound_again(officer: Actor, scale: Instrument, at: datetime) -> None:
    first, second = issue_blank_codes(area_id=officer.area_id or 0, count=2, batch="卷", by=officer, at=at)
    bind_code(typed=grouped(first).lower(), instrument_id=scale.pk, by=officer, at=at)
    with refused("has_code"):
        bind_code(typed=second, instrument_id=scale.pk, by=officer, at=at)
    with refused("code_used"):
        bind_code(typed=first, instrument_id=make_instrument(scale.entity).pk, by=officer, at=at)


def test_mistyped_unknown_and_foreign_labels_are_refused(
    officer: Actor, scale: Instrument, at: datetime
) -> None:
    other = make_actor(Role.COUNTY_OFFICER)
    (foreign,) = issue_blank_codes(area_id=other.area_id or 0, count=1, batch="卷", by=other, at=at)
    swapped = foreign[:-1] + ("0" if foreign[-1] != "0" else "1")
    for typed, rule in ((swapped, "code_unreadable"), (foreign, "code_of_other_area")):
        with refused(rule):
            bind_code(typed=typed, instrument_id=scale.pk, by=officer, at=at)
    never_issued = "Q100000000000000000000" + "00"
    with refused("unknown_code" if is_code(never_issued) else "code_unreadable"):
        bind_code(typed=never_issued, instrument_id=scale.pk, by=officer, at=at)


def is_code(text: str) -> bool:
    try:
        return bool(parse_code(text))
    except ValueError:
        return False


def test_a_draft_carries_no_code(officer: Actor, scale: Instrument, at: datetime) -> None:
    (blank,) = issue_blank_codes(area_id=officer.area_id or 0, count=1, batch="卷", by=officer, at=at)
    draft = make_instrument(scale.entity, state=InstrumentState.DRAFT)
    with refused("not_filed"):
        bind_code(typed=blank, instrument_id=draft.pk, by=officer, at=at)


def test_lost_label_gets_a_new_code_and_the_old_one_remembers(
    officer: Actor, scale: Instrument, at: datetime
) -> None:
    old = make_code(scale).value
    with refused("no_reason"):
        replace_code(instrument_id=scale.pk, reason=" ", by=officer, at=at)
    new = replace_code(instrument_id=scale.pk, reason="标签丢失", by=officer, at=at)
    scale.refresh_from_db()
    row = code_row(old)
    assert scale.code == new != old
    assert (row.state, row.replaced_by_id, row.end_reason, row.ended_at) == (
        CodeState.REPLACED,
        new,
        "标签丢失",
        at,
    )
    assert Act.objects.unscoped().filter(verb=acts.CODE_REPLACED, instrument_id=scale.pk).count() == 1


def test_lost_label_can_be_replaced_by_a_blank_one_at_hand(
    officer: Actor, scale: Instrument, at: datetime
) -> None:
    make_code(scale)
    (blank,) = issue_blank_codes(area_id=officer.area_id or 0, count=1, batch="卷", by=officer, at=at)
    assert replace_code(instrument_id=scale.pk, reason="破损", blank=blank, by=officer, at=at) == blank
    assert code_row(blank).state == CodeState.ACTIVE


def test_replacing_needs_a_code_to_replace(officer: Actor, scale: Instrument, at: datetime) -> None:
    with refused("no_code"):
        replace_code(instrument_id=scale.pk, reason="丢失", by=officer, at=at)


@pytest.mark.parametrize(
    ("count", "batch", "rule"), [(0, "卷", "batch_size"), (100_001, "卷", "batch_size"), (1, " ", "no_batch")]
)
def test_batches_are_named_and_bounded(
    officer: Actor, at: datetime, count: int, batch: str, rule: str
) -> None:
    with refused(rule):
        issue_blank_codes(area_id=officer.area_id or 0, count=count, batch=batch, by=officer, at=at)


def test_a_batch_is_issued_once_and_only_at_home(officer: Actor, at: datetime) -> None:
    issue_blank_codes(area_id=officer.area_id or 0, count=3, batch="卷", by=officer, at=at)
    with refused("batch_exists"):
        issue_blank_codes(area_id=officer.area_id or 0, count=3, batch="卷", by=officer, at=at)
    with pytest.raises(NotYours):
        issue_blank_codes(area_id=make_area().pk, count=3, batch="卷", by=officer, at=at)


def test_the_database_allows_one_active_code_per_instrument(scale: Instrument) -> None:
    make_code(scale)
    with pytest.raises(IntegrityError, match="one_active_code"), transaction.atomic():
        make_code(scale)
