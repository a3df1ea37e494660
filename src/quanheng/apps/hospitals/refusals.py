"""What is refused of half-year reports, and what the caller reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments import refusals as of_instruments
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("hospitals")

REPORT_NOT_FOUND = refuse.not_found(
    "half_year_not_found", _("未找到该半年报告，或该报告不在您的管辖范围内。")
)
NOT_IN_STATE = refuse.conflict(
    "half_year_not_in_state", _("该报告当前状态为“%(state)s”，不能办理此事项。请刷新页面核对。")
)
CHANGED_MEANWHILE = of_kit.CHANGED_MEANWHILE.saying(
    _("该报告刚刚被其他人修改，请刷新页面核对后再办理。"), also=("version",)
)
MANAGERS_MISSING = refuse.invalid(
    "managers_missing", _("请填写专职计量管理人员人数；没有的填 0。"), fields=("full_time_managers",)
)
REMARK_OF_NO_CLASS = refuse.invalid(
    "remark_of_no_class", _("没有编号为“%(key)s”的类别，请从报告所列类别中填写备注。"), fields=("remarks",)
)
WORDS_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(
    _("情况说明最多 %(most)s 字，分类备注每条最多 %(remark)s 字，请缩短。")
)
NO_REASON_TO_RETURN = of_kit.NO_REASON.saying(_("请写明退回原因，以便医疗机构更正后重新报送。"))
SUBMITTER_DECIDES = of_instruments.SAME_PERSON.saying(_("报送人不能审核本人报送的报告，请由另一人审核。"))
