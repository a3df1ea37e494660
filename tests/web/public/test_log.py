"""Anybody reads the public log, and an independent verifier in another language believes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from quanheng.adapters.public_log import log_folder, log_key, seal_into_folder
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.models import Act, LogHead
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.acts import Verb
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.transparency.checkpoints import Checkpoint
from quanheng.regulation.transparency.frontier import Frontier
from tests.factories import make_instrument
from tests.web.public.conftest import CODE
from tests.web.public.independent import independent

pytestmark = pytest.mark.django_db
Write = Callable[..., Act]


@pytest.fixture
def write(at: datetime) -> Write:
    def one(instrument_id: int | None, verb: Verb = acts.VERIFICATION_RECORDED, **facts: Any) -> Act:
        with acting_in(EVERYTHING):
            return record(verb, by=SYSTEM, at=at, instrument_id=instrument_id, after=facts, reason="张三")

    return one


@pytest.mark.parametrize("count", [1, 2, 257, 700])
def test_a_verifier_in_another_language_proves_entries_from_the_tiles(
    count: int, write: Write, at: datetime
) -> None:
    acts = [write(number) for number in range(count)]
    seal_into_folder(at=at)
    for index in {0, count // 2, count - 1}:
        said = independent(log_folder().home, log_key().public.to_text(), index)
        assert said["ok"], said
        assert said["size"] == count
        assert json.loads(said["entry"])["act"] == acts[index].pk


def test_the_verifier_refuses_another_key_and_a_changed_entry(write: Write, at: datetime) -> None:
    for number in range(5):
        write(number)
    seal_into_folder(at=at)
    other = type(log_key())(log_folder().home.parent / "other.key", log_key().origin)
    assert independent(log_folder().home, other.public.to_text(), 0)["why"] == "the log did not sign this"
    bundle = log_folder().home / "tile" / "entries" / "000.p" / "5"
    bundle.write_bytes(bundle.read_bytes().replace(b'"v":2', b'"v":3', 1))
    assert independent(log_folder().home, log_key().public.to_text(), 0)["why"] == "not in the log"


def test_a_shopper_takes_the_proof_home_and_it_holds_without_us(
    phone: Client, scale: Instrument, write: Write, at: datetime, tmp_path: Path, capsys: Any
) -> None:
    write(scale.pk, result="passed", certificate_number="JD-1")
    seal_into_folder(at=at)
    page = phone.get(f"/s/{CODE}").content.decode()
    assert "已载入公开记录，第 0 条" in page
    assert f"/s/{CODE}/record" in page
    listed = phone.get(f"/s/{CODE}/record").content.decode()
    assert "检定登记" in listed
    assert "/log/proof/0" in listed
    answer = phone.get("/log/proof/0")
    assert "JD-1" not in answer.content.decode()
    proof = tmp_path / "entry-0.tlog-proof"
    proof.write_bytes(answer.content)
    key = phone.get("/log/key").content.decode().splitlines()[0]
    said = independent("--proof", proof, key)
    assert json.loads(said["entry"])["facts"] == {"result": "passed"}
    call_command("log", "verify", str(proof), key=key)
    assert "is entry 0 of 1" in capsys.readouterr().out


def test_an_act_that_waits_is_shown_as_waiting(phone: Client, scale: Instrument, write: Write) -> None:
    write(scale.pk)
    assert "已载入公开记录" not in phone.get(f"/s/{CODE}").content.decode()
    listed = phone.get(f"/s/{CODE}/record?lang=en").content.decode()
    assert "waiting to be entered" in listed
    assert "Verification" in listed


def test_an_instrument_without_acts_says_so(phone: Client, scale: Instrument) -> None:
    assert "暂无单独的条目" in phone.get(f"/s/{CODE}/record").content.decode()
    assert phone.get("/s/0000/record").status_code == 400
    assert phone.get(f"/s/{CODE[:-1]}0/record").status_code in {400, 404}


def test_the_files_are_published_full_tiles_for_ever(phone: Client, write: Write, at: datetime) -> None:
    assert phone.get("/log/checkpoint").status_code == 404
    assert "暂无条目" in phone.get("/log/").content.decode()
    for number in range(300):
        write(number)
    seal_into_folder(at=at)
    assert phone.get("/log/checkpoint").content.decode() == log_folder().checkpoint()
    full, partial = phone.get("/log/tile/0/000"), phone.get("/log/tile/0/001.p/44")
    assert (len(full.content), len(partial.content)) == (256 * 32, 44 * 32)
    assert "immutable" in full.headers["Cache-Control"]
    assert "immutable" not in partial.headers["Cache-Control"]
    assert full.headers["Access-Control-Allow-Origin"] == "*"
    assert "300" in phone.get("/log/").content.decode()


@pytest.mark.parametrize("path", ["tile/0/999", "tile/9x/000", "tile/0/../../keys/public-log.key", "proof/7"])
def test_what_the_log_does_not_have_is_not_found(phone: Client, path: str) -> None:
    assert phone.get(f"/log/{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_fsck_says_that_all_is_well_or_names_the_row(write: Write, at: datetime, capsys: Any) -> None:
    with pytest.raises(CommandError, match="no checkpoint"):
        call_command("log", "fsck")
    act = write(None)
    seal_into_folder(at=at)
    call_command("log", "fsck")
    said = capsys.readouterr().out
    assert "1 entries compared, 0 acts waiting, 0 findings" in said
    assert "0 instruments replayed" in said
    call_command("log", "prove", str(act.pk))
    assert capsys.readouterr().out.startswith("c2sp.org/tlog-proof@v1\n")
    with pytest.raises(CommandError, match="not in the public log"):
        call_command("log", "prove", "0")
    LogHead.objects.update(frontier=bytes(8))
    with pytest.raises(SystemExit):
        call_command("log", "fsck")
    assert "audit_loghead" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_fsck_holds_the_ledger_against_the_log(write: Write, at: datetime, capsys: Any) -> None:
    write(None)
    seal_into_folder(at=at)
    slipped_in = make_instrument()
    with pytest.raises(SystemExit):
        call_command("log", "fsck")
    assert f"instrument {slipped_in.pk}: 没有登记它的操作记录" in capsys.readouterr().out


def test_lost_files_are_written_anew_from_the_database(write: Write, at: datetime, tmp_path: Path) -> None:
    for number in range(300):
        write(number)
    seal_into_folder(at=at)
    anew = tmp_path / "anew"
    call_command("log", "publish", str(anew))
    for file in ("tile/0/000", "tile/0/001.p/44", "tile/entries/000", "tile/1/000.p/1"):
        assert (anew / file).read_bytes() == (log_folder().home / file).read_bytes()
    with pytest.raises(CommandError, match="not empty"):
        call_command("log", "publish", str(anew))


def test_a_proof_that_cannot_be_read_or_does_not_hold_is_refused(tmp_path: Path) -> None:
    key = log_key().public.to_text()
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("log", "verify", str(tmp_path / "none"), key=key)
    broken = tmp_path / "broken"
    broken.write_text("hello")
    with pytest.raises(CommandError, match="c2sp"):
        call_command("log", "verify", str(broken), key=key)


def test_a_checkpoint_of_another_log_is_said_on_the_page_and_does_not_break_it(
    phone: Client, write: Write, at: datetime
) -> None:
    write(1)
    seal_into_folder(at=at)
    stranger = type(log_key())(log_folder().home.parent / "other.key", "other.example/log")
    log_folder().publish(stranger.sign(Checkpoint("other.example/log", 0, Frontier().root)))
    page = phone.get("/log/")
    assert page.status_code == 200
    assert "检查点与本记录的公钥不符" in page.content.decode()
