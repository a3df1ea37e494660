"""An export: asked for, logged, written in the requester's scope, downloaded by them alone, gone later."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Appointment, Area
from quanheng.apps.accounts.tasks import EXPORT
from quanheng.apps.audit import acts
from quanheng.apps.audit.models import Act
from quanheng.jobs import exports as _writer  # noqa: F401  who writes
from quanheng.jobs.tasks import end, work
from quanheng.kit.models import ExportJob
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState
from tests.factories.ledger import make_entity, make_instrument
from tests.factories.people import make_actor, make_area, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.sample_pages")]


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def desk(client: Client, officer: Actor) -> Client:
    return sign_in(client, officer)


@pytest.fixture
def market(county: Area) -> Any:
    return make_entity("春熙路农贸市场", area=county)


def ask(desk: Client, query: str = "", file_format: str = "csv") -> ExportJob:
    answer = desk.post(
        "/lists/test-ledger/export/", {"query": query, "path": "/test-ledger/", "format": file_format}
    )
    assert answer.status_code == 302, answer.content
    return latest()


def latest() -> ExportJob:
    with acting_in(EVERYTHING):
        job = ExportJob.objects.unscoped().order_by("-pk").first()
    assert job is not None
    return job


def written(job: ExportJob) -> ExportJob:
    work(EXPORT.key, job.pk)
    return latest()


def table(job: ExportJob) -> list[list[str]]:
    return list(csv.reader(io.StringIO(EXPORT.result_file(job).read_text(encoding="utf-8-sig"))))


def test_the_file_holds_all_rows_of_the_filter_in_the_shown_order_and_columns(
    desk: Client, market: Any
) -> None:
    for serial in ("A-2", "A-1", "B-1"):
        make_instrument(market, serial_number=serial, place="=1+1")
    make_instrument(make_entity(area=make_area("青羊区")), serial_number="A-ELSEWHERE")
    job = written(ask(desk, "q=A-&sort=-serial_number&columns=serial_number,place,standing"))
    assert job.state == TaskState.DONE
    assert table(job) == [
        ["出厂编号", "安装位置", "标记"],
        ["A-2", "'=1+1", "有效"],
        ["A-1", "'=1+1", "有效"],
    ]


def test_a_workbook_opens_in_another_program(desk: Client, market: Any) -> None:
    make_instrument(market, serial_number="A-1")
    job = written(ask(desk, file_format="xlsx"))
    sheet = openpyxl.load_workbook(EXPORT.result_file(job)).active
    assert sheet is not None
    assert sheet["A2"].value == "A-1"


def test_asking_for_a_file_is_logged_with_the_question(desk: Client, officer: Actor) -> None:
    ask(desk, "state=in_use")
    with acting_in(EVERYTHING):
        act = Act.objects.unscoped().get(verb=acts.LIST_EXPORTED)
    assert (act.actor_id, act.after["query"]) == (officer.user_id, "state=in_use")


def test_progress_is_shown_until_the_file_can_be_downloaded(desk: Client, market: Any) -> None:
    make_instrument(market, serial_number="A-1")
    job = ask(desk)
    page = desk.get(f"/tasks/export/{job.pk}/progress/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1500ms"' in page
    written(job)
    page = desk.get(f"/tasks/export/{job.pk}/progress/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in page
    assert b"A-1" in desk.get(f"/tasks/export/{job.pk}/file/").getvalue()


def test_nobody_else_sees_or_downloads_the_file(desk: Client, county: Area) -> None:
    job = written(ask(desk))
    colleague = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    assert colleague.get(f"/tasks/export/{job.pk}/").status_code == 404
    assert colleague.get(f"/tasks/export/{job.pk}/file/").status_code == 404
    assert colleague.get("/exports/").context["list"].rows == []
    assert len(desk.get("/exports/").context["list"].rows) == 1


def test_a_person_who_has_left_the_post_gets_no_file(desk: Client, officer: Actor) -> None:
    job = ask(desk)
    with acting_in(EVERYTHING):
        yesterday = timezone.localdate() - timedelta(days=1)
        Appointment.objects.filter(user_id=officer.user_id or 0).update(valid_to=yesterday)
    job = written(job)
    assert job.state == TaskState.FAILED
    assert "已不在申请时的岗位上" in job.message
    assert not EXPORT.result_file(job).exists()


def test_a_file_made_in_one_post_is_not_handed_out_in_another(desk: Client, officer: Actor) -> None:
    job = written(ask(desk))
    with acting_in(EVERYTHING):
        ExportJob.objects.unscoped().update(appointment=None)
    assert desk.get(f"/tasks/export/{job.pk}/file/").status_code == 404


def test_an_expired_file_is_deleted_and_not_handed_out(desk: Client) -> None:
    job = written(ask(desk))
    with acting_in(EVERYTHING):
        ExportJob.objects.unscoped().update(expires_at=timezone.now() - timedelta(seconds=1))
    assert desk.get(f"/tasks/export/{job.pk}/file/").status_code == 404
    end(timestamp=0)
    assert latest().state == TaskState.EXPIRED
    assert not EXPORT.result_file(job).exists()


def test_running_the_job_twice_writes_one_file(desk: Client, market: Any) -> None:
    make_instrument(market)
    first = written(ask(desk))
    second = written(first)
    assert first.file_path == second.file_path


def test_an_old_address_of_an_export_leads_to_its_task(desk: Client) -> None:
    job = written(ask(desk))
    page = desk.get(f"/exports/{job.pk}/", follow=True).content.decode()
    assert f"/tasks/export/{job.pk}/file/" in page


def test_an_export_that_is_cancelled_leaves_no_file(desk: Client, market: Any) -> None:
    make_instrument(market)
    job = ask(desk)
    page = desk.get(f"/tasks/export/{job.pk}/").content.decode()
    assert f"/tasks/export/{job.pk}/cancel/" in page
    desk.post(f"/tasks/export/{job.pk}/cancel/")
    job = written(job)
    assert (job.state, job.file_path) == (TaskState.CANCELLED, "")
    page = desk.get(f"/tasks/export/{job.pk}/").content.decode()
    assert "已取消" in page
    assert "/cancel/" not in page


def test_an_unknown_format_is_refused(desk: Client) -> None:
    answer = desk.post("/lists/test-ledger/export/", {"query": "", "path": "/test-ledger/", "format": "exe"})
    assert answer.headers["Location"] == "/test-ledger/"
