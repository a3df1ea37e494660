"""What the national systems told the county of the demonstration, and a file that went out and came back."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import area
from quanheng.apps.exchange.enums import Content, EventKind, Finding
from quanheng.apps.exchange.incoming import read_event
from quanheng.apps.exchange.mapping import SCALES, FieldMapping, mapping_of
from quanheng.apps.exchange.queries.events import alarms
from quanheng.apps.exchange.services.export_to_ecqs import start_export
from quanheng.apps.exchange.services.receive_events import receive_events
from quanheng.apps.exchange.services.receive_results import receive_results
from quanheng.apps.exchange.services.resume_run import resume_run
from quanheng.apps.exchange.services.review_alarm import close_alarm, take_up_alarm
from quanheng.apps.exchange.services.runs import files_dir
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.demo.people import actor
from quanheng.kit.scope import EVERYTHING, acting_in

ALARMS = (
    "外壳被打开 12 秒", "标定键在非检定状态下被按下", "外壳被打开 3 秒", "称量数据与主板记录不一致",
)  # fmt: skip
FOUND = "现场开壳查看，铅封完好，为搬动时外壳松动触发；已告知经营者。"


def hear_of_scales(*, at: datetime) -> int:
    """Receive alarms, a lock that was lifted again, and events that nobody can place yet; review two alarms.

    Returns:
        How many events there were: none where the county has too few scales with codes.
    """
    officer, mapping = actor("xian"), mapping_of(SCALES, timezone.localdate(at))
    with acting_in(officer.scope):
        coded = ledger(officer).filter(code__isnull=False, state="in_use", item__category="scale")
        codes = [str(scale.code) for scale in coded.order_by("pk")[: len(ALARMS) + 1]]
    if len(codes) <= len(ALARMS):
        return 0
    place, told = area(officer.area_id or 0), list(_told(codes))
    events = []
    for number, ours in enumerate(told):
        happened_at = at - timedelta(minutes=7 * (len(told) - number))
        ours |= {"id": f"DEMO-{number:03d}", "area_code": place.code if place else ""}
        events.append(read_event(_in_their_words(ours, happened_at, mapping), mapping))
    receive_events(events=events, at=at)
    _review_two(officer, at)
    return len(events)


def _told(codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    for code, words in zip(codes, ALARMS, strict=False):
        yield {"kind": EventKind.ALARM, "code": code, "detail": words}
    yield {"kind": EventKind.LOCKED, "code": codes[-1], "detail": "连续三次输错解锁口令"}
    yield {"kind": EventKind.UNLOCKED, "code": codes[-1], "detail": "维修人员授权解锁"}
    yield {"kind": EventKind.LOCKED, "serial_number": "20269901", "manufacturer": "示例衡器有限公司"}
    yield {"kind": "SELF_TEST", "code": codes[0]}


def _in_their_words(ours: dict[str, Any], happened_at: datetime, mapping: FieldMapping) -> dict[str, Any]:
    names = mapping.names("received")
    ours = ours | {"kind": mapping.word("kind", str(ours["kind"])), "occurred_at": happened_at.isoformat()}
    return {names[field]: value for field, value in ours.items()}


def _review_two(officer: Actor, at: datetime) -> None:
    """One alarm is being looked into, one is closed; the others wait."""
    with acting_in(officer.scope):
        under_review, closed = alarms(officer).order_by("pk")[:2]
        for alarm in (under_review, closed):
            take_up_alarm(alarm_id=alarm.pk, by=officer, at=at)
        close_alarm(alarm_id=closed.pk, finding=Finding.FALSE_ALARM, text=FOUND, by=officer, at=at)


def exchange_files(*, at: datetime) -> None:
    """Export the county's results for e-CQS; take a few back: one with another date, one of no scale."""
    officer = actor("xian")
    with acting_in(EVERYTHING):
        run = start_export(content=Content.RESULTS, kind="csv", by=officer, at=at)
    run = resume_run(run.pk, at=at)
    if not run.file_path:
        return
    with (files_dir() / run.file_path).open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    sheet = _changed(heads, rows[:12])
    with acting_in(EVERYTHING):
        came = receive_results(name="e-CQS检定结果（演示）.csv", chunks=[sheet], by=officer, at=at)
    resume_run(came.pk, at=at)


def _changed(heads: Sequence[str], rows: list[list[str]]) -> bytes:
    if len(rows) > 2:
        rows[1][heads.index("检定日期")] = "2024-02-29"
        rows[2][heads.index("平台器具码")], rows[2][heads.index("出厂编号")] = "", "20269902"
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in [heads, *rows]).encode()
