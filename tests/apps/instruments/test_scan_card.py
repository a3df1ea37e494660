"""What the public may read of an instrument, without any scope: facts, and never a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime

import pytest

from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import ScanDay
from quanheng.apps.instruments.queries.scan import Card, EntityCard, entity_card, scan_card
from quanheng.apps.instruments.services.count_scans import count_scans
from quanheng.apps.registry.enums import EntityKind
from quanheng.regulation.trust import Grade, Reason
from tests.factories import (
    make_code,
    make_contact,
    make_entity,
    make_instrument,
    make_placement,
    make_seal,
    make_verification,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
CANARY = "金丝雀"


def read(code: str) -> Card:
    card = scan_card(code, TODAY)
    assert card is not None
    return card


def read_entity(code: str) -> EntityCard:
    card = entity_card(code, TODAY)
    assert card is not None
    return card


def site_of(code: str) -> str:
    place = read(code).place
    assert place is not None
    return place.site


def test_card_is_read_without_any_scope_and_tells_no_person() -> None:
    market = make_entity("东门市场", kind=EntityKind.MARKET_OPERATOR)
    stall = make_entity(f"{CANARY}甲", kind=EntityKind.STALL, parent=market, stall_number="A12")
    make_contact(stall, name=f"{CANARY}乙", phone="13912345678")
    scale = make_instrument(stall)
    make_verification(scale, void_reason=f"{CANARY}丙")
    make_seal(scale, applied_by=f"{CANARY}丁", broken_by=f"{CANARY}戊", applied_witness=f"{CANARY}己")
    make_placement(scale)
    card = read(make_code(scale).value)
    said = json.dumps(asdict(card), ensure_ascii=False, default=str)
    assert CANARY not in said
    assert "13912345678" not in said
    assert card.place is not None
    assert (card.place.site, card.place.spot) == ("东门市场", "A12")
    assert card.trust is not None
    assert card.trust.grade == Grade.GREEN
    assert len(card.verifications) == len(card.seals) == len(card.placements) == 1


def test_sole_trader_without_a_shop_sign_is_a_person() -> None:
    person = make_instrument(make_entity("张三", kind=EntityKind.SOLE_TRADER))
    shop = make_instrument(make_entity("老张水果批发店", kind=EntityKind.SOLE_TRADER))
    assert site_of(make_code(person).value) == ""
    assert site_of(make_code(shop).value) == "老张水果批发店"


def test_broken_seal_outweighs_the_date_on_the_next_read() -> None:
    scale = make_instrument()
    code = make_code(scale).value
    assert read(code).trust == (read(code).trust)
    scale.seal_broken = True
    from quanheng.kit.scope import EVERYTHING, acting_in

    with acting_in(EVERYTHING):
        scale.save()
    trust = read(code).trust
    assert trust is not None
    assert trust.reason == Reason.SEAL_BROKEN


def test_unknown_code_is_none_and_blank_code_has_no_verdict() -> None:
    assert scan_card("Q1UNKNOWN", TODAY) is None
    assert entity_card("Q1UNKNOWN", TODAY) is None
    blank = read(make_code().value)
    assert (blank.trust, blank.instrument_id, blank.root_id) == (None, None, 0)


def test_entity_card_counts_every_instrument_and_lists_no_codes() -> None:
    market = make_entity("西门市场", kind=EntityKind.MARKET_OPERATOR, code="Q1ENTITY")
    stall = make_entity(f"{CANARY}摊主", kind=EntityKind.STALL, parent=market)
    make_code(make_instrument(stall), value="Q1LISTED")
    make_instrument(stall, valid_until=date(2026, 11, 30), trusted_until=date(2026, 11, 30))
    make_instrument(stall, valid_until=date(2026, 6, 30), trusted_until=date(2026, 6, 30))
    make_instrument(market, state=InstrumentState.STOPPED)
    make_instrument(market, state=InstrumentState.SCRAPPED)
    card = read_entity("Q1ENTITY")
    assert card.counts == {Grade.GREEN: 1, Grade.AMBER: 1, Grade.RED: 1, Grade.GREY: 1}
    assert card.total == len(card.listed) == 4
    said = json.dumps(card.facts, ensure_ascii=False)
    assert CANARY not in said
    assert "Q1LISTED" not in said


def test_scans_are_added_up_and_forget_instruments_that_went(at: datetime) -> None:
    scale = make_instrument()
    count_scans({})
    count_scans({(scale.pk, TODAY): 2, (scale.pk + 999, TODAY): 5})
    count_scans({(scale.pk, TODAY): 3})
    assert list(ScanDay.objects.values_list("instrument_id", "day", "count")) == [(scale.pk, TODAY, 5)]
