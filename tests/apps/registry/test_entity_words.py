"""The middle of a name is found: the words of an entity follow it through every statement."""

from __future__ import annotations

from typing import Any

import pytest

from quanheng.apps.accounts.enums import Role
from quanheng.apps.registry.models import Entity, EntityWord
from quanheng.apps.registry.queries import (
    BEGINS,
    EXACT,
    HOLDS,
    IN_MARKET,
    entities,
    found_entities,
    with_name,
)
from quanheng.apps.registry.services.complete_words import complete_words
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.search_terms import read_term
from tests.factories import make_actor, make_area, make_entity

pytestmark = pytest.mark.django_db


def words_of(entity: Entity) -> set[str]:
    with acting_in(EVERYTHING):
        return set(EntityWord.objects.unscoped().filter(entity=entity).values_list("word", flat=True))


def found(typed: str, by: Any) -> dict[str, int]:
    with acting_in(by.scope):
        fits = found_entities(read_term(typed), by, 6)
        names = dict(entities(by).filter(pk__in=fits).values_list("pk", "name"))
        assert set(with_name(entities(by), typed, by).values_list("pk", flat=True)) == set(fits)
    return {names[pk]: fit for pk, fit in fits.items()}


def test_every_ending_of_a_name_is_a_word_without_brackets_and_blanks() -> None:
    assert words_of(make_entity("红旗（ｋfc） 店")) == {"红旗KFC店", "旗KFC店", "KFC店", "FC店", "C店"}


def test_a_stall_has_no_words_until_it_becomes_a_shop() -> None:
    stall = make_entity("张记水产", kind="stall")
    assert words_of(stall) == set()
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=stall.pk).update(kind="sole_trader")
    assert "水产" in words_of(stall)


def test_words_follow_a_new_name_a_new_area_and_the_end_of_the_row() -> None:
    shop, elsewhere = make_entity("东门超市"), make_area("青羊区")
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=shop.pk).update(name="西门超市", area=elsewhere)
        assert words_of(shop) == {"西门超市", "门超市", "超市"}
        assert set(EntityWord.objects.unscoped().values_list("area_id", flat=True)) == {elsewhere.pk}
        Entity.objects.unscoped().filter(pk=shop.pk).update(under_focus=True)
        assert len(words_of(shop)) == 3
        Entity.objects.unscoped().filter(pk=shop.pk)._raw_delete("default")
    assert words_of(shop) == set()


def test_entities_that_came_past_the_trigger_get_their_words_once() -> None:
    shop = make_entity("东门超市")
    with acting_in(EVERYTHING):
        EntityWord.objects.unscoped().all().delete()
    assert complete_words() == 3
    assert complete_words() == 0
    assert "超市" in words_of(shop)


def test_an_entity_is_found_by_name_part_of_it_credit_code_stall_and_code() -> None:
    county = make_area("武侯区")
    officer = make_actor(Role.COUNTY_OFFICER, area=county)
    market = make_entity("武侯区玉林红旗农贸市场", area=county, kind="market_operator")
    shop = make_entity("红旗超市", area=county, credit_code="91510107MA61TXYZ0K")
    stall = make_entity("张记水产", kind="stall", parent=market, stall_number="A-012")
    assert found("红旗", officer) == {"红旗超市": BEGINS, "武侯区玉林红旗农贸市场": HOLDS}
    assert found("红旗超市", officer) == {"红旗超市": EXACT}
    assert found("９１510107ma61txyz0k", officer) == {shop.name: EXACT}
    assert found("a-012", officer) == {stall.name: EXACT}
    assert found("红旗 A-012", officer) == {stall.name: IN_MARKET}


def test_nobody_finds_an_entity_of_another_area() -> None:
    make_entity("青羊区红旗超市", area=make_area("青羊区"))
    assert found("红旗", make_actor(Role.COUNTY_OFFICER, area=make_area("武侯区"))) == {}


def test_who_acts_for_a_market_finds_its_stalls_and_no_neighbour() -> None:
    county = make_area("武侯区")
    market = make_entity("红旗市场", area=county, kind="market_operator")
    make_entity("张记水产", kind="stall", parent=market, stall_number="A-1")
    make_entity("红旗超市", area=county)
    operator = make_actor(Role.MARKET_OPERATOR, entity=market)
    assert set(found("红旗", operator)) == {"红旗市场"}
    assert set(found("A-1", operator)) == {"张记水产"}
