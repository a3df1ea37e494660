"""规则数据变更: a new rule is a new dated row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import CatalogueItem, VerificationPeriod
from quanheng.apps.instruments.queries.catalogue import catalogue
from quanheng.apps.instruments.queries.periods import period_months
from quanheng.apps.instruments.services.change_catalogue import add_period, confirm_period, set_synonyms
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.factories import make_actor
from tests.factories.acts import acts, last_act, refused


@pytest.fixture
def province(county: Area) -> Actor:
    assert county.parent is not None
    assert county.parent.parent is not None
    actor = make_actor(Role.PROVINCE_OFFICER, area=county.parent.parent)
    set_scope(actor.scope)
    return actor


@pytest.fixture
def item(db: None) -> CatalogueItem:
    with acting_in(EVERYTHING):
        load_catalogue()
    return CatalogueItem.objects.get(slug="taximeter")


def add(item: CatalogueItem, by: Actor, at: datetime, **fields: Any) -> VerificationPeriod:
    asked: dict[str, Any] = {
        "regulation": "JJG 517-2026", "months": 24, "valid_from": date(2027, 1, 1), "source": "总局公告",
        "verified": True,
    }  # fmt: skip
    return add_period(item_id=item.pk, by=by, at=at, **asked | fields)


def test_the_old_row_stays_and_says_until_when(item: CatalogueItem, province: Actor, at: datetime) -> None:
    old = item.periods.get()
    add(item, province, at, replaces_id=old.pk)
    assert item.periods.get(pk=old.pk).valid_to == date(2026, 12, 31)
    assert [period_months(item.pk, day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [12, 24]
    assert last_act().after["regulation"] == "JJG 517-2026"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"regulation": " "}, "no_regulation"),
        ({"source": ""}, "no_source"),
        ({"months": 0}, "bad_months"),
        ({"regulation": "JJG 517-2016", "valid_from": date(2016, 12, 23)}, "period_known"),
        ({"replaces_id": 0}, "before_replaced"),
    ],
)
def test_what_is_refused(
    item: CatalogueItem, province: Actor, at: datetime, fields: dict[str, Any], code: str
) -> None:
    with refused(code):
        add(item, province, at, **fields)


def test_a_row_is_confirmed_against_its_source_once(
    item: CatalogueItem, province: Actor, at: datetime
) -> None:
    row = item.periods.get()
    for _ in range(2):
        assert confirm_period(period_id=row.pk, source="JJG 517-2016 第 7.5 条", by=province, at=at).verified
    assert len(acts()) == 1


def test_a_common_name_means_one_item(item: CatalogueItem, province: Actor, at: datetime) -> None:
    with refused("name_means_another"):
        set_synonyms(item_id=item.pk, synonyms=["打表器", "电子秤"], by=province, at=at)
    set_synonyms(item_id=item.pk, synonyms=[" 打表器", "打表器", ""], by=province, at=at)
    assert [found.slug for found in catalogue(at.date(), "打表器")] == ["taximeter"]
    set_synonyms(item_id=item.pk, synonyms=["打表器"], by=province, at=at)
    assert len(acts()) == 1


def test_only_the_province_keeps_the_rules(item: CatalogueItem, officer: Actor, at: datetime) -> None:
    with pytest.raises(NotYours):
        add(item, officer, at)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("电子秤", "digital-indicating-scale"),
        ("JJG 693", "combustible-gas-alarm"),
        ("彩超", "colour-doppler-ultrasound"),
    ],
)
def test_items_are_found_by_what_people_call_them(
    item: CatalogueItem, at: datetime, text: str, slug: str
) -> None:
    assert slug in [found.slug for found in catalogue(at.date(), text)]


def test_the_database_keeps_a_period_once(item: CatalogueItem) -> None:
    row = item.periods.get()
    with pytest.raises(IntegrityError, match="period_once"), transaction.atomic():
        VerificationPeriod.objects.create(
            item=item, regulation=row.regulation, valid_from=row.valid_from, months=1, source="x"
        )
