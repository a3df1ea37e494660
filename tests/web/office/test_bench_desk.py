"""What waits at an institute's bench stands on the desk of the person whose turn it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_instrument, make_item, sign_in
from tests.factories.verification import Bench, make_bench, make_line

pytestmark = pytest.mark.django_db
TURNS = (
    ("待检定", LineState.ACCEPTED, "verifier"),
    ("检定中", LineState.RECEIVED, "verifier"),
    ("检定记录待核验", LineState.RECORDED, "checker"),
    ("检定记录待批准", LineState.CHECKED, "approver"),
)


@pytest.fixture
def bench(county: Area) -> Bench:
    return make_bench(county, make_item("digital-scale", category="scale"))


def tiles(actor: Actor) -> dict[str, Any]:
    answer: Any = sign_in(Client(), actor).get("/desk/")
    return {str(tile.text): tile for tile in answer.context["worklists"]}


@pytest.mark.parametrize(("text", "state", "turn"), TURNS)
def test_what_waits_is_on_the_desk_of_whose_turn_it_is_and_on_no_other(
    bench: Bench, stall: Entity, text: str, state: LineState, turn: str
) -> None:
    line = make_line(make_instrument(stall, item=bench.item, serial_number="S1"), bench.institute)
    with acting_in(EVERYTHING):
        ApplicationLine.objects.unscoped().filter(pk=line.pk).update(state=state)
    for who in ("verifier", "checker", "approver"):
        actor = getattr(bench, who)
        tile = tiles(actor).get(text)
        assert (tile is not None) == (who == turn)
        if tile is not None:
            assert tile.text_count == "1"
            assert "S1" in sign_in(Client(), actor).get(tile.url).content.decode()
