"""One's own tasks, of every kind, with what came of them; on the desk those of the last days."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.exchange.enums import Direction
from quanheng.apps.instruments.enums import ImportStage
from quanheng.kit.tasks import TaskState
from quanheng.web.tasks import views
from tests.factories import make_actor, make_area, make_import_run, sign_in
from tests.factories.exchange import make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


def page(client: Client, path: str = "/tasks/") -> str:
    return client.get(path).content.decode()


def imported(officer: Actor, county: Area, name: str, **facts: object) -> None:
    who = {"requested_by_id": officer.user_id, "appointment_id": officer.appointment_id}
    make_import_run(area=county, file_name=name, **who | {"requested_at": timezone.now()} | facts)


def test_who_has_asked_for_nothing_reads_what_would_be_here(client: Client, officer: Actor) -> None:
    sign_in(client, officer)
    assert "暂无任务" in page(client)
    assert "全部任务" not in page(client, "/desk/")


def test_tasks_of_every_kind_stand_together_with_what_came_of_them(
    client: Client, officer: Actor, county: Area
) -> None:
    imported(officer, county, "一.csv", stage=ImportStage.DONE, rows_new=7, rows_updated=2, rows_rejected=1)
    imported(officer, county, "二.csv", stage=ImportStage.PREVIEW)
    imported(officer, county, "三.csv", stage=ImportStage.REFUSED, message="文件读不了，请另存后再上传。")
    make_run(county, Direction.IN, requested_by_id=officer.user_id, taken=5, conflicts=1, rejected=2)
    sign_in(client, officer)
    shown = page(client)
    for words in (
        "新增 7 台（件），更新 2 台（件），有误 1 行",
        "核对完毕，请确认导入",
        "文件读不了",
        "已登记 5 行，有冲突 1 行",
    ):
        assert words in shown
    for kind in ("台账导入", "e-CQS 数据交换"):
        assert kind in shown


def test_tasks_of_colleagues_are_not_mine(client: Client, officer: Actor, county: Area) -> None:
    imported(make_actor(Role.COUNTY_OFFICER, area=county), county, "同事的.csv", stage=ImportStage.PREVIEW)
    sign_in(client, officer)
    assert "同事的" not in page(client)


def test_of_too_many_the_latest_are_listed_and_it_says_so(
    client: Client, officer: Actor, county: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST", 2)
    for number in range(3):
        at = timezone.now() - timedelta(hours=9 - number)
        imported(officer, county, f"第{number}份.csv", stage=ImportStage.PREVIEW, requested_at=at)
    sign_in(client, officer)
    shown = page(client)
    assert "只列出最近 2 项" in shown
    assert [f"第{number}份" in shown for number in range(3)] == [False, True, True]


def test_the_desk_tells_what_is_under_way_and_how_it_ended_for_some_days(
    client: Client, officer: Actor, county: Area
) -> None:
    long_ago = timezone.now() - timedelta(days=4)
    imported(officer, county, "早先.csv", stage=ImportStage.DONE, requested_at=long_ago, finished_at=long_ago)
    imported(officer, county, "刚才.csv", stage=ImportStage.READING, state=TaskState.RUNNING)
    sign_in(client, officer)
    desk = page(client, "/desk/")
    assert "刚才.csv" in desk
    assert "早先.csv" not in desk
    assert 'href="/tasks/"' in desk


def test_the_page_of_an_import_is_its_own(client: Client, officer: Actor, county: Area) -> None:
    imported(officer, county, "一.csv", stage=ImportStage.PREVIEW)
    sign_in(client, officer)
    (number,) = re.findall(r"/imports/(\d+)/", page(client))
    assert client.get(f"/tasks/import/{number}/")["Location"] == f"/imports/{number}/"
    assert client.get("/tasks/nothing/1/").status_code == 404
