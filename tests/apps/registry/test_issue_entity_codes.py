"""The code of an entity: once, for confirmed ones, by the office."""

from __future__ import annotations

from datetime import datetime

import pytest

from quanheng.apps.accounts.enums import Role
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.issue_entity_codes import issue_entity_codes
from quanheng.kit.refusal import NotYours
from quanheng.regulation.instrument_code import parse_code
from tests.factories import make_actor, make_area, make_entity
from tests.factories.acts import acts, refused

pytestmark = pytest.mark.usefixtures("everything")


def test_each_confirmed_entity_gets_one_code_once(at: datetime) -> None:
    area = make_area()
    officer = make_actor(Role.COUNTY_OFFICER, area=area)
    ids = [make_entity(area=area).pk, make_entity(area=area).pk]
    assert issue_entity_codes(entity_ids=ids, by=officer, at=at) == 2
    assert issue_entity_codes(entity_ids=ids, by=officer, at=at) == 0
    codes = Entity.objects.unscoped().filter(pk__in=ids).values_list("code", flat=True)
    assert len({parse_code(code or "") for code in codes}) == 2
    assert len(acts()) == 2


def test_drafts_and_entities_of_others_get_none(at: datetime) -> None:
    area = make_area()
    officer = make_actor(Role.COUNTY_OFFICER, area=area)
    draft = make_entity(area=area, state=EntityState.DRAFT)
    with refused("not_confirmed"):
        issue_entity_codes(entity_ids=[draft.pk], by=officer, at=at)
    with refused("entity_not_found"):
        issue_entity_codes(entity_ids=[make_entity().pk], by=officer, at=at)


def test_an_operator_gives_itself_no_code(at: datetime) -> None:
    own = make_entity()
    operator = make_actor(Role.MARKET_OPERATOR, entity=own)
    with pytest.raises(NotYours):
        issue_entity_codes(entity_ids=[own.pk], by=operator, at=at)
