"""Printing labels from the office: issue the missing codes, choose the paper, get the sheets."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pypdf import PdfReader

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.labels.layouts import Offset
from quanheng.apps.instruments.models import Instrument, LabelPrint
from quanheng.apps.instruments.queries.labels import Selection
from quanheng.apps.instruments.services import print_labels as service
from quanheng.apps.instruments.services.issue_blank_codes import issue_blank_codes
from quanheng.apps.registry.enums import EntityKind
from quanheng.jobs import labels as _press  # noqa: F401  who prints
from quanheng.jobs.tasks import work
from quanheng.kit.lists.pages import TooMuch
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState
from quanheng.web.public.labels import key_ring
from tests.factories import make_actor, make_area, make_code, make_entity, make_instrument, sign_in
from tests.factories.acts import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    key_ring.cache_clear()


@pytest.fixture
def officer() -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))


@pytest.fixture
def scale(officer: Actor) -> Instrument:
    with acting_in(EVERYTHING):
        market = make_entity("东门市场", area_id=officer.area_id)
        return make_instrument(make_entity("张三", kind=EntityKind.STALL, parent=market))


def test_officer_issues_the_missing_codes_and_prints_them(
    client: Client, officer: Actor, scale: Instrument
) -> None:
    sign_in(client, officer)
    address = f"/labels/?entity={scale.root_id}"
    assert "1 台（件）已备案，尚无编码" in client.get(address).content.decode()
    client.post(address, {"act": "issue"})
    assert "共 1 枚标签" in client.get(address).content.decode()
    sheet = client.post(address, {"layout": "a4-3x8", "skip": "0", "right": "1.5", "down": ""})
    assert sheet.headers["Content-Type"] == "application/pdf"
    said = PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text()
    assert "东门市场" in said
    assert "张三" not in said  # a stall is called by its number
    with acting_in(EVERYTHING):
        assert Act.objects.unscoped().filter(verb=acts.LABELS_PRINTED).count() == 1


def test_operator_prints_but_does_not_issue(client: Client, scale: Instrument) -> None:
    operator = make_actor(Role.MARKET_OPERATOR, entity=scale.root)
    sign_in(client, operator)
    page = client.get(f"/labels/?instrument={scale.pk}").content.decode()
    assert "请辖区市场监管部门赋码后再打印" in page
    make_code(scale)
    assert "共 1 枚标签" in client.get(f"/labels/?instrument={scale.pk}").content.decode()


def test_instruments_of_others_are_not_printed(client: Client, officer: Actor) -> None:
    foreign = make_instrument()
    make_code(foreign)
    sign_in(client, officer)
    assert "暂无可以打印的标签" in client.get(f"/labels/?instrument={foreign.pk}").content.decode()
    assert client.get(f"/labels/{foreign.pk}.svg").status_code == 404


def test_refused_form_keeps_what_was_typed(client: Client, officer: Actor, scale: Instrument) -> None:
    make_code(scale)
    sign_in(client, officer)
    page = client.post(
        f"/labels/?instrument={scale.pk}", {"layout": "a4-3x8", "skip": "24", "right": "2"}
    ).content.decode()
    assert "已使用的位置应为 0 到 23" in page
    assert 'value="24"' in page


def test_picture_follows_the_form(client: Client, officer: Actor) -> None:
    sign_in(client, officer)
    shown = client.get("/labels/preview", {"layout": "roll-50x30", "right": "2"}).content.decode()
    assert "/labels/picture?layout=roll-50x30&amp;right=2" in shown
    assert client.get("/labels/picture", {"layout": "roll-50x30"}).headers["Content-Type"] == "image/svg+xml"
    assert client.get("/labels/picture", {"layout": "none"}).status_code == 404


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_one_code_alone(client: Client, officer: Actor, scale: Instrument, kind: str, start: bytes) -> None:
    make_code(scale)
    sign_in(client, officer)
    assert client.get(f"/labels/{scale.pk}.{kind}").content.startswith(start)


def test_big_print_is_made_by_a_job_and_belongs_to_its_requester(
    client: Client, officer: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 1)
    with acting_in(officer.scope):
        codes = issue_blank_codes(area_id=officer.area_id or 0, count=3, batch="卷", by=officer, at=at)
        blank = Selection(area=officer.area_id, batch="卷")
        made = service.print_labels(selection=blank, layout="roll-50x30", offset=Offset(), by=officer, at=at)
    sign_in(client, officer)
    assert client.get(f"/tasks/labels/{made.pk}/file/").status_code == 404
    work("labels", made.pk)
    with acting_in(EVERYTHING):
        done = LabelPrint.objects.unscoped().get()
    assert (done.state, done.done, done.tries) == (TaskState.DONE, 3, 0)
    with zipfile.ZipFile(tmp_path / "labels" / done.file_path) as archive:
        (name,) = archive.namelist()
        assert len(PdfReader(io.BytesIO(archive.read(name))).pages) == len(codes)
    assert "100%" in client.get(f"/labels/{made.pk}/", follow=True).content.decode()
    file = client.get(f"/tasks/labels/{made.pk}/file/")
    assert file.status_code == 200
    assert b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    for close in file._resource_closers:  # type: ignore[attr-defined]  # the test client would close the connection too
        close()
    stranger = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=None))
    assert stranger.get(f"/tasks/labels/{made.pk}/").status_code == 404


def test_nothing_to_print_is_told(officer: Actor, scale: Instrument, at: datetime) -> None:
    with refused("nothing_to_print"), acting_in(officer.scope):
        service.print_labels(
            selection=Selection(instruments=(scale.pk,)), layout="a4-3x8", offset=Offset(), by=officer, at=at
        )
    with refused("unknown_layout"), acting_in(officer.scope):
        service.print_labels(selection=Selection(), layout="a5", offset=Offset(), by=officer, at=at)


def test_whoever_comes_with_nothing_chosen_is_led_to_what_can_be_chosen(
    client: Client, officer: Actor, at: datetime
) -> None:
    with acting_in(EVERYTHING):
        issue_blank_codes(area_id=officer.area_id or 0, count=3, batch="十一月一批", by=officer, at=at)
    page = sign_in(client, officer).get("/labels/")
    ways = [way.url for way in page.context["ways"]]
    assert ways == ["/instruments/", "/entities/", "/codes/"]
    (batch,) = page.context["batches"]
    assert (batch.batch, batch.blank) == ("十一月一批", 3)
    printed = client.get("/labels/", {"area": batch.area_id, "batch": batch.batch})
    assert printed.context["ready"] == 3
    assert printed.context["ways"] == ()


def test_rows_ticked_in_the_list_are_printed(client: Client, officer: Actor, scale: Instrument) -> None:
    with acting_in(EVERYTHING):
        make_code(scale)
        other = make_instrument(scale.entity)
    sign_in(client, officer)
    address, chosen = "/lists/instruments/bulk/labels/", f"id={scale.pk}&id={other.pk}"
    assert [row[2] for row in client.get(f"{address}?{chosen}").context["refused"]] == []
    answer: Any = client.post(address, {"selection": chosen, "seen": "2/0"})
    assert sorted(parse_qs(urlsplit(answer.url).query)["instrument"]) == sorted(
        [str(scale.pk), str(other.pk)]
    )
    page = client.get(answer.url)
    assert (page.context["ready"], page.context["waiting"]) == (1, 1)


def test_more_blank_codes_than_can_be_counted_in_a_moment_leave_the_ways(
    client: Client, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_many(*_asked: object) -> None:
        raise TooMuch

    monkeypatch.setattr("quanheng.web.labels.views.within", too_many)
    page = sign_in(client, officer).get("/labels/")
    assert (page.status_code, page.context["batches"], len(page.context["ways"])) == (200, (), 3)
