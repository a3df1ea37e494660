"""A label is checked without a network: by its address and a published key list."""

from __future__ import annotations

import io
import json
import random
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quanheng.adapters.signer import Answer, KeyList, KeyRing, check_address, check_mark
from quanheng.regulation.instrument_code import code_from_random, grouped
from quanheng.regulation.signed_code import MARK_BYTES, Mark, pack, serial_digest, unpack

CODE = code_from_random(bytes(range(13)))
SITE = "https://check.example.cn"
TODAY = date(2026, 11, 23)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys", SITE)


def answer(address: str, keys: KeyList) -> Answer:
    return check_address(address, keys)[0]


def test_printed_address_is_valid_by_the_published_list_alone(ring: KeyRing) -> None:
    address = ring.address(CODE, serial_number="S1", on=TODAY)
    published = KeyList.from_json(ring.key_list().to_json())
    found, code, mark = check_address(address, published)
    assert (found, code) == (Answer.VALID, CODE)
    assert mark is not None
    assert (mark.issued_on, mark.serial_digest) == (TODAY, serial_digest(CODE, "S1"))


def test_the_four_answers_are_told_apart(ring: KeyRing, tmp_path: Path) -> None:
    stranger = KeyRing(tmp_path / "other", SITE)
    other_code = code_from_random(bytes(13))
    mark = ring.mark(CODE, serial_number="S1", on=TODAY)
    keys = ring.key_list()
    assert answer(stranger.address(CODE, serial_number="S1", on=TODAY), keys) == Answer.UNKNOWN_KEY
    assert answer(f"{SITE}/s/{other_code}.{mark}", keys) == Answer.ALTERED
    evil = f"https://evil.example/s/{CODE}.{mark}"
    for foreign in (evil, f"{SITE}/s/Q1ABC.{mark}", f"{SITE}/s/{CODE}", SITE):
        assert answer(foreign, keys) == Answer.NOT_OURS


def test_no_changed_bit_is_accepted(ring: KeyRing) -> None:
    mark = ring.mark(CODE, serial_number="S1", on=TODAY)
    good = unpack(mark)
    number = int.from_bytes(_bytes_of(good), "big")
    chance = random.Random(5)
    keys = ring.keys()
    assert check_mark(CODE, mark, keys)[0] == Answer.VALID
    for bit in chance.sample(range(MARK_BYTES * 8), 300):
        assert check_mark(CODE, _text_of(number ^ (1 << bit)), keys)[0] != Answer.VALID


def _bytes_of(mark: Mark) -> bytes:
    from quanheng.regulation.signed_code import head

    return head(mark) + mark.signature


def _text_of(number: int) -> str:
    from quanheng.regulation.instrument_code import ALPHABET

    number <<= 3
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(590, -1, -5))


def test_rotation_keeps_old_labels_valid_and_signs_with_the_new_key(ring: KeyRing) -> None:
    old = ring.mark(CODE, serial_number="", on=TODAY)
    fresh = ring.rotate(date(2027, 1, 1))
    new = ring.mark(CODE, serial_number="", on=date(2027, 1, 2))
    assert unpack(old).key_id != unpack(new).key_id == fresh.key_id
    keys = KeyRing(ring.folder, SITE).keys()  # as another process reads them
    assert {check_mark(CODE, text, keys)[0] for text in (old, new)} == {Answer.VALID}


def test_retired_key_cannot_sign_for_later_days(ring: KeyRing) -> None:
    stolen = ring.signing_key(TODAY)
    ring.rotate(TODAY)
    from quanheng.regulation.signed_code import message

    late = Mark(stolen.public.key_id, date(2027, 5, 1), serial_digest(CODE, "S1"))
    forged = Mark(late.key_id, late.issued_on, late.serial_digest, stolen.private.sign(message(CODE, late)))
    assert check_mark(CODE, pack(forged), ring.keys())[0] == Answer.ALTERED


def test_key_files_are_for_their_owner_only(ring: KeyRing) -> None:
    ring.mark(CODE, serial_number="", on=TODAY)
    (file,) = ring.folder.glob("*.json")
    assert file.stat().st_mode & 0o077 == 0
    assert ring.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    ["[]", "{}", '{"site": "x", "keys": [{"id": "abc"}]}', '{"site": "x", "keys": [{"algorithm": "none"}]}'],
)
def test_what_is_no_key_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"key list|algorithm"):
        KeyList.from_json(text)


# the command


def run(*arguments: str) -> tuple[int, dict[str, object]]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_code", *arguments, "--json", stdout=out)
    return int(end.value.code or 0), json.loads(out.getvalue())


def test_command_says_the_answer_and_compares_the_nameplate(ring: KeyRing, tmp_path: Path) -> None:
    address = ring.address(CODE, serial_number="S 1", on=TODAY)
    keys = tmp_path / "keys.json"
    keys.write_text(ring.key_list().to_json())
    assert run(address, "--keys", str(keys)) == (
        0,
        {"answer": "valid", "code": grouped(CODE), "issued_on": "2026-11-23", "key": next(iter(ring.keys())),
         "blank": False},
    )  # fmt: skip
    assert run(address, "--keys", str(keys), "--serial", "s1")[0] == 0
    assert run(address, "--keys", str(keys), "--serial", "S2")[0] == 4
    assert run(address[:-9] + "00000000", "--keys", str(keys))[0] == 3
    assert run("https://evil.example/", "--keys", str(keys)) == (3, {"answer": "not_ours", "code": ""})
    with pytest.raises(CommandError, match="--keys"):
        call_command("verify_code", address, "--keys", str(tmp_path / "none.json"))
