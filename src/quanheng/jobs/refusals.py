"""The refusals of work in the background."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("jobs")

EXPORT_TOO_LONG = of_kit.EXPORT_TOO_LONG.saying(_("超过 Excel 一张表的行数，请导出 CSV 或缩小范围。"))
EXPORT_FILTER_GONE = refuse.invalid(
    "export_filter_gone",
    _("有的筛选条件已失效（例如区划已停用），文件未生成。请回到清单重新筛选后再导出。"),
)
EXPORT_NOT_YOURS = refuse.forbidden("export_not_yours", _("您已不在申请时的岗位上，文件没有生成。"))
