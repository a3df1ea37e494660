"""What cannot be undone is asked once, with what follows and how a mistake is put right; then it is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.acts import Verb, verbs
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.asking import SURE, SureField
from tests.factories import make_instrument

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    return make_instrument(stall, serial_number="K-1")


def state_of(instrument: Instrument) -> str:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=instrument.pk).state


def test_scrapping_is_asked_once_and_keeps_what_was_typed(desk: Desk, scale: Instrument) -> None:
    office, where = desk(), f"/instruments/{scale.pk}/scrap/"
    typed = {"reason": "称台断裂", "on": "2026-11-20"}
    asked = office.get(where)
    assert acts.SCRAPPED.final is not None
    for text in (acts.SCRAPPED.final.follows, acts.SCRAPPED.final.amends):
        assert str(text) in asked.content.decode()
    refused = office.post(where, typed)
    assert set(refused.context["form"].errors) == {SURE}
    assert "称台断裂" in refused.content.decode()
    assert state_of(scale) == "in_use"
    assert office.post(where, typed | {SURE: "on"}).status_code == 302
    assert state_of(scale) == "scrapped"


def test_what_can_be_undone_is_not_asked_about(desk: Desk, scale: Instrument) -> None:
    assert SURE not in desk().get(f"/instruments/{scale.pk}/check/").context["form"].fields


def test_many_at_once_are_asked_once(desk: Desk, scale: Instrument) -> None:
    office, where = desk(), "/lists/instruments/bulk/stop/"
    preview = office.get(where, {"id": scale.pk})
    assert isinstance(preview.context["form"].fields[SURE], SureField)
    typed = {"selection": f"id={scale.pk}", "seen": "1/0", "reason": "停业", "back": "/instruments/"}
    assert "停业" in office.post(where, typed).content.decode()
    assert state_of(scale) == "in_use"
    office.post(where, typed | {SURE: "on"})
    assert state_of(scale) == "stopped"


@pytest.mark.parametrize("verb", [verb for verb in verbs() if verb.final], ids=str)
def test_every_final_act_says_what_follows_and_how_it_is_put_right(verb: Verb) -> None:
    assert verb.final is not None
    assert str(verb.final.follows).endswith("。")
    assert str(verb.final.amends).endswith("。")
