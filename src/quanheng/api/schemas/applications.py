"""Applications for verification (约检), and where each of their instruments stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import CHANGED_AT, TOTAL, CountedPageOut, Instant, shown, strict
from quanheng.apps.certificates.enums import HalfDay, LineState, PlaceOfWork

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import Application, ApplicationLine

APPLICATION = {
    "id": 41,
    "number": "YJ2611307K3M9Q2X",
    "entity_id": 7,
    "institute": "成都市计量检定测试院",
    "area_code": "510105000000",
    "place_of_work": "on_site",
    "wanted_on": "2026-12-07",
    "remarks": "",
    "applied_at": "2026-11-30T09:00:00+08:00",
    "changed_at": "2026-11-30T09:00:00+08:00",
}


class ApplicationOut(Schema):
    """An application of one entity to one institute; its instruments are its verification lines."""

    model_config = shown(APPLICATION)
    id: int
    number: str = Field(description=gettext_noop("申请编号"))
    entity_id: int = Field(description=gettext_noop("申请单位"))
    institute: str
    area_code: str = Field(description=gettext_noop("行政区划代码"))
    place_of_work: PlaceOfWork
    wanted_on: date = Field(description=gettext_noop("期望日期"))
    remarks: str
    applied_at: Instant
    changed_at: Instant = Field(description=CHANGED_AT)

    @staticmethod
    def resolve_institute(row: Application) -> str:
        return row.institute.name

    @staticmethod
    def resolve_area_code(row: Application) -> str:
        return row.area.code


class ApplicationPage(CountedPageOut):
    """Applications, oldest first."""

    model_config = shown({"items": [APPLICATION], "next": None, "next_cursor": None, "total": TOTAL})
    items: list[ApplicationOut]


class ApplicationsOut(Schema):
    """What an application became: one for each institute and applicant."""

    model_config = shown({"items": [APPLICATION]})
    items: list[ApplicationOut]


class ApplicationIn(Schema):
    """Instruments to be verified, all of them or none."""

    model_config = strict(
        {"instrument_ids": [1024, 1025], "place_of_work": "on_site", "wanted_on": "2026-12-07"}
    )
    instrument_ids: list[int] = Field(min_length=1, max_length=1000)
    place_of_work: PlaceOfWork
    wanted_on: date = Field(description=gettext_noop("期望日期"))
    remarks: str = Field("", max_length=300)


LINE = {
    "id": 77,
    "application_id": 41,
    "instrument_id": 1024,
    "serial_number": "SN0001",
    "institute": "成都市计量检定测试院",
    "state": "accepted",
    "booked_for": "2026-12-08",
    "half": "morning",
    "receipt_number": "",
    "return_reason": "",
    "changed_at": "2026-11-30T10:00:00+08:00",
}


class LineOut(Schema):
    """One instrument of an application, on its way to a certificate."""

    model_config = shown(LINE)
    id: int
    application_id: int
    instrument_id: int
    serial_number: str = Field(description=gettext_noop("出厂编号"))
    institute: str
    state: LineState
    booked_for: date | None = Field(description=gettext_noop("预约日期；受理前为空"))
    half: HalfDay
    receipt_number: str = Field(description=gettext_noop("受理编号"))
    return_reason: str
    changed_at: Instant = Field(description=CHANGED_AT)

    @staticmethod
    def resolve_serial_number(row: ApplicationLine) -> str:
        return row.instrument.serial_number

    @staticmethod
    def resolve_institute(row: ApplicationLine) -> str:
        return row.institute.name


class LinePage(CountedPageOut):
    """Verification lines, oldest first."""

    model_config = shown({"items": [LINE], "next": None, "next_cursor": None, "total": TOTAL})
    items: list[LineOut]
