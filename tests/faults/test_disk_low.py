"""The disk fills up: uploads are refused first, then every act, with a sentence; reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from quanheng.config.environment import ConfigurationMissing, read_environment
from quanheng.kit import free_space
from quanheng.kit.free_space import free_bytes, refuse_when_low, shortage
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.uploads import keep_upload
from tests.factories import make_actor, make_entity, make_instrument, sign_in

MB = 1_000_000
Leave = Callable[[int], None]


@pytest.fixture
def leave(monkeypatch: pytest.MonkeyPatch) -> Iterator[Leave]:
    """Return a function that leaves so many MB on the disk."""

    def left(mb: int) -> None:
        monkeypatch.setattr(free_space, "_measured", lambda _place: mb * MB)
        monkeypatch.setattr(free_space, "_looked", (0.0, "", 0))

    yield left
    free_space._looked = (0.0, "", 0)


@pytest.mark.parametrize(
    ("mb", "upload", "act", "warned"),
    [
        (6_000, True, True, ""),
        (4_999, True, True, "4999 MB are free; nothing is refused yet"),
        (1_999, False, True, "1999 MB are free; uploads and imports are refused"),
        (499, False, False, "499 MB are free; every act is refused, reading goes on"),
    ],
)
def test_the_less_is_left_the_more_is_refused(
    mb: int, *, upload: bool, act: bool, warned: str, leave: Leave
) -> None:
    leave(mb)
    assert (_allowed(upload=True), _allowed(upload=False), shortage()) == (upload, act, warned)


def _allowed(*, upload: bool) -> bool:
    try:
        refuse_when_low(upload=upload)
    except RuleBroken as refusal:
        return refusal.code != "disk_low"
    return True


def test_what_is_measured_is_the_disk_of_the_data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "not" / "made" / "yet"
    assert 0 < free_bytes() < 2**60


def test_an_upload_is_refused_before_a_byte_of_it_is_written(
    settings: Any, tmp_path: Path, leave: Leave
) -> None:
    settings.DATA_DIR = tmp_path
    leave(1_000)
    with pytest.raises(RuleBroken, match="暂停上传和导入"):
        keep_upload("台账.csv", [b"a"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_pages_are_read_and_acts_refused_with_a_sentence(leave: Leave) -> None:
    officer = make_actor()
    scale = make_instrument(make_entity(area_id=officer.area_id) if officer.area_id else None)
    browser = Client()
    sign_in(browser, officer)
    leave(100)
    assert browser.get("/desk/").status_code == 200
    refused = browser.post(f"/instruments/{scale.pk}/apply-seal/", {"number": "川-1"})
    assert refused.status_code == 503
    assert "磁盘空间不足" in refused.content.decode()
    assert browser.get("/readyz").json()["warnings"]["disk"].startswith("100 MB are free")
    leave(9_000)
    assert browser.post(f"/instruments/{scale.pk}/apply-seal/", {"number": "川-1"}).status_code != 503
    assert "disk" not in browser.get("/readyz").json()["warnings"]


@pytest.mark.django_db
def test_signing_in_goes_on(leave: Leave) -> None:
    leave(100)
    assert Client().post("/accounts/login/", {"login": "x", "password": "y"}).status_code == 200


def test_marks_that_are_out_of_order_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANHENG_DISK_UPLOADS_MB", "9000")
    with pytest.raises(ConfigurationMissing, match="QUANHENG_DISK_WARN_MB"):
        read_environment()
