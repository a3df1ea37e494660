"""The refusals of indicators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts import refusals as of_accounts
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("indicators")

NO_DATE = refuse.invalid("no_date", _("日期“%(text)s”无法识别，请写成 2026-11-23。"))
NOT_YOURS = of_kit.NOT_YOURS.saying(_("该区划的指标不在您的岗位和管辖范围内，请另选区划。"))
UNKNOWN_AREA = of_accounts.UNKNOWN_AREA.saying(
    _("%(day)s没有区划代码 %(code)s。请用省、市、县或乡镇的区划代码，如 510104。")
)
OWN_AREA_IS_GONE = of_accounts.UNKNOWN_AREA.saying(_("岗位所在的区划已停用，请联系系统管理员。"))
BAD_DAY = refuse.invalid("bad_day", _("%(day)s的数值次日凌晨固化，请选择更早的日期。"))
NO_STREET_VALUES = refuse.invalid(
    "no_street_values", _("公布值只固化到县（市、区），乡镇（街道）请查上级区划或当前数值。")
)
PUBLISHED_VALUE_NOT_FOUND = refuse.not_found(
    "published_value_not_found", _("%(day)s没有固化的公布值，请另选日期。")
)
