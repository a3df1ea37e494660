"""An entity with its credit code and telephone, and whoever comes to open its account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import Area
from quanheng.apps.accounts.services.enrol import Newcomer
from quanheng.apps.people.models import Invitation
from quanheng.apps.people.services.take_up_invitation import Key, take_up_invitation
from quanheng.apps.registry.models import Entity
from quanheng.kit.fields import keyed_hash
from tests.factories import PASSWORD, make_contact, make_entity
from tests.factories.invitations import CREDIT_CODE

TakeUp = Callable[..., Actor]
FILED = "13812345678"


@pytest.fixture
def shop(county: Area) -> Entity:
    shop = make_entity("锦江百货", area=county, credit_code=CREDIT_CODE)
    make_contact(shop, phone=FILED, phone_hash=keyed_hash(FILED))
    return shop


@pytest.fixture
def take_up(at: datetime) -> TakeUp:
    """Take an invitation up as whoever holds its code would."""

    def taken(invitation: Invitation, code: str, stated: str = CREDIT_CODE, **more: Any) -> Actor:
        facts: dict[str, Any] = {
            "username": "wangwu",
            "name": "王五",
            "phone": "13900000009",
            "password": PASSWORD,
        }
        who = Newcomer(**facts | {name: more.pop(name) for name in list(more) if name in facts})
        given: dict[str, Any] = {"address": "203.0.113.9", "at": at} | more
        return take_up_invitation(key=Key(invitation.number, code, stated), who=who, **given)

    return taken
