"""The factories that every other test stands on."""

from __future__ import annotations

import pytest

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import acting_in
from tests.factories import (
    make_actor,
    make_area,
    make_code,
    make_contact,
    make_entity,
    make_import_run,
    make_instrument,
    make_placement,
    make_report,
    make_seal,
    make_verification,
)

pytestmark = pytest.mark.django_db


def test_a_county_lies_in_its_city_and_an_officer_reaches_its_scales() -> None:
    county = make_area("锦江区")
    assert county.level == AreaLevel.COUNTY
    officer = make_actor(Role.COUNTY_OFFICER, area=county)
    scale = make_instrument(make_entity(area=make_area(level=AreaLevel.STREET, parent=county)))
    other = make_instrument()
    with acting_in(officer.scope):
        seen = set(Instrument.objects.visible_to(officer).values_list("id", flat=True))
    assert seen == {scale.id}
    assert other.id not in seen


def test_everything_that_hangs_on_a_scale_can_be_made() -> None:
    stall = make_entity(kind="stall")
    scale = make_instrument(stall)
    assert stall.root_id == stall.parent_id
    for made in (make_verification(scale), make_seal(scale), make_placement(scale), make_report(scale)):
        assert made.root_id == stall.root_id
    assert make_code(scale).value == scale.code
    assert make_contact(stall).phone == "13812345678"
    assert make_import_run(area=stall.area).pk
