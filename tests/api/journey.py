"""The day's work of `typescript/journey.ts`, done by the generated Python client; the report is the same."""

from __future__ import annotations

import io
import time
import uuid
from typing import Any

from tests.api.generated import Generated

RESTS = {"needs_columns", "preview", "done", "undone", "refused"}


def key() -> str:
    return str(uuid.uuid4())


class Journey:
    """Two programs, the office's and an entity's, and somebody without a key."""

    def __init__(self, where: dict[str, Any]) -> None:
        self.where = where
        self.office = Generated(where["office_key"], where["url"])
        self.user = Generated(where["user_key"], where["url"])

    def walk(self) -> dict[str, Any]:
        """Do everything, and return what was met."""
        try:
            return self.day()
        finally:
            self.office.close()
            self.user.close()

    def day(self) -> dict[str, Any]:
        role = str(self.user("reach", "whoami").parsed.role)
        cursor = self.office("changes", "list_changes").parsed.cursor
        body = self.office.model("WebhookIn")(url=self.where["receiver"], secret=self.where["secret"])
        webhook = self.office("webhooks", "make_webhook", body=body, idempotency_key=key()).parsed.id
        return {
            "role": role, "webhook": webhook, "seen": self.everything(), "registered": self.registering(),
            "imported": self.importing(), "scanned": self.breaking(), **self.following(cursor),
        }  # fmt: skip

    def everything(self) -> list[int]:
        seen: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.office(
                "instruments", "list_instruments", limit=self.where["limit"], cursor=cursor
            ).parsed
            seen += [row.id for row in page.items]
            cursor = page.next_cursor
        return seen

    def registering(self) -> dict[str, Any]:
        body = self.user.model("InstrumentIn")(
            entity_id=self.where["entity_id"], item="digital-indicating-scale", name="电子计价秤",
            serial_number="J-1", manufacturer="衡器厂", software_version="V2", max_capacity_g="30000",
        )  # fmt: skip
        once = key()
        made = self.user("instruments", "register_instrument", body=body, idempotency_key=once)
        again = self.user("instruments", "register_instrument", body=body, idempotency_key=once)
        number, seen = made.parsed.id, made.headers["ETag"]
        unchanged = self.user("instruments", "get_instrument", number, if_none_match=seen)
        corrected, late = (self.corrected(number, seen, model) for model in ("ACS-15", "ACS-60"))
        ids = self.user.model("FilingIn")(instrument_ids=[number])
        filed = self.user("filings", "submit_filing", body=ids, idempotency_key=key()).parsed
        return {
            "before": made.parsed.to_dict(), "again": again.parsed.id,
            "replayed": again.headers.get("Idempotency-Replayed"), "unchanged": unchanged.status_code.value,
            "after": corrected.parsed.to_dict(), "late": [late.status_code.value, str(late.parsed.code)],
            "submitted": filed.submitted,
        }  # fmt: skip

    def corrected(self, number: int, seen: str, model: str) -> Any:
        body = self.user.model("InstrumentChanges")(model=model)
        return self.user(
            "instruments", "correct_instrument", number, body=body, idempotency_key=key(), if_match=seen
        )

    def standing(self, number: int) -> Any:
        while True:
            run = self.user("imports", "get_import", number).parsed
            if str(run.state) in RESTS:
                return run
            time.sleep(0.1)

    def importing(self) -> dict[str, Any]:
        models = self.user.models
        sheet = io.BytesIO(self.where["sheet"].encode())
        file = self.user.types.File(payload=sheet, file_name="台账.csv", mime_type="text/csv")
        upload = self.user.model(next(name for name in dir(models) if name.endswith("Params")))(file=file)
        number = self.user("imports", "upload_import", body=upload, idempotency_key=key()).parsed.id
        asked = self.standing(number)
        headers = [question.header for question in asked.questions]
        answer = self.user.model("ColumnsIn").from_dict({"columns": dict.fromkeys(headers)})
        self.user("imports", "answer_import_columns", number, body=answer, idempotency_key=key())
        preview = self.standing(number)
        self.user("imports", "confirm_import", number, idempotency_key=key())
        done = self.standing(number)
        made = self.user("instruments", "list_instruments", import_id=number).parsed.items
        undo = self.user.model("UndoIn")(reason="传错文件")
        self.user("imports", "undo_import", number, body=undo, idempotency_key=key())
        return {
            "states": [str(run.state) for run in (asked, preview, done, self.standing(number))],
            "questions": headers, "made": [[row.id, row.serial_number] for row in made],
        }  # fmt: skip

    def breaking(self) -> list[list[str]]:
        seal = self.where["seal"]
        before = self.office("scan", "scan_code", seal["code"]).parsed
        body = self.office.model("SealBreakIn").from_dict(
            {"on": self.where["today"], "reason": "现场检查发现铅封断裂"}
        )
        broken = self.office(
            "seals", "break_seal", seal["instrument_id"], seal["seal_id"], body=body, idempotency_key=key()
        )
        assert broken.status_code == 201, broken.content
        after = self.office("scan", "scan_code", seal["code"]).parsed
        return [[str(answer.grade), str(answer.reason)] for answer in (before, after)]

    def following(self, cursor: str) -> dict[str, Any]:
        followed: list[list[Any]] = []
        more = True
        while more:
            page = self.office("changes", "list_changes", since=cursor, limit=50).parsed
            followed += [[str(told.kind), told.id, str(told.what)] for told in page.items]
            cursor, more = page.cursor, page.has_more
        return {"followed": followed, "cursor": cursor}
