"""A day's work of a client that was generated from the committed description alone."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.api.generated import Generated
from tests.factories import make_actor, make_entity, make_instrument, make_item

SHEET = "器具名称,出厂编号,制造厂,库房备注码\n电子计价秤,G-1,衡器厂,甲\n电子计价秤,G-2,衡器厂,乙\n"


def key() -> str:
    return str(uuid.uuid4())


def test_the_generator_leaves_no_operation_out(library: str) -> None:
    assert library == ""


@pytest.mark.django_db
def test_it_pages_registers_corrects_files_and_breaks_a_seal(library: str, program: Any) -> None:
    entity = make_entity()
    make_item("digital-indicating-scale")
    for _ in range(5):
        make_instrument(entity)
    client = Generated(program(make_actor(Role.INSTRUMENT_USER, entity=entity)).token)

    me = client("reach", "whoami").parsed
    assert (me.entity_id, str(me.role)) == (entity.pk, "instrument_user")
    seen, cursor = [], ""
    while True:
        page = client("instruments", "list_instruments", limit=2, cursor=cursor).parsed
        seen += [row.id for row in page.items]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == 5

    body = client.model("InstrumentIn")(
        entity_id=entity.pk, item="digital-indicating-scale", name="电子计价秤", serial_number="G-9",
        manufacturer="衡器厂", software_version="V2", max_capacity_g="30000",
    )  # fmt: skip
    once = key()
    made = client("instruments", "register_instrument", body=body, idempotency_key=once)
    again = client("instruments", "register_instrument", body=body, idempotency_key=once)
    assert (made.status_code, again.parsed.id) == (201, made.parsed.id)
    assert again.headers["Idempotency-Replayed"] == "true"

    change = client.model("InstrumentChanges")(model="ACS-15")
    corrected = client(
        "instruments", "correct_instrument", made.parsed.id, body=change, idempotency_key=key(),
        if_match=made.headers["ETag"],
    ).parsed  # fmt: skip
    assert (corrected.model, corrected.software_version, corrected.manufacturer) == ("ACS-15", "V2", "衡器厂")
    assert corrected.max_capacity_g == "30000"

    ids = client.model("FilingIn")(instrument_ids=[made.parsed.id])
    assert client("filings", "submit_filing", body=ids, idempotency_key=key()).parsed.submitted == 1
    back = client.model("FiledIn")(instrument_ids=[made.parsed.id])
    assert client("filings", "withdraw_filings", body=back, idempotency_key=key()).parsed.instruments == 1
    gone = client("instruments", "delete_draft", made.parsed.id, idempotency_key=key())
    assert (gone.status_code, gone.parsed.deleted) == (200, made.parsed.id)


@pytest.mark.django_db(transaction=True)
def test_it_imports_a_sheet_with_an_unknown_column_to_its_end_and_takes_it_back(
    library: str, program: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    with acting_in(EVERYTHING):
        entity = make_entity()
        make_item("digital-indicating-scale", name="非自动衡器", synonyms=["电子计价秤"])
        client = Generated(program(make_actor(Role.INSTRUMENT_USER, entity=entity)).token)

    def standing(import_id: int) -> Any:
        resume_run(import_id, at=timezone.now())
        return client("imports", "get_import", import_id).parsed

    file = client.types.File(payload=io.BytesIO(SHEET.encode()), file_name="台账.csv", mime_type="text/csv")
    upload = client.model(next(name for name in dir(client.models) if name.endswith("Params")))(file=file)
    sent = client("imports", "upload_import", body=upload, idempotency_key=key())
    assert sent.status_code == 202, sent.content.decode()
    run = standing(sent.parsed.id)
    assert (str(run.state), [question.header for question in run.questions]) == (
        "needs_columns",
        ["库房备注码"],
    )

    answer = client.model("ColumnsIn").from_dict({"columns": {"库房备注码": None}})
    wrong = client.model("ColumnsIn").from_dict({"columns": {"库房备注码": "shelf"}})
    refused = client("imports", "answer_import_columns", run.id, body=wrong, idempotency_key=key())
    assert (refused.status_code, refused.parsed.errors[0].field) == (422, "columns.库房备注码")
    client("imports", "answer_import_columns", run.id, body=answer, idempotency_key=key())
    run = standing(run.id)
    assert (str(run.state), run.rows_read, run.rows_rejected) == ("preview", 2, 0)
    assert run.columns.to_dict()["serial_number"] == ["出厂编号"]

    client("imports", "confirm_import", run.id, idempotency_key=key())
    run = standing(run.id)
    assert (str(run.state), run.rows_new) == ("done", 2)
    made = client("instruments", "list_instruments", import_id=run.id).parsed.items
    assert {row.serial_number for row in made} == {"G-1", "G-2"}

    undone = client.model("UndoIn")(reason="传错文件")
    client("imports", "undo_import", run.id, body=undone, idempotency_key=key())
    assert str(standing(run.id).state) == "undone"
    with acting_in(EVERYTHING):
        assert not Instrument.objects.unscoped().exists()
    listed = client("imports", "list_imports").parsed.items
    assert [row.id for row in listed] == [run.id]
