"""Who may search which picker. What a role may not list, it does not search either."""

from __future__ import annotations

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.kit.lists import List, Pick, find_list, find_source
from quanheng.kit.lists.pickers import PickerSource
from tests.factories.people import make_actor, sign_in

pytestmark = pytest.mark.django_db

LEDGER = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF
PICKERS = {
    "areas": LEDGER | {Role.HOTLINE_AGENT},
    "entities": LEDGER,
    "items": LEDGER,
    "ledger-instruments": LEDGER,
    "verification-institutes": LEDGER,
    "repairers": OFFICERS | ENTITY_ROLES,
    "codeless-instruments": OFFICERS | INSTITUTE_STAFF | {Role.MARKET_OPERATOR},
}
OF_THE_GALLERY = "gallery"  # its lists are for everybody, and hold no row of anybody


def test_every_picker_has_its_line() -> None:
    find_source("")  # declares them all
    assert set(PickerSource.known) == set(PICKERS)


@pytest.mark.parametrize("role", list(Role))
def test_a_picker_answers_the_roles_of_its_line_and_no_others(role: Role, client: Client) -> None:
    visitor = sign_in(client, make_actor(role))
    answers = {key: visitor.get(f"/pick/{key}/").status_code for key in PICKERS}
    assert answers == {key: 200 if role in roles else 404 for key, roles in PICKERS.items()}


def test_whoever_may_open_a_list_may_search_what_it_filters_by() -> None:
    find_list("")
    for key, listing in List.known.items():
        for each in listing.filters:
            if isinstance(each, Pick) and OF_THE_GALLERY not in key:
                assert listing.roles is not None, key
                assert listing.roles <= PICKERS[each.source], (key, each.source)
