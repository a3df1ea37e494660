"""One instrument is one, however it is written and through whichever door; what differs is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.ledger_sheet.fields import NORMALISERS
from quanheng.apps.instruments.models import CatalogueItem, ImportRow, ImportRun, Instrument
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.apps.instruments.services.register_instrument import as_written, register_instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_identity import maker_key, may_be_one, number_key
from quanheng.regulation.seal_numbers import seal_key
from tests.factories import make_actor, make_area
from tests.factories.acts import refused
from tests.factories.sheets import bring_in, preview, row

MARKET = "东门市场"


@pytest.fixture
def officer(db: None) -> Actor:
    load_catalogue()
    return make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))


def count() -> int:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().count()


def told(run: ImportRun) -> list[tuple[list[str], str]]:
    with acting_in(EVERYTHING):
        rows = ImportRow.objects.filter(run=run).exclude(notice="").order_by("position")
        return [(one.notice_fields, one.notice) for one in rows]


@pytest.mark.parametrize(
    ("serial", "maker"),
    [
        ("Dup-1", "测试衡器厂有限公司"), ("DUP-1", "测试衡器厂"), ("dup-1", "测试 衡器厂"),
        ("ＤＵＰ－１", "测试衡器厂"), ("Dup- 1", "测试衡器厂股份有限公司"), ("Dup-1", ""),
        ("'Dup-1", "（测试）衡器厂"),
    ],
)  # fmt: skip
def test_a_second_upload_makes_no_second_instrument(officer: Actor, serial: str, maker: str) -> None:
    bring_in([row(MARKET, "Dup-1", maker="测试衡器厂")], officer)
    run = bring_in([row(MARKET, serial, maker=maker)], officer)
    assert (count(), run.rows_new, run.rows_unchanged) == (1, 0, 1)


def test_a_maker_that_was_not_known_is_the_same_instrument_within_its_entity(officer: Actor) -> None:
    bring_in([row(MARKET, "A1", maker="")], officer)
    assert bring_in([row(MARKET, "A1", maker="甲厂")], officer).rows_new == 0
    assert bring_in([row("西门市场", "A1", maker="甲厂")], officer).rows_new == 1


def test_a_maker_that_is_not_named_is_none_of_two(officer: Actor) -> None:
    bring_in([row(MARKET, "A1", maker="甲厂"), row(MARKET, "A1", maker="乙厂")], officer)
    assert bring_in([row(MARKET, "A1", maker="")], officer).rows_new == 1


def test_within_a_file_a_row_without_maker_is_the_one_of_its_entity(officer: Actor) -> None:
    rows = [row(MARKET, "A1", maker="甲厂"), row(MARKET, "a1", maker=""), row("西门市场", "A1", maker="")]
    run = bring_in(rows, officer)
    assert (run.rows_new, run.rows_rejected) == (2, 1)


@pytest.mark.parametrize(
    ("state", "act"), [("报废", "报废"), ("停用", "停用"), ("封存", "封存"), ("维修", "送修")]
)
def test_another_state_is_told_with_the_act_that_would_write_it(officer: Actor, state: str, act: str) -> None:
    bring_in([row(MARKET, "A1", state="在用")], officer)
    before = preview([row(MARKET, "A1", state=state)], officer)
    ((fields, words),) = told(before)
    assert fields == ["status"]
    assert act in words
    assert told(bring_in([row(MARKET, "A1")], officer)) == []  # an empty cell says nothing


def test_another_entity_is_told_and_nobody_is_made_for_it(officer: Actor) -> None:
    bring_in([row(MARKET, "A1")], officer)
    run = bring_in([row("西门市场", "A1")], officer)
    ((fields, words),) = told(run)
    assert fields == ["entity_name"]
    assert "变更使用地点或使用人" in words
    with acting_in(EVERYTHING):
        assert not Entity.objects.unscoped().filter(name="西门市场").exists()


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_form_api_and_import_make_the_same_of_the_same_text(serial: str, maker: str, model: str) -> None:
    facts = {"serial_number": serial, "manufacturer": maker, "model": model}
    read = {name: NORMALISERS[name](text) for name, text in facts.items()}
    if problem := next((problem for _, problem in read.values() if problem), ""):
        with pytest.raises(RuleBroken) as broken:
            as_written(facts)
        assert broken.value.message == problem
    else:
        assert as_written(facts) == {name: value for name, (value, _) in read.items()}


def registered(officer: Actor, **facts: Any) -> Instrument:
    with acting_in(officer.scope):
        entity = Entity.objects.visible_to(officer).get(name=MARKET)
        item = CatalogueItem.objects.get(slug="digital-indicating-scale")
        told = {"item_id": item.pk, "name": "电子秤"} | facts
        return register_instrument(entity_id=entity.pk, facts=told, by=officer, at=timezone.now())


@pytest.mark.parametrize("serial", ["web1", "ＷＥＢ１", "WEB 1", "'WEB1"])
def test_what_was_imported_is_not_registered_again_by_hand(officer: Actor, serial: str) -> None:
    bring_in([row(MARKET, "WEB1", maker="测试衡器厂")], officer)
    for maker in ("测试衡器厂有限公司", ""):
        with refused("serial_number_taken"):
            registered(officer, serial_number=serial, manufacturer=maker)


@pytest.mark.parametrize(
    ("serial", "code"),
    [
        ("1.5E+10", "fact_unreadable"),
        ("1001\n1002", "fact_unreadable"),
        ("2月1日", "fact_unreadable"),
        ("见铭牌", "no_serial_number"),
    ],
)
def test_what_the_import_refuses_the_form_refuses(officer: Actor, serial: str, code: str) -> None:
    bring_in([row(MARKET, "A1")], officer)
    with refused(code):
        registered(officer, serial_number=serial)


def test_by_hand_width_and_blanks_are_folded_as_in_an_import(officer: Actor) -> None:
    bring_in([row(MARKET, "A1")], officer)
    it = registered(officer, serial_number="ＷＥＢ ２", manufacturer="测试 衡器厂(成都)")
    assert (it.serial_number, it.manufacturer) == ("WEB2", "测试衡器厂（成都）")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["测试衡器厂有限公司", "测试（成都）衡器 股份有限公司", "ＡＢＣ Co., Ltd.", "有限责任公司", "甲·乙", ""],
)
def test_the_database_compares_as_the_rule_does(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT maker_key(%s), seal_key(%s)", [text, text])
        assert cursor.fetchone() == (maker_key(text), number_key(text))
    assert number_key(text) == seal_key(text)


def test_a_maker_that_nobody_wrote_down_may_be_any_of_one_entity() -> None:
    assert may_be_one("甲厂有限公司", "甲厂", same_entity=False)
    assert may_be_one("", "甲厂", same_entity=True)
    assert not may_be_one("", "甲厂", same_entity=False)
    assert not may_be_one("甲厂", "乙厂", same_entity=True)
