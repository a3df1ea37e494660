"""An inspector on site: photos, a second officer, the place; what a difference leads to; who opens a file."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.models import Attachment, Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.attached_files import folder
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.attacks.test_photos import header_of
from tests.factories import make_actor, make_area, make_code, make_instrument, make_seal, make_user
from tests.factories.pictures import PDF, jpeg, sent

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="photos_kept" value="([^"]+)"')


@pytest.fixture(autouse=True)
def data_dir(settings: SimpleNamespace, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    scale = make_instrument(stall, serial_number="K-1", place="A01")
    make_seal(scale, number="封-12")
    make_code(scale)
    return scale


@pytest.fixture
def second(county: Area) -> int:
    return make_actor(Role.INSPECTOR, area=county, user=make_user(name="王五")).user_id or 0


@pytest.fixture
def phone(desk: Desk) -> Client:
    return desk(Role.INSPECTOR)


def files() -> list[Attachment]:
    with acting_in(EVERYTHING):
        return list(Attachment.objects.unscoped().order_by("pk"))


def acts_of(scale: Instrument) -> list[Act]:
    with acting_in(EVERYTHING):
        return list(Act.objects.unscoped().filter(instrument_id=scale.pk).order_by("-pk"))


def differing(second: int, **more: Any) -> dict[str, Any]:
    return {
        "outcome": "problem", "serial_matches": "false", "found_serial": "K-7", "seals_match": "false",
        "place_matches": "false", "found_place": "3 号门外", "words": "铅丝断开", "on": "2026-11-23",
        "second_officer": second, "longitude": "104.066", "latitude": "30.657",
    } | more  # fmt: skip


def test_from_the_check_to_the_broken_seal_with_what_is_known_filled_in(
    phone: Client, scale: Instrument, second: int
) -> None:
    page = phone.get(f"/instruments/{scale.pk}/check/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "王五" in page
    done = phone.post(
        f"/instruments/{scale.pk}/check/", differing(second, photos=[sent(jpeg()), sent(jpeg("blue"))])
    )
    assert done.status_code == 302
    shown = phone.get(done["Location"]).content.decode()
    for text in ("铅封与台账不一致", "出厂编号与台账不一致", "地点与台账不一致", "2 份", "王五", "3 号门外"):
        assert text in shown
    check = acts_of(scale)[0]
    links = dict(re.findall(rf'href="(/instruments/{scale.pk}/([a-z-]+)/\?check={check.pk})"', shown))
    assert set(links.values()) == {"break-seal", "apply-seal", "move", "edit"}
    where = next(url for url, slug in links.items() if slug == "break-seal")
    form = phone.get(where).context["form"]
    assert form["reason"].value() == "铅丝断开"
    assert str(form["second_officer"].value()) == str(second)
    seal = form.fields["seal"].choices[0][0]
    broken = phone.post(
        where,
        {"seal": seal, "reason": "铅丝断开", "on": "2026-11-23", "second_officer": second, "sure": "on",
         "photos": [sent(jpeg("green"))]},
    )  # fmt: skip
    assert broken.status_code == 302
    after = phone.get(f"/instruments/{scale.pk}/").content.decode()
    assert "铅封与台账不一致" not in after, "it has been answered"
    assert "地点与台账不一致" in after, "it has not"
    assert [row.verb for row in files()] == ["checked", "checked", "seal_broken"]


def test_the_other_differences_are_filled_in_too(phone: Client, scale: Instrument, second: int) -> None:
    phone.post(f"/instruments/{scale.pk}/check/", differing(second))
    check = acts_of(scale)[0].pk
    move = phone.get(f"/instruments/{scale.pk}/move/?check={check}").context["form"]
    assert move["place"].value() == "3 号门外"
    edit = phone.get(f"/instruments/{scale.pk}/edit/?check={check}").context["form"]
    assert edit["serial_number"].value() == "K-7"
    foreign = phone.get(f"/instruments/{scale.pk}/move/?check={check + 1}").context["form"]
    assert foreign["place"].value() == "A01"


def test_the_act_shows_its_photos_and_who_was_there(phone: Client, scale: Instrument, second: int) -> None:
    phone.post(f"/instruments/{scale.pk}/check/", differing(second, photos=[sent(jpeg())]))
    page = phone.get(f"/acts/{acts_of(scale)[0].pk}/").content.decode()
    (row,) = files()
    assert f'href="/files/{row.pk}/"' in page
    assert "共同检查人（由检查人填写）：王五" in page
    picture = phone.get(f"/files/{row.pk}/content/")
    assert (picture["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert row.digest in phone.get(f"/files/{row.pk}/").content.decode()


def test_a_refused_form_keeps_the_photos_that_came_in(phone: Client, scale: Instrument, second: int) -> None:
    where = f"/instruments/{scale.pk}/check/"
    refused = phone.post(where, differing(second, words="", photos=[sent(jpeg())]))
    (token,) = TOKEN.findall(refused.content.decode())
    assert files() == []
    again = differing(second, photos_kept=[token], photos=[sent(jpeg("blue"))])
    assert phone.post(where, again).status_code == 302
    assert len(files()) == 2


def test_a_photo_is_kept_from_when_it_came_in_however_often_the_form_is_refused(
    phone: Client, scale: Instrument, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = f"/instruments/{scale.pk}/check/"
    refused = phone.post(where, differing(second, words="", photos=[sent(jpeg())]))
    (token,) = TOKEN.findall(refused.content.decode())
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60)
    again = phone.post(where, differing(second, words="", photos_kept=[token]))
    assert TOKEN.findall(again.content.decode()) == [token]


def test_what_somebody_else_sent_is_not_taken(
    desk: Desk, phone: Client, scale: Instrument, second: int
) -> None:
    where = f"/instruments/{scale.pk}/check/"
    page = phone.post(where, differing(second, words="", photos=[sent(jpeg())])).content.decode()
    other = desk(Role.INSPECTOR)
    other.post(where, differing(second, photos_kept=[*TOKEN.findall(page), "forged"]))
    assert files() == []


@pytest.mark.parametrize(
    "data", [b"<html><script>", b"MZ\x90\x00", PDF, header_of(13_350, 13_350), b""],
    ids=["a page", "a program", "a PDF", "178 million pixels", "nothing"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_and_the_others_stay(
    phone: Client, scale: Instrument, second: int, data: bytes
) -> None:
    typed = differing(second, photos=[sent(jpeg()), sent(data, "evil.jpg")])
    refused = phone.post(f"/instruments/{scale.pk}/check/", typed)
    assert "evil.jpg" in refused.content.decode()
    assert len(TOKEN.findall(refused.content.decode())) == 1
    assert len(list(folder().iterdir())) == 1
    assert files() == []


def test_seven_photos_are_one_too_many(phone: Client, scale: Instrument, second: int) -> None:
    refused = phone.post(
        f"/instruments/{scale.pk}/check/", differing(second, photos=[sent(jpeg()) for _ in range(7)])
    ).content.decode()
    assert len(TOKEN.findall(refused)) == 6
    assert files() == []


def test_nobody_elsewhere_opens_a_file(desk: Desk, phone: Client, scale: Instrument, second: int) -> None:
    phone.post(f"/instruments/{scale.pk}/check/", differing(second, photos=[sent(jpeg())]))
    where = f"/files/{files()[0].pk}/"
    elsewhere = make_area("青羊区")
    for stranger in (
        desk(Role.COUNTY_OFFICER, area=elsewhere), desk(Role.VERIFIER, area=elsewhere),
        desk(Role.EXPERT), Client(),
    ):  # fmt: skip
        for address in (where, f"{where}content/"):
            assert stranger.get(address).status_code in {302, 403, 404}
    for reader in (desk(Role.COUNTY_OFFICER), desk(Role.MARKET_OPERATOR, entity=scale.root)):
        assert reader.get(f"{where}content/").status_code == 200


def test_what_was_put_in_the_place_of_a_photo_is_never_sent(
    phone: Client, scale: Instrument, second: int
) -> None:
    phone.post(f"/instruments/{scale.pk}/check/", differing(second, photos=[sent(jpeg())]))
    (row,) = files()
    (folder() / row.name).write_bytes(jpeg("blue"))
    assert phone.get(f"/files/{row.pk}/content/").status_code == 404
    assert "文件与登记不符" in phone.get(f"/files/{row.pk}/").content.decode()


def test_papers_of_an_instrument_and_of_an_entity_are_handed_out_to_be_saved(
    desk: Desk, scale: Instrument, stall: Entity
) -> None:
    owner = desk(Role.MARKET_OPERATOR, entity=scale.root)
    for where, home in (
        (f"/instruments/{scale.pk}/attach/", f"/instruments/{scale.pk}/"),
        (f"/entities/{stall.pk}/files/new/", f"/entities/{stall.pk}/"),
    ):
        assert where in owner.get(home).content.decode(), "the page leads there"
        assert "这个字段" in owner.post(where, {"title": "证"}).content.decode()
        assert owner.post(where, {"title": "检定证书", "photos": [sent(PDF, "a.pdf")]}).status_code == 302
        assert "检定证书" in owner.get(home).content.decode()
        paper = owner.get(f"/files/{files()[-1].pk}/content/")
        assert paper["Content-Type"] == "application/pdf"
        assert paper["Content-Disposition"].startswith("attachment")
        assert paper["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_taken_off_with_a_reason_after_one_question(desk: Desk, scale: Instrument) -> None:
    owner, office = desk(Role.MARKET_OPERATOR, entity=scale.root), desk()
    office.post(f"/instruments/{scale.pk}/attach/", {"title": "铭牌", "photos": [sent(jpeg())]})
    where = f"/files/{files()[0].pk}/"
    assert 'name="reason"' not in owner.get(where).content.decode(), "the owner did not attach it"
    assert files()[0].withdrawn_at is None
    assert "sure" in office.post(where, {"reason": "拍错了"}).context["form"].errors
    assert office.post(where, {"reason": "拍错了", "sure": "on"}).status_code == 302
    assert "拍错了" in office.get(where).content.decode()
    assert owner.get(where).status_code == 404


def test_a_file_whose_term_is_over_says_so(desk: Desk, scale: Instrument) -> None:
    office = desk()
    office.post(f"/instruments/{scale.pk}/attach/", {"photos": [sent(jpeg())]})
    with acting_in(EVERYTHING):
        Attachment.objects.unscoped().update(forgotten_at="2031-01-01T00:00:00+08:00")
    (row,) = files()
    assert "保存期限已过" in office.get(f"/files/{row.pk}/").content.decode()
    assert office.get(f"/files/{row.pk}/content/").status_code == 404
