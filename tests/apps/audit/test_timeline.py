"""The timelines: what happened to an instrument or in a file, imports included, newest first."""

from __future__ import annotations

from datetime import datetime

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.queries import acts_of_entities, acts_of_instrument
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.registry import acts as registry_acts
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import set_scope
from tests.factories import make_actor, make_instrument

pytestmark = pytest.mark.usefixtures("as_officer")


def test_an_act_of_an_import_stands_in_the_timeline_of_each_of_its_rows(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    record(instruments_acts.IMPORT_COMMITTED, by=officer, at=at, area_id=stall.area_id, batch_id=7)
    record(instruments_acts.IMPORT_COMMITTED, by=officer, at=at, area_id=stall.area_id, batch_id=8)
    record(instruments_acts.SEAL_APPLIED, by=officer, at=at, area_id=stall.area_id, instrument_id=scale.pk)
    told = acts_of_instrument(scale.pk, batches=[7], by=officer)
    assert [(act.verb, act.batch_id) for act in told] == [("seal_applied", None), ("import_committed", 7)]


def test_a_markets_file_tells_of_its_stalls_too_the_newest_first(
    market: Entity, stall: Entity, officer: Actor, at: datetime
) -> None:
    for entity in (market, stall, market):
        record(registry_acts.ENTITY_CHANGED, by=officer, at=at, area_id=entity.area_id, entity_id=entity.pk)
    told = acts_of_entities([market.pk, stall.pk], by=officer)
    assert [act.entity_id for act in told] == [market.pk, stall.pk, market.pk]
    assert [act.pk for act in told] == sorted((act.pk for act in told), reverse=True)
    assert len(acts_of_entities([market.pk, stall.pk], by=officer, at_most=2)) == 2


def test_another_county_reads_nothing_of_it(stall: Entity, officer: Actor, at: datetime) -> None:
    record(registry_acts.ENTITY_CHANGED, by=officer, at=at, area_id=stall.area_id, entity_id=stall.pk)
    stranger = make_actor()
    set_scope(stranger.scope)
    assert acts_of_entities([stall.pk], by=stranger) == []
