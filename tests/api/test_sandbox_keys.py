"""Keys of the sandbox: the same every day, everybody's to read, and good for invented data alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.models import Act
from quanheng.demo.management.commands import sandbox_keys
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor
from tests.factories.people import mark_as_demonstration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.IS_DEMO = tmp_path, True


def enter_people(monkeypatch: pytest.MonkeyPatch) -> None:
    people = {name: make_actor() for name in sandbox_keys.HOLDERS}
    people["xitong"] = make_actor(Role.SYSTEM_ADMINISTRATOR)
    monkeypatch.setattr(sandbox_keys, "actor", people.__getitem__)


def tokens(folder: Path) -> list[str]:
    return [row["token"] for row in json.loads((folder / "sandbox-keys.json").read_text("utf-8"))]


def whoami(token: str) -> Any:
    return Client().get("/api/v1/whoami", headers={"Authorization": f"Bearer {token}"})


def test_they_open_the_sandbox_say_so_and_stay_good_overnight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_as_demonstration()
    enter_people(monkeypatch)
    call_command("sandbox_keys")
    first = tokens(tmp_path)
    assert all(token.startswith("qh_sandbox") for token in first)
    assert whoami(first[0]).json()["demonstration"] is True
    with acting_in(EVERYTHING):
        assert {act.verb for act in Act.objects.unscoped()} == {"key_issued"}
        ApiKey.objects.all().delete()  # the night
    assert whoami(first[0]).status_code == 401
    call_command("sandbox_keys")
    call_command("sandbox_keys")
    assert tokens(tmp_path) == first
    assert whoami(first[0]).status_code == 200
    page = Client().get("/api/").content.decode()
    assert all(token in page for token in first)


def test_a_database_of_an_office_gets_none_and_knows_none(
    tmp_path: Path, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter_people(monkeypatch)
    with pytest.raises(CommandError, match="演示数据库"):
        call_command("sandbox_keys")
    assert not ApiKey.objects.exists()
    assert program(make_actor()).get("/whoami").json()["demonstration"] is False
    refused = whoami("qh_sandbox1_abc")
    assert (refused.status_code, refused.json()["code"]) == (401, "unknown_key")
    assert "沙箱" in refused.json()["detail"]
    (tmp_path / "sandbox-keys.json").write_text('[{"token": "qh_sandbox1_abc", "role": "inspector"}]')
    assert "qh_sandbox1_abc" not in Client().get("/api/").content.decode()


def test_who_issues_keys_is_led_to_the_sandbox(settings: Any, client: Client) -> None:
    assert "沙箱" not in client.get("/api/").content.decode()
    settings.SANDBOX_URL = "https://sandbox.example"
    assert "https://sandbox.example/api/" in client.get("/api/").content.decode()
