"""A configuration that cannot work stops the start and says what to set."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

import pytest

from quanheng.config.environment import ConfigurationMissing, read_environment
from quanheng.config.values import weakness
from quanheng.runtime import database
from quanheng.runtime.account import NotPossible
from tests.runtime.platform import environment, free_port, quanheng

RUN_A_PROVINCE = Path(__file__).parents[2] / "docs/how-to/run-a-province.md"
PRODUCTION = {
    "QUANHENG_ENV": "production",
    "QUANHENG_SECRET_KEY": "Pb4uW1x-qO7mZc_9LrTtY2sVnEeJ0hKdGa6iFf8Q3XwMlUz5RoBj",
    "QUANHENG_HOSTS": "office.example",
    "QUANHENG_PUBLIC_URL": "https://scan.example",
}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("QUANHENG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QUANHENG_DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.mark.parametrize("missing", ["QUANHENG_SECRET_KEY", "QUANHENG_HOSTS", "QUANHENG_PUBLIC_URL"])
def test_production_does_not_start_without(missing: str, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert read_environment().production
    monkeypatch.delenv(missing)
    with pytest.raises(ConfigurationMissing, match=f"Set {missing}"):
        read_environment()


@pytest.fixture
def production(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("word", ["prod", "Production", "staging", "live", "1"])
def test_an_environment_that_nobody_knows_is_no_development(
    word: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANHENG_ENV", word)
    with pytest.raises(ConfigurationMissing, match=f"'{word}'; set it to one of: development, production"):
        read_environment()


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("k" * 64, "one text repeated"), ("Xk4-" * 20, "one text repeated"), ("short", "fewer than 50"),
        ("django-insecure-8q!x0a7w$zl3@v9r1m_u5k6b2n4c7d8e9f0g1h2j3", "guessed by"),
        ("please-CHANGE-ME-8q!x0a7w$zl3@v9r1m_u5k6b2n4c7d8e9f0g1h2", "guessed by"),
        ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "neighbouring"),
        ("aababbabaabbbaabababbabbaaabbabababaabbabbaaababbaabab", "neighbouring"),
        ("azzaazazzazaazzzaazazazzazaazazzaazzazaazzazazaazzazaz", "too few different"),
    ],
)  # fmt: skip
def test_a_key_that_can_be_guessed_is_refused_in_production(
    key: str, why: str, production: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANHENG_SECRET_KEY", key)
    with pytest.raises(ConfigurationMissing, match=why):
        read_environment()


def test_keys_by_chance_are_taken() -> None:
    for _ in range(200):
        for key in (secrets.token_urlsafe(48), secrets.token_hex(32), secrets.token_urlsafe(38)):
            assert weakness(key) == ""


def test_a_demonstration_is_refused_in_production(
    production: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QUANHENG_DEMO", "1")
    with pytest.raises(ConfigurationMissing, match="refused in production"):
        read_environment()
    refused = quanheng("up", "--demo", env=environment(tmp_path / "other", **PRODUCTION))
    assert refused.returncode == 2
    assert "refused in production" in refused.stderr
    assert not (tmp_path / "other").exists()


def test_the_office_and_the_public_are_on_two_hostnames(
    production: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANHENG_HOSTS", "office.example,scan.example")
    with pytest.raises(ConfigurationMissing, match="another hostname"):
        read_environment()


HOSTILE = ("prod", "::::", "http://[", "https://x:99999", "-1", "9" * 400, "a\nb", "é", "%", "%00", "*",
           "nan", "postgresql://me:geheim@h:54x2/d", "postgresql://me:geheim@[::1/d",
           "postgresql://h/d?nope=1", "postgresql://h/%00",
           "postgresql://h/d?connect_timeout=soon", "postgresql://h/d?port")  # fmt: skip
VARIABLES = sorted(
    name
    for name in set(re.findall(r"\bQUANHENG_[A-Z_]+[A-Z]\b", RUN_A_PROVINCE.read_text()))
    | {"DATABASE_URL", "PORT"}
    if name not in {"QUANHENG_SECRET_KEY"}
)


@pytest.mark.parametrize("name", VARIABLES)
def test_whatever_a_variable_holds_it_is_taken_or_refused_with_its_name(
    name: str, bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a data directory can have any name
    for value in HOSTILE:
        monkeypatch.setenv(name, value)
        try:
            read_environment()
        except ConfigurationMissing as refusal:
            said = str(refusal)
            assert name in said
            assert name != "DATABASE_URL" or "geheim" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUANHENG_LOG_LEVEL", "LOUD"), ("QUANHENG_LISTEN", "everywhere"), ("QUANHENG_HOSTS", "*"),
        ("QUANHENG_HOSTS", "https://office.example"), ("QUANHENG_HOSTS", "office.example:443"),
        ("QUANHENG_TRUSTED_PROXIES", "proxy"), ("QUANHENG_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("QUANHENG_PUBLIC_URL", "scan.example"), ("QUANHENG_DEMO", "yes"), ("QUANHENG_ALARM_MAIL", "duty"),
        ("QUANHENG_SANDBOX_URL", "sandbox"),
        ("QUANHENG_LOG_WITNESSES", "somebody"), ("QUANHENG_LOG_LIMIT_HOURS", "soon"),
        ("QUANHENG_OIDC_SERVER", "http://idp.example"),
        ("DATABASE_URL", "postgresql://me:pass@word/5@h/d"), ("DATABASE_URL", "postgresql://h:x/d"),
    ],
)  # fmt: skip
def test_up_says_in_one_sentence_what_to_set_instead(name: str, value: str, tmp_path: Path) -> None:
    refused = quanheng("up", env=environment(tmp_path, PORT=str(free_port()), **{name: value}))
    assert refused.returncode == 2
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr


def test_every_variable_is_told_in_the_how_to() -> None:
    read = {
        name
        for file in (Path(__file__).parents[2] / "src/quanheng").rglob("*.py")
        for name in re.findall(r"\"(QUANHENG_[A-Z_]+)\"", file.read_text())
    }
    told = set(re.findall(r"QUANHENG_[A-Z_]+", RUN_A_PROVINCE.read_text()))
    inner = {"QUANHENG_PROCESS", "QUANHENG_DATABASE_ROLE"}  # set by the platform for its own children
    assert read - told - inner == set()


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ConfigurationMissing, match="PORT is"):
        read_environment()


def test_a_development_key_is_made_once_random_and_for_us_alone(bare: Path) -> None:
    first = read_environment().secret_key
    assert len(first) >= 50
    assert read_environment().secret_key == first
    assert (bare / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in bare.iterdir()] == ["secret-key"]
    (bare / "secret-key").unlink()
    assert read_environment().secret_key != first


def test_a_data_directory_that_cannot_be_written_is_refused(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.write_text("a file stands where the directory should be")
    with pytest.raises(ConfigurationMissing, match="Set QUANHENG_DATA_DIR"):
        read_environment()


def test_up_on_a_data_directory_that_cannot_be_written_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    refused = quanheng("up", env=environment(tmp_path / "var", QUANHENG_SECRET_KEY="k" * 50))
    assert refused.returncode == 2
    assert "Set QUANHENG_DATA_DIR" in refused.stderr


def test_up_on_a_database_that_does_not_answer_says_what_to_set(tmp_path: Path) -> None:
    nowhere = f"postgresql://clerk:secret-word@127.0.0.1:{free_port()}/ledger"
    refused = quanheng("up", env=environment(tmp_path, DATABASE_URL=nowhere, PORT=str(free_port())))
    assert refused.returncode == 2
    assert "Set DATABASE_URL to" in refused.stderr
    assert "secret-word" not in refused.stderr


SECRET, SENDER = "sixteen letters!", "office@example.cn"


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://sms.example.cn/send", "too short"), ("http://sms.example.cn/", SECRET),
        ("http://127.0.0.1.example.cn/", SECRET), ("http://127.0.0.1@example.cn/", SECRET),
        ("https://", SECRET), ("https://sms.example.cn:port/", SECRET), ("sms.example.cn", SECRET),
    ],
)  # fmt: skip
def test_a_gateway_that_cannot_be_right_is_refused(
    url: str, secret: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANHENG_SMS_URL", url)
    monkeypatch.setenv("QUANHENG_SMS_SECRET", secret)
    with pytest.raises(ConfigurationMissing, match="QUANHENG_SMS_SECRET"):
        read_environment()


@pytest.mark.parametrize(
    ("url", "sender"),
    [("mail.example.cn", SENDER), ("https://mail.example.cn", SENDER), ("smtp://", SENDER),
     ("smtp://mail.example.cn", ""), ("smtp://mail.example.cn:mail", SENDER)],
)  # fmt: skip
def test_a_mail_server_that_cannot_be_right_is_refused(
    url: str, sender: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANHENG_MAIL_URL", url)
    monkeypatch.setenv("QUANHENG_MAIL_FROM", sender)
    with pytest.raises(ConfigurationMissing, match="QUANHENG_MAIL_FROM"):
        read_environment()


def test_providers_that_can_be_right_are_kept(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (read_environment().sms_url, read_environment().mail_url) == ("", "")
    monkeypatch.setenv("QUANHENG_SMS_URL", "http://127.0.0.1:8081/sms")
    monkeypatch.setenv("QUANHENG_SMS_SECRET", SECRET)
    monkeypatch.setenv("QUANHENG_MAIL_URL", "smtp://office:secret@mail.example.cn:587")
    monkeypatch.setenv("QUANHENG_MAIL_FROM", SENDER)
    kept = read_environment()
    assert (kept.sms_url, kept.mail_from) == ("http://127.0.0.1:8081/sms", SENDER)


@pytest.mark.parametrize("url", ["mysql://somewhere/ledger", "postgresql://somewhere", "ledger"])
def test_a_command_on_something_else_than_postgresql_says_what_to_set(tmp_path: Path, url: str) -> None:
    refused = quanheng("migrate", env=environment(tmp_path, DATABASE_URL=url))
    assert refused.returncode == 2
    assert "DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.django_db
def test_a_postgresql_older_than_what_we_test_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST", 99)
    with pytest.raises(NotPossible, match="99 or later is needed"):
        database.check(os.environ["DATABASE_URL"])


def test_what_is_shown_of_a_database_has_no_password() -> None:
    assert database.without_password("postgresql://me:secret@db:5432/ledger") == "db:5432/ledger"
    assert database.without_password("postgresql://me:secret@/ledger?host=%2Frun") == "local socket/ledger"


def test_without_a_command_it_lists_them(tmp_path: Path) -> None:
    listed = quanheng("--help", env=environment(tmp_path))
    assert listed.returncode == 0
    assert "  up " in listed.stdout
    assert "  migrate " in listed.stdout


def test_an_unknown_command_fails(tmp_path: Path) -> None:
    refused = quanheng("weigh-everything", "--help", env=environment(tmp_path))
    assert refused.returncode != 0
    assert "weigh_everything" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [["log", "key"], ["log", "verify", "act.tlog-proof", "--key", "k"], ["version"], ["check"], ["help"],
     ["import-ledger", "--help"], ["evaluate", "deadline", "no-such-file.json"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_command_that_needs_no_installation_makes_none_where_it_runs(
    words: list[str], tmp_path: Path
) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    quanheng(*words, cwd=tmp_path, env=kept)
    assert list(tmp_path.iterdir()) == []


def test_the_key_of_a_log_that_is_elsewhere_is_not_made_up(tmp_path: Path) -> None:
    said = quanheng("log", "key", env=environment(tmp_path / "var"))
    assert said.returncode != 0
    assert f"There is no public log in {tmp_path / 'var'}" in said.stderr
    assert "QUANHENG_DATA_DIR" in said.stderr
