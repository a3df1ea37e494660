"""The list of institutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import INSTITUTE_STAFF, OFFICERS
from quanheng.apps.accounts.queries import institutes
from quanheng.kit.lists import Column, List, Search
from quanheng.web.addresses import page_of

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Agency

READERS = OFFICERS | INSTITUTE_STAFF


class InstituteList(List["Agency"]):
    """Institutes that verify instruments; what they may do is public."""

    key = "institutes"
    title = _("检定机构")
    intro = _("授权、计量标准和人员资格，办理时按当天有效的核对。")
    roles = READERS
    columns = (
        Column("name", _("名称"), lead=True, sort=True),
        Column("area__full_name", _("辖区")),
        Column("authorisation", _("授权证书编号")),
    )
    filters = (Search(label=_("名称（开头）"), starts=("name",)),)
    empty_title = _("暂无检定机构")
    empty_text = _("系统管理员设立机构后，由省局登记计量授权。")

    def rows(self, actor: Any) -> QuerySet[Agency]:  # noqa: ARG002 - every reader sees all of them
        return institutes()

    def row_url(self, row: Agency) -> str:
        return page_of("institute_page", row.pk)
