"""A shopper reports: no name, no session, a receipt number, one report however often it is sent."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument, ShopperReport
from quanheng.apps.instruments.services.settle_report import close_report, take_up_report
from quanheng.kit import free_space
from quanheng.kit.pictures import re_encode
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor
from tests.web.public.conftest import CODE, OTHER_CODE

pytestmark = pytest.mark.django_db


def token(phone: Client, code: str = CODE) -> str:
    found = re.search(r'name="token" value="([^"]+)"', phone.get(f"/s/{code}/report").content.decode())
    assert found
    return found[1]


def reports() -> list[ShopperReport]:
    with acting_in(EVERYTHING):
        return list(ShopperReport.objects.unscoped())


def picture(**saved: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, **{"format": "JPEG"} | saved)
    return out.getvalue()


def test_report_gets_a_receipt_and_pressing_twice_is_one_report(phone: Client, scale: Instrument) -> None:
    typed = {"token": token(phone), "problem": "short_weight", "place": "A12", "words": "少了二两"}
    first = phone.post(f"/s/{CODE}/report", typed)
    second = phone.post(f"/s/{CODE}/report", typed)
    assert first.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    (report,) = reports()
    assert (report.instrument_id, report.area_id, report.place) == (scale.pk, scale.area_id, "A12")
    assert report.number in phone.get(first.headers["Location"]).content.decode()


def test_report_about_a_forged_label_is_kept_too(phone: Client) -> None:
    typed = {"token": token(phone, OTHER_CODE), "problem": "label_damaged"}
    assert phone.post(f"/s/{OTHER_CODE}/report", typed).status_code == 303
    (report,) = reports()
    assert report.instrument_id is None


def test_refused_form_keeps_what_was_typed(phone: Client, scale: Instrument) -> None:
    answer = phone.post(f"/s/{CODE}/report", {"token": token(phone), "place": "B7"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请选择遇到的问题" in page
    assert 'value="B7"' in page
    assert reports() == []


def test_form_of_another_site_is_refused(phone: Client, scale: Instrument) -> None:
    typed = {"token": token(phone), "problem": "other"}
    assert (
        phone.post(f"/s/{CODE}/report", typed, headers={"Origin": "https://evil.example"}).status_code == 400
    )
    assert phone.post(f"/s/{CODE}/report", {"problem": "other", "token": "x"}).status_code == 400
    assert phone.post(f"/s/{OTHER_CODE}/report", typed).status_code == 400
    assert reports() == []
    assert phone.post(f"/s/{CODE}/report", typed, headers={"Origin": "http://testserver"}).status_code == 303


def test_the_photo_of_a_refused_report_is_not_kept_and_pressing_twice_keeps_the_first(
    phone: Client, scale: Instrument, tmp_path: Path
) -> None:
    kept = tmp_path / "photos" / "reports"

    def send(**typed: str) -> int:
        upload = SimpleUploadedFile("a.jpg", picture())
        return phone.post(f"/s/{CODE}/report", {**typed, "photo": upload}).status_code

    assert send(token=token(phone), place="B7") == 400
    assert list(kept.iterdir()) == []
    once = token(phone)
    assert send(token=once, problem="other") == send(token=once, problem="other") == 303
    assert send(token=once, problem="none") == 400
    (report,) = reports()
    assert [file.name for file in kept.iterdir()] == [report.photo.rpartition("/")[2]]
    assert kept.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "photos" / report.photo).stat().st_mode & 0o777 == 0o600


def test_photo_is_written_anew_without_its_place(phone: Client, scale: Instrument, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    upload = SimpleUploadedFile("a.jpg", picture(exif=exif) + b"trailing payload")
    phone.post(f"/s/{CODE}/report", {"token": token(phone), "problem": "other", "photo": upload})
    (report,) = reports()
    kept = (tmp_path / "photos" / report.photo).read_bytes()
    assert b"secret place" not in kept
    assert b"payload" not in kept
    assert Image.open(io.BytesIO(kept)).size == (60, 40)


def flood() -> bytes:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"", "photo_unreadable"), (b"<svg/>", "photo_unreadable"), (picture()[:200], "photo_unreadable"),
     (picture(format="GIF"), "photo_unreadable"), (b"0" * (8 * 1024 * 1024 + 1), "photo_too_big")],
)  # fmt: skip
def test_what_is_no_photo_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        re_encode(data)
    assert refusal.value.code == rule


def test_small_file_that_unfolds_to_a_flood_is_refused_unread() -> None:
    with pytest.raises(RuleBroken) as refusal:
        re_encode(flood())
    assert refusal.value.code in {"photo_too_big", "photo_unreadable"}


def test_large_photo_is_made_smaller() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4000, 1000)).save(out, "JPEG")
    assert Image.open(io.BytesIO(re_encode(out.getvalue()))).size == (1600, 400)


def test_a_disk_that_is_nearly_full_takes_no_photo_and_keeps_what_was_typed(
    phone: Client, scale: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"token": token(phone), "problem": "other", "words": "少了二两"}
    monkeypatch.setattr(free_space, "_measured", lambda _place: 1)
    monkeypatch.setattr(free_space, "_looked", (0.0, "", 0))
    answer = phone.post(f"/s/{CODE}/report", typed)
    assert (answer.status_code, reports()) == (503, [])
    assert "磁盘空间不足" in answer.content.decode()
    assert "少了二两" in answer.content.decode()
    assert phone.get(f"/s/{CODE}").status_code == 200


def test_the_receipt_tells_what_became_of_the_report_and_nothing_that_was_said(
    phone: Client, scale: Instrument
) -> None:
    typed = {"token": token(phone), "problem": "short_weight", "place": "A12", "words": "少了二两"}
    address = phone.post(f"/s/{CODE}/report", typed).headers["Location"]
    assert "待核查" in phone.get(address).content.decode()
    with acting_in(EVERYTHING):
        report = ShopperReport.objects.unscoped().get()
        officer = make_actor(Role.COUNTY_OFFICER, area=report.area)
        take_up_report(report_id=report.pk, by=officer, at=report.received_at)
        close_report(
            report_id=report.pk, finding="true", found="秤被调过", answer="已责令停用",
            by=officer, at=report.received_at,
        )  # fmt: skip
    page = phone.get(address).content.decode()
    assert [words in page for words in ("属实", "已责令停用", "秤被调过", "少了二两", "A12")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert "已责令停用" not in phone.get(f"/s/{CODE}").content.decode()
