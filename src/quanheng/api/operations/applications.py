"""约检: what has to be verified, applying for it, and where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Status

from quanheng.api.cursors import order_of, page_of
from quanheng.api.operations.changes import SincePaging, may_be_gone, only_changed
from quanheng.api.operations.declaring import Counting, Paging, holder_of, reads, sorting, writes
from quanheng.api.schemas.applications import (
    ApplicationIn,
    ApplicationOut,
    ApplicationPage,
    ApplicationsOut,
    LinePage,
)
from quanheng.api.schemas.instruments import InstrumentPage
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.queries.due import DUE_WITHIN, due_by, to_be_verified
from quanheng.apps.certificates.queries.lines import applications_for, lines_for
from quanheng.apps.certificates.services.apply_for_verification import Wish, apply_for_verification
from quanheng.apps.changes.enums import ChangeKind

router = Router(tags=["applications"])


class DueFilters(Paging, Counting):
    """By when, and what of it."""

    by: date | None = Field(None, description=gettext_noop("最迟到这一天须检定的；不填为 60 天内"))
    unapplied: bool = Field(False, description=gettext_noop("为 true 时只列还须申请检定的整机"))


@router.get(
    "/due",
    **reads(
        KeyScope.READ_LEDGER, InstrumentPage, gettext_noop("到期与超期"),
        gettext_noop("到某一天须检定的器具：即将到期、超期未检、未经检定、检定不合格；与网页“到期与超期”一"
            "致。"),
    ),
)  # fmt: skip
def list_due(request: HttpRequest, filters: Query[DueFilters]) -> dict[str, Any]:
    day = filters.by or timezone.localdate() + DUE_WITHIN
    found = due_by if filters.unapplied else to_be_verified
    rows = found(holder_of(request).actor, day).select_related("item", "area")
    return page_of(request, rows, cursor=filters.cursor, limit=filters.limit, totals=filters.totals)


class ApplicationFilters(SincePaging, Counting):
    """Filters of the list; they narrow it down together."""

    entity_id: int | None = Field(None, description=gettext_noop("申请单位"))
    number: str | None = Field(None, max_length=24, description=gettext_noop("申请编号"))
    sort: str = sorting("id")


@router.get(
    "/applications",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER, ApplicationPage, gettext_noop("检定申请列表"),
            gettext_noop("密钥范围内的检定申请；检定机构的密钥只列出向本机构提出的。"),
        )
    ),
)  # fmt: skip
def list_applications(request: HttpRequest, filters: Query[ApplicationFilters]) -> dict[str, Any]:
    actor = holder_of(request).actor
    exact = filters.dict(include={"entity_id", "number"}, exclude_none=True)
    rows = applications_for(actor).filter(**exact)
    rows = only_changed(rows, ChangeKind.APPLICATION, filters.changed_since, actor)
    order = order_of(rows, filters.sort, actor)
    return page_of(
        request, rows, cursor=filters.cursor, limit=filters.limit, order=order, totals=filters.totals
    )


@router.get(
    "/applications/{int:application_id}",
    **reads(
        KeyScope.READ_LEDGER, ApplicationOut, gettext_noop("一份检定申请"),
        gettext_noop("申请单位、检定机构和期望日期；各台器具办到哪一步，见 GET /api/v1/verification-lines。"),
    ),
)  # fmt: skip
def get_application(request: HttpRequest, application_id: int) -> Any:
    row = applications_for(holder_of(request).actor).filter(pk=application_id).first()
    if row is None:
        raise refusals.APPLICATION_NOT_FOUND()
    return row


@router.post(
    "/applications",
    **writes(
        KeyScope.WRITE_LEDGER, ApplicationsOut, gettext_noop("申请检定"),
        gettext_noop(
            "为一批器具申请检定，自动分到有权检定的机构，每个机构一份申请；有一台不能申请，则全部不申请。"
        ),
    ),
)  # fmt: skip
def apply(request: HttpRequest, body: ApplicationIn) -> Any:
    actor = holder_of(request).actor
    wish = Wish(body.place_of_work, body.wanted_on, body.remarks)
    made = apply_for_verification(instrument_ids=body.instrument_ids, wish=wish, by=actor, at=timezone.now())
    rows = applications_for(actor).filter(pk__in=[row.pk for row in made])
    return Status(201, {"items": rows.order_by("pk")})


class LineFilters(Paging, Counting):
    """Filters of the list; they narrow it down together."""

    application_id: int | None = None
    instrument_id: int | None = None
    state: list[LineState] = Field([], description=gettext_noop("可以写几个：state=a&state=b"))


@router.get(
    "/verification-lines",
    **reads(
        KeyScope.READ_LEDGER, LinePage, gettext_noop("检定进度"),
        gettext_noop("检定申请中的每台器具和办理环节；录入检定结果使用此处的编号。"),
    ),
)  # fmt: skip
def list_verification_lines(request: HttpRequest, filters: Query[LineFilters]) -> dict[str, Any]:
    exact = filters.dict(include={"application_id", "instrument_id"}, exclude_none=True)
    # An application is its applicant's: a stall sees the line of its scale without the market's application.
    rows = lines_for(holder_of(request).actor).select_related(None).select_related("instrument", "institute")
    rows = rows.filter(**exact)
    if filters.state:
        rows = rows.filter(state__in=filters.state)
    return page_of(request, rows, cursor=filters.cursor, limit=filters.limit, totals=filters.totals)
