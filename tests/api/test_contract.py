"""Every operation of the committed description, with keys of every scope: no answer but those it declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from pytest_django import DjangoDbBlocker
from schemathesis import GenerationMode

from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.api.contract import OPERATIONS, answered, drawn, fill, scope_of
from tests.factories import make_api_key
from tests.factories.receiver import make_delivery, make_webhook
from tests.fuzz import ASKED
from tests.walls.world import Place, build_world

pytestmark = pytest.mark.django_db  # each test's savepoint lies in the module's transaction

MODES = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
ROLES = (
    Role.COUNTY_OFFICER, Role.INSTRUMENT_USER, Role.MARKET_OPERATOR, Role.VERIFIER, Role.REPAIRER,
    Role.AUDIT_ADMINISTRATOR,
)  # fmt: skip
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


class Keys:
    """Keys of a county's people: of each scope alone, and of every role with all of them."""

    def __init__(self, place: Place) -> None:
        officer = place.actors[Role.COUNTY_OFFICER]
        self.of_scope = {scope: make_api_key(officer, scopes=[scope]) for scope in KeyScope}
        self.of_role = {role: make_api_key(place.actors[role]) for role in ROLES}
        webhook = make_webhook(ApiKey.objects.earliest("pk"), "city.example")
        self.ids = place.ids | {
            "webhook_id": webhook.pk, "delivery_id": make_delivery(webhook).pk,
            "instrument_ids": [place.ids["instrument_id"]], "item": "digital-indicating-scale",
            "repairer_id": place.actors[Role.REPAIRER].entity_id,
        }  # fmt: skip


@pytest.fixture(scope="module")
def keys(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Keys]:
    """Build the world once; nothing of it outlives the module's transaction."""
    changed = override_settings(DATA_DIR=tmp_path_factory.mktemp("contract"))
    with django_db_blocker.unblock(), changed, transaction.atomic():
        place = build_world().places[0]
        with acting_in(EVERYTHING):
            keys = Keys(place)
        yield keys
        transaction.set_rollback(True)


def asked(cases: int) -> settings:
    """Return the settings of so many cases, the same ones in every run."""
    return settings(
        max_examples=cases, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def ask_much(operation: Any, keys: Keys, cases: int) -> None:
    """Ask with what keeps to the description and what does not, as every role and as nobody."""

    @asked(cases)
    @given(data=st.data())
    def each(data: DataObject) -> None:
        mode, role = data.draw(MODES), data.draw(st.sampled_from([None, *ROLES]))
        case = drawn(data, operation, mode, keys.ids)
        answered(case, keys.of_role[role] if role else "")

    each()


@each_operation
def test_no_answer_holds_what_the_description_does_not_declare(operation: Any, keys: Keys) -> None:
    ask_much(operation, keys, 6)


@pytest.mark.long
@each_operation
def test_no_answer_among_many_holds_what_the_description_does_not_declare(operation: Any, keys: Keys) -> None:
    ask_much(operation, keys, int(ASKED or 300))


@each_operation
def test_a_key_opens_what_its_scope_says_and_nothing_else(operation: Any, keys: Keys) -> None:
    """No key: 401. A key of another scope: 403. Of the scope: whatever the operation declares."""

    @asked(1)
    @given(data=st.data())
    def each(data: DataObject) -> None:
        case = data.draw(operation.as_strategy(GenerationMode.POSITIVE))
        fill(case, keys.ids)
        needed = scope_of(operation)
        assert (answered(case).status_code == 401) == bool(needed)
        assert answered(case, "qh_nobody_s").status_code == 401
        for scope, token in keys.of_scope.items():
            answer = answered(case, token)
            lacks = answer.status_code == 403 and answer.json()["code"] == "scope_missing"
            assert lacks == (needed not in {"", scope})

    each()
