"""The picker of catalogue items offers what a misspelt name means, instead of nothing."""

from __future__ import annotations

import pytest

from quanheng.apps.accounts.enums import Role
from quanheng.web.pickers import CatalogueItems
from tests.factories import make_actor, make_item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("电子秤", {"非自动衡器"}),
        ("电子称", {"非自动衡器"}),
        ("血压记", {"血压计"}),
        ("电冰箱", set()),
    ],
)
def test_a_misspelt_name_is_offered_its_item(typed: str, offered: set[str]) -> None:
    make_item(synonyms=["电子秤", "台秤"])
    make_item("sphygmomanometer", name="血压计", category="medical", synonyms=["水银血压计"])
    found = CatalogueItems().search(make_actor(Role.COUNTY_OFFICER), typed)
    assert {option.text for option in found} == offered
