"""A ledger spreadsheet through the API: sent, read, confirmed; once, whatever the network does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.enums import ImportStage, RowAction
from quanheng.apps.instruments.models import ImportRow, ImportRun
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_import_run

pytestmark = pytest.mark.django_db

SHEET = "序号,器具名称,型号规格,出厂编号,制造厂\n1,电子计价秤,ACS-30,K001,衡器厂\n电子计价秤,ACS-30,,衡器厂\n"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def send(system: Any, text: str = SHEET, name: str = "台账.csv", key: str = "k", **fields: Any) -> Any:
    file = SimpleUploadedFile(name, text.encode())
    headers = {"Authorization": f"Bearer {system.token}", "Idempotency-Key": key}
    return system.client.post("/api/v1/imports", {"file": file, **fields}, headers=headers)


def test_a_market_sends_its_ledger_and_watches_it(program: Any) -> None:
    market = make_entity(kind="market_operator")
    system = program(make_actor(Role.MARKET_OPERATOR, entity=market))
    sent = send(system)
    assert sent.status_code == 202, sent.content.decode()
    assert sent["Location"] == f"/api/v1/imports/{sent.json()['id']}"
    watched = system.get(f"/imports/{sent.json()['id']}").json()
    assert (watched["state"], watched["entity_id"], watched["file_name"]) == (
        "uploaded",
        market.pk,
        "台账.csv",
    )


def test_a_file_that_is_sent_twice_opens_one_run(program: Any) -> None:
    system = program(make_actor(Role.MARKET_OPERATOR))
    assert send(system).content == send(system).content
    other = send(system, SHEET + "台秤,TCS,K3,衡器厂\n")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    with acting_in(EVERYTHING):
        assert ImportRun.objects.unscoped().count() == 1


def test_a_file_of_another_kind_is_refused(program: Any) -> None:
    system = program(make_actor(Role.MARKET_OPERATOR))
    answer = send(system, name="台账.pdf")
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_kind_of_file")
    missing = system.post("/imports", {})
    assert missing.json()["errors"][0] == {"field": "file", "message": "必填，请补上"}


def test_only_a_previewed_run_is_confirmed(program: Any) -> None:
    county = make_area()
    system = program(make_actor(area=county))
    waiting = make_import_run(area=county, stage=ImportStage.PREVIEW)
    confirmed = system.post(f"/imports/{waiting.pk}/confirm", {})
    assert (confirmed.status_code, confirmed.json()["state"]) == (202, "committing")
    again = system.post(f"/imports/{waiting.pk}/confirm", {})
    assert (again.status_code, again.json()["code"]) == (409, "not_in_preview")


def test_another_countys_run_is_not_there(program: Any) -> None:
    county = make_area()
    run = make_import_run(area=make_area(parent=county.parent))
    system = program(make_actor(area=county))
    for path in (f"/imports/{run.pk}", f"/imports/{run.pk}/rows"):
        assert system.get(path).status_code == 404
    assert system.post(f"/imports/{run.pk}/confirm", {}).status_code == 404


def test_rows_say_what_is_wrong_but_quote_no_person(program: Any) -> None:
    from quanheng.apps.accounts.enums import KeyScope

    county = make_area()
    run = make_import_run(area=county)
    for position, fields, reason in (
        (1, ["serial_number"], "编号重复"),
        (2, ["phone"], "138 不是号码"),
    ):
        row = {"run": run, "position": position, "number": position, "fields": fields, "reason": reason}
        with acting_in(EVERYTHING):
            ImportRow.objects.create(action=RowAction.REJECTED, **row)
    actor = make_actor(area=county)
    path = f"/imports/{run.pk}/rows"
    plain = program(actor, KeyScope.READ_LEDGER).get(path).json()["items"]
    assert [row["reason"] for row in plain] == ["编号重复", None]
    cleared = program(actor).get(path, {"action": "rejected"}).json()["items"]
    assert cleared[1]["reason"] == "138 不是号码"
    assert program(actor).get(path, {"action": "new"}).json()["items"] == []
