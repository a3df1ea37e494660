"""The divisions of Sichuan, their positions, and what clerks write for them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.area_index import AreaIndex
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.models import Area, AreaSuccession
from quanheng.apps.accounts.positions import NoRoom, free_position, position_of
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.kit.scope import EVERYTHING, NOTHING, Scope

TODAY = date(2026, 11, 23)
JINJIANG = 510104000000


@pytest.fixture
def sichuan(db: None) -> None:
    load_areas()


@pytest.fixture
def index(sichuan: None) -> AreaIndex:
    return queries.area_index()


@pytest.mark.parametrize(
    ("level", "count"),
    [(AreaLevel.PROVINCE, 1), (AreaLevel.CITY, 21), (AreaLevel.COUNTY, 183), (AreaLevel.STREET, 3111)],
)
def test_sichuan_has_as_many_divisions_as_the_statistics_say(sichuan: None, level: int, count: int) -> None:
    assert queries.living_areas(TODAY).filter(level=level).count() == count


def test_loading_again_adds_nothing_and_keeps_what_the_office_changed(sichuan: None) -> None:
    Area.objects.filter(id=JINJIANG).update(valid_to=date(2026, 6, 1))
    assert (load_areas().areas, load_areas().successions) == (0, 0)
    assert Area.objects.get(id=JINJIANG).valid_to == date(2026, 6, 1)


def test_every_area_lies_inside_its_parent_and_siblings_never_overlap(sichuan: None) -> None:
    inside = Q(id__gt=F("parent_id"), last__lte=F("parent__last"))
    assert not Area.objects.filter(parent__isnull=False).exclude(inside).exists()
    for level in AreaLevel:
        areas = list(Area.objects.filter(level=level).order_by("id"))
        assert all(a.last < b.id for a, b in pairwise(areas))


def test_descendants_by_interval_are_the_descendants_by_parent(sichuan: None) -> None:
    chengdu = Area.objects.get(id=510100000000)
    by_interval = set(
        Area.objects.filter(id__gt=chengdu.id, id__lte=chengdu.last).values_list("id", flat=True)
    )
    counties = Area.objects.filter(parent=chengdu)
    by_parent = set(
        Area.objects.filter(Q(parent=chengdu) | Q(parent__in=counties)).values_list("id", flat=True)
    )
    assert by_interval == by_parent
    assert len(by_parent) > 250


def test_an_ended_county_has_its_heir(sichuan: None) -> None:
    step = AreaSuccession.objects.select_related("predecessor", "successor").get(predecessor__name="郫县")
    assert (step.successor.name, step.on.year) == ("郫都区", 2016)
    assert step.predecessor.valid_to == step.on == step.successor.valid_from


@pytest.mark.parametrize(
    ("text", "full_names"),
    [
        ("锦江区", ["成都市锦江区"]),
        ("成都市锦江区", ["成都市锦江区"]),
        ("成都市、锦江", ["成都市锦江区"]),
        ("四川省 成都市 锦江区 春熙路街道", ["成都市锦江区春熙路街道"]),
        ("春熙路街道办", ["成都市锦江区春熙路街道"]),
        ("郫县", ["成都市郫都区"]),
        ("简阳市", ["成都市简阳市"]),
        ("北川县", ["绵阳市北川羌族自治县"]),
        ("凉山州西昌", ["凉山彝族自治州西昌市"]),
        ("阿坝州", ["阿坝藏族羌族自治州"]),
        ("四川省", ["四川省"]),
        ("市中区", ["内江市市中区", "乐山市市中区"]),
        ("遂宁市市中区", ["遂宁市船山区", "遂宁市安居区"]),
        ("东城区", []),
        ("", []),
    ],
)
def test_what_clerks_write_finds_the_area_or_all_that_it_can_mean(
    index: AreaIndex, text: str, full_names: list[str]
) -> None:
    assert [area.full_name for area in index.find(text)] == full_names


def test_a_name_used_twice_is_clear_within_the_office_that_imports(index: AreaIndex) -> None:
    assert len(index.find("市中区")) == 2
    assert [area.full_name for area in index.find("市中区", within=511100000000)] == ["乐山市市中区"]
    assert index.find("锦江区", within=511100000000) == ()


def test_a_picker_offers_only_areas_inside_the_scope(sichuan: None) -> None:
    leshan = Scope(first=511100000000, last=511199999999)
    found = queries.search_areas("市中", within=leshan, on=TODAY, limit=50)
    assert found[0].full_name == "乐山市市中区"
    assert {area.full_name[:6] for area in found} == {"乐山市市中区"}
    assert queries.search_areas("市中", within=NOTHING, on=TODAY) == []
    assert queries.search_areas("郫县", within=EVERYTHING, on=TODAY) == []


def test_a_zone_whose_code_lies_elsewhere_gets_the_highest_free_block_of_its_city() -> None:
    chengdu = position_of("5101")
    first, last = free_position("510171", AreaLevel.COUNTY, chengdu, taken=[position_of("510171")])
    assert (first, last) == (510199000000, 510199999999)
    foreign = free_position("512081", AreaLevel.COUNTY, chengdu, taken=[(first, last)])
    assert foreign == (510198000000, 510198999999)
    assert free_position("510109", AreaLevel.COUNTY, chengdu, taken=[]) == position_of("510109")


def test_a_full_parent_says_so() -> None:
    county = position_of("510104")
    taken = [(county[0] + block * 1000, county[0] + block * 1000 + 999) for block in range(1000)]
    with pytest.raises(NoRoom):
        free_position("510104001", AreaLevel.STREET, county, taken)


@pytest.mark.django_db
def test_an_interval_cannot_end_before_it_begins() -> None:
    area = Area(id=10, last=9, code="1", name="无", full_name="无", level=1, valid_from=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        area.save(force_insert=True)
