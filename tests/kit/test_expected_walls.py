"""The second wall does not make the planner expect few rows where the first has said how many there are."""

from __future__ import annotations

import pytest
from django.db import connection

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, NOTHING, Scope, acting_in
from tests.factories.ledger import make_entity, make_instrument
from tests.factories.people import make_actor, make_area
from tests.plans import explained

pytestmark = pytest.mark.django_db
ROWS = 400


def test_an_officers_rows_are_expected_in_their_number() -> None:
    area = make_area()
    market = make_entity(area=area)
    with acting_in(EVERYTHING):
        for _ in range(ROWS):
            make_instrument(market)
        make_instrument(make_entity(area=make_area()))
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("ANALYZE instruments_instrument")
            cursor.execute("SET ROLE quanheng_app")
    officer = make_actor(Role.COUNTY_OFFICER, area=area)
    with acting_in(officer.scope):
        sql, params = Instrument.objects.visible_to(officer).query.sql_with_params()
        assert explained(sql, params)["Plan Rows"] > ROWS / 2


def test_every_wall_is_written_so() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT policyname, qual FROM pg_policies WHERE schemaname = current_schema() AND cmd <> 'INSERT'"
        )
        walls = dict(cursor.fetchall())
    assert {"instruments_instrument_scope", "instruments_instrument_assigned"} <= set(walls)
    assert [name for name, qual in walls.items() if "CASE" not in qual] == []


@pytest.mark.parametrize("scope", [NOTHING, Scope(first=1, last=2), Scope(entity_id=0)])
def test_whoever_reaches_nothing_sees_nothing(scope: Scope) -> None:
    make_instrument(make_entity(area=make_area()))
    with acting_in(scope):
        assert not Instrument.objects.unscoped().exists()
