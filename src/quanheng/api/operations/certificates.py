"""Certificates: what the platform's institutes issued, and where their documents are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router

from quanheng.api.cursors import order_of, page_of
from quanheng.api.operations.changes import SincePaging, may_be_gone, only_changed
from quanheng.api.operations.declaring import Counting, holder_of, reads, sorting
from quanheng.api.schemas.certificates import CertificateOut, CertificatePage
from quanheng.apps.accounts.area_queries import interval_of_code
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import CertificateState, DocumentKind
from quanheng.apps.certificates.queries.certificates import listed_certificates, with_number
from quanheng.apps.changes.enums import ChangeKind

router = Router(tags=["certificates"])


class CertificateFilters(SincePaging, Counting):
    """Filters of the list; they narrow it down together."""

    sort: str = sorting("id")

    area: str | None = Field(None, pattern=r"^\d{2,12}$", description=gettext_noop("区划代码，含其下辖"))
    instrument_id: int | None = None
    kind: DocumentKind | None = None
    state: CertificateState | None = None
    number: str | None = Field(
        None, max_length=80, description=gettext_noop("证书编号的开头，或末尾至少三位")
    )


@router.get(
    "/certificates",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            CertificatePage,
            gettext_noop("证书列表"),
            gettext_noop("密钥范围内由本平台检定机构签发的检定证书和检定结果通知书，按编号顺序。"),
        )
    ),
)
def list_certificates(request: HttpRequest, filters: Query[CertificateFilters]) -> dict[str, Any]:
    actor = holder_of(request).actor
    rows = listed_certificates(actor)
    if filters.area is not None:
        first, last = interval_of_code(filters.area)
        rows = rows.filter(area_id__gte=first, area_id__lte=last)
    if filters.number is not None:
        rows = with_number(rows, filters.number)
    exact = filters.dict(include={"instrument_id", "kind", "state"}, exclude_none=True)
    rows = only_changed(rows.filter(**exact), ChangeKind.CERTIFICATE, filters.changed_since, actor)
    order = order_of(rows, filters.sort, actor)
    return page_of(
        request, rows, cursor=filters.cursor, limit=filters.limit, order=order, totals=filters.totals
    )


@router.get(
    "/certificates/{int:certificate_id}",
    **reads(
        KeyScope.READ_LEDGER,
        CertificateOut,
        gettext_noop("一份证书"),
        gettext_noop("证书的状态、器具和公开查验页的地址；各版本的文件在其下。"),
    ),
)
def get_certificate(request: HttpRequest, certificate_id: int) -> Any:
    row = listed_certificates(holder_of(request).actor).filter(pk=certificate_id).first()
    if row is None:
        raise refusals.CERTIFICATE_NOT_FOUND()
    return row
