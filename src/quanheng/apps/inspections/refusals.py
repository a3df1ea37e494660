"""What is refused of inspections, and what the caller reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.refusal import refusals_of

refuse = refusals_of("inspections")

CAMPAIGN_NOT_FOUND = refuse.not_found("campaign_not_found", _("未找到该抽查行动，或不在您的管辖范围内。"))
TASK_NOT_FOUND = refuse.not_found("inspection_not_found", _("未找到该检查任务，或未分派给您。"))
AREA_BEYOND = refuse.forbidden(
    "campaign_area_beyond", _("行动的区划须在您的管辖范围内，请重新选择。"), fields=("area",)
)
QUARTER_OVER = refuse.invalid(
    "campaign_quarter_over",
    _("%(year)s 年第 %(quarter)s 季度已结束，请选择本季度或以后的季度。"),
    fields=("quarter",),
)
NO_SUCH_QUARTER = refuse.invalid(
    "campaign_no_such_quarter", _("季度为 1 至 4，年度为本年或下一年，请改正。"), fields=("quarter",)
)
SAID_NOTHING = refuse.invalid(
    "campaign_said_nothing", _("请写明名称、检查依据和检查事项。"), fields=("name",)
)
NO_REASON = refuse.invalid("campaign_no_reason", _("请写明原因。"), fields=("reason",))
NOT_IN_STATE = refuse.conflict(
    "campaign_not_in_state", _("该行动当前状态为“%(state)s”，不能办理此事项。请刷新页面核对。")
)
OWN_PLAN = refuse.forbidden("campaign_own_plan", _("您提出的行动须由另一人批准或退回。"))
QUARTER_GONE = refuse.conflict(
    "campaign_quarter_gone", _("%(year)s 年第 %(quarter)s 季度已结束，请放弃该行动，重新提出。")
)
CANNOT_DRAW = refuse.conflict("campaign_cannot_draw", _("不能抽取，请按提示更正：%(why)s"))
TOO_FEW_INSPECTORS = refuse.conflict(
    "campaign_too_few_inspectors",
    _("%(area)s 只有 %(there)s 名在岗执法人员，每项任务须 %(needed)s 名。请先补足人员，或缩小行动的区划。"),
)
QUARTER_NOT_BEGUN = refuse.conflict(
    "campaign_quarter_not_begun", _("抽样框须在季度开始后冻结；该季度自 %(from)s 起。")
)
BEACON_NOT_YET = refuse.conflict("campaign_beacon_not_yet", _("信标将在 %(known)s 公布，请届时再抽取。"))
NO_SIGNATURE = refuse.invalid(
    "campaign_no_signature", _("信标签名应为 96 位十六进制数，请重新复制。"), fields=("signature",)
)
WRONG_SIGNATURE = refuse.invalid("campaign_wrong_signature", _("%(why)s"), fields=("signature",))
TASKS_OPEN = refuse.conflict(
    "campaign_tasks_open",
    _("还有 %(open)s 台未检查，须全部检查，或待季度结束（%(last_day)s）后再结束并公开。"),
)
DONE_ALREADY = refuse.conflict(
    "inspection_done_already", _("该任务已登记结果，或行动已结束，请在任务页查看。")
)
UNANSWERED = refuse.invalid(
    "inspection_unanswered", _("还有 %(count)s 项未填写：%(items)s。请逐项填写后再登记。")
)
NO_NOTE = refuse.invalid("inspection_no_note", _("“%(item)s”不合格或不适用的，须写明情况。"))
UNKNOWN_ITEM = refuse.invalid(
    "inspection_unknown_item", _("检查表没有“%(item)s”这一项，请刷新页面重新填写。")
)
NO_WORDS = refuse.invalid("inspection_no_words", _("不合格或无法检查的，须写明情况。"), fields=("words",))
NOT_ON_DAY = refuse.invalid(
    "inspection_not_on_day", _("检查日期须在 %(from)s 至 %(latest)s 之间，请改正。"), fields=("on",)
)
UNFIT_OFFICER = refuse.invalid(
    "inspection_unfit_officer", _("请选择该地在岗、且不是本任务另一检查人员的执法人员。"), fields=("to_id",)
)
NOTHING_TO_HAND_OVER = refuse.conflict(
    "inspection_nothing_to_hand_over", _("该人员在此行动中没有待检查的任务，请选择其他人员。")
)
NOT_CHECKED_YET = refuse.conflict(
    "inspection_not_checked_yet", _("该任务没有已登记的检查结果，不能更正。请先核对任务状态。")
)
NOT_SENT = refuse.forbidden(
    "inspection_not_sent", _("只有本任务的检查人员可以办理；请由主办或协办检查人员办理。")
)
ALREADY_DOUBTED = refuse.conflict(
    "inspection_already_doubted", _("该结果已申请更正，待另一人复核；需改动的，请先撤回原申请。")
)
NOTHING_CORRECTED = refuse.invalid(
    "inspection_nothing_corrected", _("与已登记的结果相同。请改正有误的项目后再提交。")
)
NOT_DOUBTED = refuse.conflict("inspection_not_doubted", _("该结果没有待复核的更正申请，请刷新页面核对。"))
OWN_RESULT = refuse.forbidden(
    "inspection_own_result", _("本任务的检查人员不能复核更正，请由辖区监管部门的另一人复核。")
)
ANOTHER_CORRECTION = refuse.conflict(
    "inspection_another_correction", _("更正申请已变动，请刷新页面，阅读后再复核。")
)
ONLY_ASKER_WITHDRAWS = refuse.forbidden(
    "inspection_only_asker_withdraws", _("只有申请人可以撤回更正申请；您可以复核该申请。")
)
DEMONSTRATION_BEACON = refuse.conflict(
    "campaign_demonstration_beacon", _("演示信标只能在演示数据库中使用，请使用公共信标。")
)
