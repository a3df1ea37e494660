"""Pictures that are small to send and huge to decode, many at once."""

from __future__ import annotations

import io
import re
import struct
import threading
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from quanheng.apps.instruments.models import Instrument
from quanheng.kit import pictures
from quanheng.kit.apart.asking import APART, Limits, Turns
from quanheng.kit.refusal import NotNow, RuleBroken
from tests.attacks.conftest import CODE


def flat(width: int, height: int, form: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, form)
    return out.getvalue()


def header_of(width: int, height: int) -> bytes:
    """Return a PNG that says how large it is, and holds one line of it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    about = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", about) + chunk(b"IDAT", zlib.compress(bytes(3 * width + 1)))


def token(phone: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', phone.get(f"/s/{CODE}/report").content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    "data",
    [
        flat(7071, 7071, mode="1"),
        header_of(13_350, 13_350),  # 178 million pixels
        header_of(2**31 - 1, 2**31 - 1),
        flat(16_000, 1_300, "WEBP"),
    ],
    ids=["50 million of a PNG", "178 million", "2^62", "a WebP"],
)
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(data: bytes) -> None:
    with pytest.raises(RuleBroken) as refused:
        pictures.re_encode(data)
    assert refused.value.code == "photo_too_big"
    assert "5000 万像素" in refused.value.message, "the limit is said"


def test_a_photo_of_fifty_million_pixels_from_a_phone_is_taken() -> None:
    taken = pictures.re_encode(flat(7071, 7071, "JPEG"))
    assert Image.open(io.BytesIO(taken)).size == (1600, 1600)


def test_a_decoder_that_takes_too_much_memory_dies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LIMITS", Limits(memory=330 * 2**20, cpu=10, wall=20))
    with pytest.raises(RuleBroken) as refused:
        pictures.re_encode(flat(4400, 4400))
    assert refused.value.code == "photo_unreadable"
    monkeypatch.undo()
    assert pictures.re_encode(flat(40, 40)), "the next picture is decoded"


def test_a_nursery_that_was_killed_is_started_anew() -> None:
    pictures.re_encode(flat(40, 40))
    assert APART._process is not None
    APART._process.kill()
    APART._process.wait()
    assert pictures.re_encode(flat(40, 40))


def test_sixteen_pictures_at_once_wait_or_are_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PHOTOS", Turns(abreast=1, waiting=1, patience=60))
    data, outcomes, start = flat(4000, 4000), [], threading.Barrier(16)

    def send() -> None:
        start.wait()
        try:
            outcomes.append("taken" if pictures.re_encode(data) else "")
        except NotNow as later:
            outcomes.append(later.code)

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {"taken", "busy"}
    assert outcomes.count("taken") <= 14


@pytest.mark.django_db
def test_whoever_comes_when_all_turns_are_taken_keeps_the_form_and_hears_when(
    client: Client, scale: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PHOTOS", Turns(abreast=1, waiting=0, patience=0))
    typed = {"token": token(client), "problem": "short_weight", "place": "A12", "words": "少了二两"}
    photo = SimpleUploadedFile("p.png", flat(40, 40), "image/png")
    with pictures.PHOTOS.one():
        answer = client.post(f"/s/{CODE}/report", typed | {"photo": photo})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "少了二两" in answer.content.decode()


@pytest.mark.django_db
def test_the_twenty_first_report_of_an_address_is_refused_before_its_picture_is_read(
    client: Client, scale: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        client.post(f"/s/{CODE}/report", {"token": "none"})
    monkeypatch.setattr(pictures, "re_encode", None)
    photo = SimpleUploadedFile("p.png", flat(40, 40), "image/png")
    answer = client.post(f"/s/{CODE}/report", {"token": "none", "photo": photo})
    assert answer.status_code == 429
