"""What the platform for scales sends, and what is kept of it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.models import Area
from quanheng.apps.exchange.enums import Content, Direction, EventKind, EventState
from quanheng.apps.exchange.models import ExchangeRun, PlatformEvent, TamperAlarm
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState

CREDIT_CODE = "91510104DHW10JW793"
HEADINGS = (
    "平台器具码", "统一社会信用代码", "器具名称", "出厂编号", "油枪号", "生产厂家", "证书编号", "检定机构",
    "检定类别", "检定依据", "检定日期", "有效期至", "检定结论", "失效日期",
)  # fmt: skip


def delivery(*events: Any, **more: Any) -> bytes:
    """Return the body of a message with these events."""
    return json.dumps({"events": list(events)} | more, ensure_ascii=False).encode()


def make_run(area: Area, direction: Direction, **fields: Any) -> ExchangeRun:
    """Make a finished run that exported the ledger, or imported results."""
    facts: dict[str, Any] = {
        "content": Content.LEDGER if direction == Direction.OUT else Content.RESULTS,
        "state": TaskState.DONE, "requested_at": timezone.now(), "finished_at": timezone.now(), "rows": 1,
        "mapping": "exchange/ecqs 2026", "file_name": "结果.csv",
    }  # fmt: skip
    with acting_in(EVERYTHING):
        return ExchangeRun.objects.unscoped().create(area=area, direction=direction, **facts | fields)


def make_event(scale: Instrument, **fields: Any) -> PlatformEvent:
    """Make an event of a scale, or one that waits where it says so."""
    now = timezone.now()
    facts: dict[str, Any] = {
        "kind": EventKind.LOCKED, "state": EventState.ENTERED, "instrument": scale, "area": scale.area,
        "happened_at": now, "counted_at": now, "received_at": now, "tried_at": now, "raw": {},
    }  # fmt: skip
    if fields.get("state") == EventState.QUARANTINED:
        facts["instrument"] = None
    with acting_in(EVERYTHING):
        number = f"E{PlatformEvent.objects.unscoped().count() + 1}"
        return PlatformEvent.objects.unscoped().create(**facts | {"event_id": number} | fields)


def make_alarm(scale: Instrument, **fields: Any) -> TamperAlarm:
    """Make an alarm that nobody has looked at; ``detail`` is that of its event."""
    event = make_event(scale, kind=EventKind.ALARM, detail=fields.pop("detail", "开壳"))
    with acting_in(EVERYTHING):
        return TamperAlarm.objects.unscoped().create(event=event, instrument=scale, area=scale.area, **fields)


def ecqs_result(**cells: str) -> dict[str, str]:
    """Return a row as e-CQS tells a passed verification of the scale."""
    told = {
        "统一社会信用代码": CREDIT_CODE, "器具名称": "电子计价秤",
        "出厂编号": "SN1", "生产厂家": "衡器厂", "证书编号": "川5101字001",
        "检定机构": "成都市计量检定测试院", "检定类别": "后续检定", "检定依据": "JJG 539-2016",
        "检定日期": "2026-11-02", "有效期至": "2027-11-01", "检定结论": "合格",
    }  # fmt: skip
    return told | cells


def ecqs_sheet(*rows: dict[str, str], headings: tuple[str, ...] = HEADINGS, encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return out.getvalue().encode(encoding)
