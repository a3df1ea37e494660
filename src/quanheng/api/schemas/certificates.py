"""Certificates that the platform's institutes issued."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import CHANGED_AT, TOTAL, CountedPageOut, Instant, shown
from quanheng.apps.certificates.enums import CertificateState, DocumentKind

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import Certificate

CERTIFICATE = {
    "id": 310,
    "number": "川检2026001",
    "kind": "certificate",
    "state": "valid",
    "is_void": False,
    "instrument_id": 1024,
    "serial_number": "SN0001",
    "institute": "成都市计量检定测试院",
    "area_code": "510104000000",
    "issued_at": "2026-01-02T09:00:00+08:00",
    "valid_until": "2026-12-31",
    "changed_at": "2026-01-02T09:00:00+08:00",
    "replaced_by_id": None,
    "version": 1,
    "public_url": "/c/7K3M9Q2XRT4W/%E5%B7%9D%E6%A3%802026001",
}


class CertificateOut(Schema):
    """A certificate or failure notice. Who verified, checked and approved stands in its document."""

    model_config = shown(CERTIFICATE)
    id: int
    number: str = Field(description=gettext_noop("证书编号"))
    kind: DocumentKind
    state: CertificateState
    is_void: bool = Field(description=gettext_noop("证书如实，但其检定已因铅封破损、启封、送修等不再作数"))
    instrument_id: int
    serial_number: str = Field(description=gettext_noop("出厂编号"))
    institute: str
    area_code: str = Field(description=gettext_noop("行政区划代码"))
    issued_at: Instant
    valid_until: date | None = Field(description=gettext_noop("证书所载有效期至；没有的为空"))
    replaced_by_id: int | None = Field(description=gettext_noop("换发的新证书"))
    version: int | None = Field(description=gettext_noop("最新版本，从 1 起"))
    changed_at: Instant = Field(description=CHANGED_AT)
    public_url: str = Field(
        description=gettext_noop("公开查验页；其后加 /1.pdf、/1.xml（DCC）、/1.json 为第 1 版的文件")
    )

    @staticmethod
    def resolve_changed_at(row: Any) -> Any:
        return row.told_at

    @staticmethod
    def resolve_institute(row: Certificate) -> str:
        return row.institute.name

    @staticmethod
    def resolve_area_code(row: Certificate) -> str:
        return row.area.code

    @staticmethod
    def resolve_public_url(row: Certificate) -> str:
        return f"/c/{row.public_code}/{quote(row.number, safe='')}"

    @staticmethod
    def resolve_valid_until(row: Any) -> str | None:
        until: str | None = row.valid_until
        return until


class CertificatePage(CountedPageOut):
    """Certificates, oldest first."""

    model_config = shown({"items": [CERTIFICATE], "next": None, "next_cursor": None, "total": TOTAL})
    items: list[CertificateOut]
