"""What changed since (ADR 0034): a feed in the order of commits, and lists of what changed alone."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from quanheng.api.cursors import LARGEST_PAGE, PAGE
from quanheng.api.operations.declaring import Paging, holder_of, reads
from quanheng.api.schemas.changes import ChangePage
from quanheng.api.schemas.common import ProblemOut
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.changes.queries.feed import changes_since, rows_changed
from quanheng.apps.changes.told import as_told

router = Router(tags=["changes"])
Rows = TypeVar("Rows", bound="QuerySet[Any]")


def may_be_gone(declared: dict[str, Any]) -> dict[str, Any]:
    """Add to the declaration of an operation that the position it is asked from may be gone: 410."""
    return declared | {"response": declared["response"] | {410: ProblemOut}}


SINCE = gettext_noop("上次的 cursor 或带时区的时刻；只列此后有变更的。移出和删除的见 GET /api/v1/changes")


class SincePaging(Paging):
    """How much of a list, from where, and since when."""

    changed_since: str = Field("", max_length=400, description=SINCE)


class ChangeFilters(Schema):
    """From where, of what and how much."""

    since: str = Field(
        "",
        max_length=400,
        description=gettext_noop("上次返回的 cursor，或带时区的时刻；不填则不返回变更，只返回当前的 cursor"),
    )
    kind: list[ChangeKind] = Field([], description=gettext_noop("只要这些对象；可重复，不填为全部"))
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = Field(
        PAGE, description=gettext_noop("每页条数，1 至 1000")
    )


@router.get(
    "/changes",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            ChangePage,
            gettext_noop("变更记录"),
            gettext_noop(
                "密钥范围内自 since 起的变更，按提交顺序：晚提交的不会遗漏，已读的不会重复。"
                "先不带 since 取得 cursor，再全量读取，此后用 cursor 接着读；位置已失效的返回 410。"
            ),
        )
    ),
)
def list_changes(request: HttpRequest, filters: Query[ChangeFilters]) -> dict[str, Any]:
    by = holder_of(request).actor
    page = changes_since(filters.since, filters.kind, by, limit=filters.limit)
    query = request.GET.copy()
    query["since"] = page.cursor
    return {
        "items": [as_told(told) for told in page.items],
        "cursor": page.cursor,
        "next": request.build_absolute_uri(f"{request.path}?{query.urlencode()}"),
        "has_more": page.has_more,
    }


def only_changed(rows: Rows, kind: ChangeKind, since: str, by: Actor) -> Rows:
    """Keep what changed since a cursor or an instant, where one is named."""
    return rows.filter(pk__in=rows_changed(since, kind, by).values("row_id")) if since else rows
