"""Before anything enters: how each column was taken, the first rows as understood, what is odd."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.instruments.management.commands.import_ledger import import_file
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.jobs.uploads import forget_sheets
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, sign_in
from tests.factories.sheets import preview, row

pytestmark = pytest.mark.django_db


def test_a_dry_run_tells_columns_first_rows_and_notices(
    everything: None, settings: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    load_areas()
    load_catalogue()
    sheet = tmp_path / "ledger.csv"
    sheet.write_text(
        "序号,使用单位,所属区县,器具名称,出厂编号,最大秤量,检定分度值,检定日期,检定结论,楼层\n"
        "1,东门市场,成都市锦江区,电子计价秤,A1,30kg,10,2026.3.1,合格,三\n"
        "2,,,电子计价秤,A2,30kg,10,去年,合格,四\n",
        encoding="utf-8",
    )

    told = import_file(sheet, "", dry_run=True)

    assert told["columns"]["max_capacity"] == ["最大秤量"]
    assert told["columns"]["other"] == ["楼层"]
    assert told["columns"]["ignored"] == ["序号"]
    first, second = told["read"]
    assert first == {
        "row": 2, "entity_name": "东门市场", "area": "成都市锦江区", "name": "电子计价秤",
        "serial_number": "A1", "max_capacity": "30000", "e": "10", "verified_on": "2026-03-01",
        "conclusion": "passed",
    }  # fmt: skip
    assert second["row"] == 3
    assert "verified_on" not in second
    notices = [notice for notice in told["notices"] if notice["row"] == 3]
    assert notices[0]["fields"] == ["entity_name"]
    assert "按上一行" in notices[0]["text"]


def test_the_page_shows_what_a_column_was_taken_for_and_the_rows(client: Client) -> None:
    load_catalogue()
    officer = make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))
    run = preview([row("东门市场", "A1", verified=("2026-03-01", "", "", "", "合格"))], officer)
    sign_in(client, officer)
    page = client.get(f"/imports/{run.pk}/").content.decode()
    for words in ("各列的识别", "<td>制造单位</td><td>生产厂家</td>", "<td>2026-03-01</td>", "<td>合格</td>"):
        assert words in page


@pytest.fixture
def officer() -> Actor:
    load_catalogue()
    return make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))


def test_the_rows_that_were_shown_are_unreadable_at_rest_and_go_with_the_upload(officer: Actor) -> None:
    run = preview([row("东门市场", "A1")], officer)
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("SELECT first_rows FROM instruments_importrun WHERE id = %s", [run.pk])
        assert "东门市场".encode() not in bytes(cursor.fetchone()[0])
    later = timezone.now() + settings.UPLOADS_KEPT + timedelta(days=1)

    forget_sheets(at=later)

    with acting_in(EVERYTHING):
        assert ImportRun.objects.unscoped().get(pk=run.pk).first_rows == ""
