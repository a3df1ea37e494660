"""Backup, destroy, restore on another port: everything is there again, and the log agrees."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from quanheng.runtime.account import NotPossible
from quanheng.runtime.backup import keys
from quanheng.runtime.backup.folder import DUMP, FILES, KEYS, MANIFEST
from quanheng.runtime.backup.restore import restore
from quanheng.runtime.postgres import Cluster
from tests.runtime.platform import environment, quanheng, running, until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("platform")]
PASSPHRASE = {keys.VARIABLE: "correct horse battery staple"}
SEALED = "SELECT count(*) > 0 AND NOT EXISTS (SELECT FROM audit_unsealedact) FROM audit_leaf"
CODE = "SELECT value FROM instruments_instrumentcode WHERE state = 'active' ORDER BY value LIMIT 1"


def ask(home: Path, query: str) -> Any:
    """Ask the embedded database of a running platform."""
    with psycopg.connect(Cluster(home / "postgres").url(), options="-c quanheng.everything=1") as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small province that ran, was copied while it ran, and is gone."""
    home, copy = tmp_path_factory.mktemp("first") / "var", tmp_path_factory.mktemp("copy") / "backup"
    made = quanheng("demo", "--instruments", "300", env=environment(home, QUANHENG_DEMO="1"))
    assert made.returncode == 0, made.stderr
    (home / "photos").mkdir(exist_ok=True)
    (home / "photos" / "one.jpg").write_bytes(b"\xff\xd8 a photo")
    with running(home) as platform:
        until(lambda: ask(home, SEALED))
        until((home / "public-log" / "checkpoint").exists)
        code = ask(home, CODE)
        page, proof = platform.page(f"/s/{code}"), platform.page("/log/proof/3")
        said = quanheng("backup", str(copy), env=environment(home, **PASSPHRASE))
        assert said.returncode == 0, said.stderr
        assert "read again" in said.stdout
    secret = (home / "secret-key").read_text()
    shutil.rmtree(home)
    return {"copy": copy, "code": code, "page": page, "proof": proof, "secret": secret}


def test_it_is_all_there_again_on_another_port_and_the_log_agrees(
    copied: dict[str, Any], tmp_path: Path
) -> None:
    home = tmp_path / "second"
    said = quanheng("restore", str(copied["copy"]), env=environment(home, **PASSPHRASE))
    assert said.returncode == 0, said.stdout + said.stderr
    assert ", 0 findings" in said.stdout
    assert " instruments replayed; of 0 " in said.stdout
    manifest = json.loads((copied["copy"] / MANIFEST).read_text())
    assert f"{sum(manifest['rows'].values())} rows" in said.stdout
    assert (home / "photos" / "one.jpg").read_bytes() == b"\xff\xd8 a photo"
    assert (home / "secret-key").read_text().strip() == copied["secret"].strip()
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    with running(home) as platform:
        assert platform.page(f"/s/{copied['code']}").splitlines()[0] == "HTTP 200"
        assert _entry(platform.page("/log/proof/3")) == _entry(copied["proof"])
        assert platform.page("/log/").startswith("HTTP 200")
        for table in ("instruments_instrument", "instruments_verification", "audit_leaf", "registry_contact"):
            assert ask(home, f"SELECT count(*) FROM {table}") == manifest["rows"][table]
        waiting = "SELECT count(*) FROM outbox_message WHERE delivered_at IS NULL AND given_up_at IS NULL"
        assert ask(home, waiting) == 0, "what waited then is not sent again by itself"
        until(lambda: ask(home, "SELECT count(*) FROM changes_feedepoch") == 2)  # cursors of before end


def _entry(proof: str) -> str:
    return proof.partition("\nindex ")[0]


def test_the_copy_gives_no_key_away(copied: dict[str, Any]) -> None:
    for path in copied["copy"].rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
        if path.is_file():
            assert copied["secret"].strip().encode() not in path.read_bytes()
    names = {path.name for path in (copied["copy"] / FILES).rglob("*")}
    assert not names & {"secret-key", "public-log.key", "demo-accounts.txt"}
    with pytest.raises(NotPossible, match="does not open"):
        keys.unseal((copied["copy"] / KEYS).read_text(), "another passphrase")


def _spoil(copy: Path, how: str) -> None:
    target = copy / {"a byte of the dump": DUMP, "a photo": f"{FILES}/photos/one.jpg", "the keys": KEYS}[how]
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)


@pytest.mark.parametrize("how", ["a byte of the dump", "a photo", "the keys"])
def test_a_damaged_copy_is_refused_before_anything_is_made(
    how: str, copied: dict[str, Any], tmp_path: Path
) -> None:
    copy, home = tmp_path / "copy", tmp_path / "var"
    shutil.copytree(copied["copy"], copy)
    _spoil(copy, how)
    said = quanheng("restore", str(copy), env=environment(home, **PASSPHRASE))
    assert (said.returncode, home.exists()) == (2, False)
    assert "is damaged" in said.stderr


def test_a_file_that_is_missing_too_many_or_no_manifest_is_refused(
    copied: dict[str, Any], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(copied["copy"], copy)
    (copy / FILES / "stranger").write_text("?")
    with pytest.raises(NotPossible, match="stranger does not belong"):
        restore(copy, PASSPHRASE[keys.VARIABLE])
    (copy / FILES / "stranger").unlink()
    (copy / FILES / "photos" / "one.jpg").unlink()
    with pytest.raises(NotPossible, match=r"one\.jpg is missing"):
        restore(copy, PASSPHRASE[keys.VARIABLE])
    (copy / MANIFEST).unlink()
    with pytest.raises(NotPossible, match="no backup, or it was cut off"):
        restore(copy, PASSPHRASE[keys.VARIABLE])


def test_a_place_where_something_is_is_not_written_over(copied: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "photo").write_text("mine")
    said = quanheng("restore", str(copied["copy"]), env=environment(tmp_path / "var", **PASSPHRASE))
    assert (said.returncode, list((tmp_path / "var").iterdir())) == (2, [tmp_path / "var" / "photo"])
    assert "is not empty" in said.stderr


def test_an_empty_ledger_is_not_copied(tmp_path: Path) -> None:
    said = quanheng("backup", str(tmp_path / "copy"), env=environment(tmp_path / "var", **PASSPHRASE))
    assert said.returncode == 2
    assert "There is nothing to copy" in said.stderr
    assert not (tmp_path / "copy" / MANIFEST).exists()


def test_half_a_restore_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "restore-unfinished").write_text("2026")
    said = quanheng("up", env=environment(tmp_path))
    assert said.returncode == 2
    assert "was not restored to its end" in said.stderr


def test_a_passphrase_is_asked_for_and_is_not_short(tmp_path: Path) -> None:
    for words in ({}, {keys.VARIABLE: "short"}):
        said = quanheng("backup", str(tmp_path / "copy"), env=environment(tmp_path / "var", **words))
        assert said.returncode == 2
        assert "at least 12 characters" in said.stderr
