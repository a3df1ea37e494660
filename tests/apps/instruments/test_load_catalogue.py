"""The shipped catalogue: what must be verified, and how often."""

from __future__ import annotations

import pytest

from quanheng.apps.instruments.models import CatalogueItem, VerificationPeriod
from quanheng.apps.instruments.services.load_catalogue import Loaded, load_catalogue

pytestmark = pytest.mark.django_db


def test_a_second_load_adds_nothing() -> None:
    assert load_catalogue().items > 40
    assert load_catalogue() == Loaded(0, 0)


def test_a_second_load_leaves_what_the_office_has_changed() -> None:
    load_catalogue()
    CatalogueItem.objects.filter(slug="fuel-dispenser").update(name="加油机", verified=True)
    load_catalogue()
    assert CatalogueItem.objects.get(slug="fuel-dispenser").verified


def test_nothing_shipped_claims_to_have_been_checked() -> None:
    load_catalogue()
    assert not CatalogueItem.objects.filter(verified=True).exists()
    assert not VerificationPeriod.objects.filter(verified=True).exists()


def test_the_twelve_medical_classes_are_there_once_each() -> None:
    load_catalogue()
    numbers = CatalogueItem.objects.exclude(medical_class=None).values_list("medical_class", flat=True)
    assert sorted(number or 0 for number in numbers) == list(range(1, 13))


def test_no_common_name_means_two_items() -> None:
    load_catalogue()
    names = [word for item in CatalogueItem.objects.all() for word in [item.name, *item.synonyms]]
    assert sorted(names) == sorted(set(names))
