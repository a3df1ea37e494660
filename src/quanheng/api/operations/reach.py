"""What a key can do and where: the first question of every program."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router

from quanheng.api.cursors import page_of
from quanheng.api.operations.declaring import Paging, holder_of, reads
from quanheng.api.schemas.reach import AreaPage, WhoamiOut
from quanheng.apps.accounts.area_queries import areas_in, code_of
from quanheng.apps.accounts.demonstration import is_demonstration
from quanheng.apps.accounts.enums import AreaLevel, KeyScope

router = Router(tags=["reach"])


@router.get(
    "/whoami",
    **reads(
        KeyScope.READ_LEDGER,
        WhoamiOut,
        gettext_noop("密钥的权限和范围"),
        gettext_noop("密钥所属的岗位、可办事项和可见范围。"),
    ),
)
def whoami(request: HttpRequest) -> WhoamiOut:
    holder = holder_of(request)
    actor = holder.actor
    return WhoamiOut(
        key_id=holder.key_id, role=actor.role, role_name=str(actor.role.label) if actor.role else "",
        area_code=code_of(actor.area_id), entity_id=actor.scope.entity_id, scopes=sorted(holder.scopes),
        per_minute=holder.per_minute, demonstration=is_demonstration(),
    )  # fmt: skip


class AreaFilters(Paging):
    """Which divisions."""

    under: str | None = Field(None, pattern=r"^\d{2,12}$", description=gettext_noop("上级区划代码，含其下辖"))
    level: AreaLevel | None = Field(None, description=gettext_noop("1 省、2 市、3 县、4 乡镇街道"))


@router.get(
    "/areas",
    **reads(
        KeyScope.READ_LEDGER,
        AreaPage,
        gettext_noop("行政区划"),
        gettext_noop("现行的行政区划，按代码顺序；器具和主体的 area_code 即其代码。"),
    ),
)
def list_areas(request: HttpRequest, filters: Query[AreaFilters]) -> dict[str, Any]:
    rows = areas_in(filters.under, filters.level, on=timezone.localdate())
    return page_of(request, rows, cursor=filters.cursor, limit=filters.limit)
