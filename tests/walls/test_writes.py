"""No sheet changes a row that its uploader's page could not: whoever hands it in, whatever it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories.sheets import bring_in, row_of
from tests.walls.world import Place, build_world, fingerprint

pytestmark = pytest.mark.django_db

SAID = ("2026-10-01", "2027-09-30", "证第0001号", "县计量所", "合格")
BESIDES_FACTS = ("verified_on", "valid_until", "trusted_until", "result", "institute", "provenance", "state")


def named(place: Place) -> Instrument:
    with acting_in(EVERYTHING):
        rows = Instrument.objects.unscoped().select_related("entity", "root")
        return rows.get(pk=place.ids["instrument_id"])


def bring(place: Place, it: Instrument, role: Role) -> None:
    actor = place.actors[role]
    verified = (timezone.localdate().isoformat(), "", *SAID[2:])
    try:
        bring_in([row_of(it, model="被改", seal="QF-W1", verified=verified)], actor)
    except RuleBroken:
        assert role not in OFFICERS | {Role.MARKET_OPERATOR, Role.INSTRUMENT_USER}


@pytest.mark.parametrize("role", Role)
def test_no_sheet_changes_a_foreign_row_nor_what_its_uploader_may_not_write(
    role: Role, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    world = build_world()
    with acting_in(EVERYTHING):
        load_catalogue()
    home, neighbour, stranger = world.places[0], world.places[1], world.places[3]
    for place in (neighbour, stranger):
        before = fingerprint(place)
        bring(home, named(place), role)
        if not world.reaches(home.actors[role], place):
            assert fingerprint(place) == before
    if role in ENTITY_ROLES | {Role.INSPECTOR}:
        own = named(home)
        bring(home, own, role)
        after = named(home)
        assert [getattr(after, name) for name in BESIDES_FACTS] == [
            getattr(own, name) for name in BESIDES_FACTS
        ]
