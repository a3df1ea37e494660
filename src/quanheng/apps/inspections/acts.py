"""The acts of inspections: from the plan of a campaign to what was found, and to its publication.

What an office plans is its own affair until it commits to a draw, which the log tells by name
(`audit.acts.DRAW_COMMITTED`); who was drawn is told to nobody before the visit.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.kit.acts import Final, InPublicLog, acts_of
from quanheng.kit.tones import Tone

PLANNERS = OFFICERS - {Role.INSPECTOR}
CHECKERS = OFFICERS
PLACE = _("由检查地的监管部门办理")
act = acts_of("inspections", in_public_log=InPublicLog.HASH_ALONE, beyond=_("该行动不在您的管辖范围内"))

CAMPAIGN_PLANNED = act("campaign_planned", _("提出抽查行动"), who=PLANNERS)
CAMPAIGN_REVISED = act("campaign_revised", _("修改抽查行动"), who=PLANNERS)
CAMPAIGN_APPROVED = act("campaign_approved", _("批准抽查行动"), who=PLANNERS)
CAMPAIGN_RETURNED = act("campaign_returned", _("退回抽查行动"), who=PLANNERS)
CAMPAIGN_COMMITTED = act(
    "campaign_committed",
    _("冻结抽样框并公布承诺"),
    who=PLANNERS,
    final=Final(
        _("抽样框、应抽台数和检查人员名录随即固定，承诺写入公开记录。"),
        _("不能改动；有误的放弃后重新提出，编号和放弃原因保留公开。"),
    ),
)
CAMPAIGN_DRAWN = act("campaign_drawn", _("抽取"), who=PLANNERS)
CAMPAIGN_ABANDONED = act(
    "campaign_abandoned",
    _("放弃抽查行动"),
    who=PLANNERS,
    final=Final(
        _("该行动不再进行；已公布承诺的，编号和原因保留公开。"),
        _("不能恢复；需要的，重新提出。"),
    ),
)
CAMPAIGN_CLOSED = act(
    "campaign_closed",
    _("结束抽查并公开"),
    who=PLANNERS,
    final=Final(
        _("抽样框、密数、抽中名单和检查人员随即公开，任何人可以重算。"),
        _("公开后不能收回。"),
    ),
)
INSPECTIONS_HANDED_OVER = act("inspections_handed_over", _("更换检查人员"), who=PLANNERS)
INSPECTION_RECORDED = act(
    "inspection_recorded",
    _("登记抽查结果"),
    who=CHECKERS,
    beyond=_("该任务由分派的检查人员办理"),
    final=Final(
        _("被检查单位和辖区监管部门随即可以查看，计入抽查次数。"),
        _("有误的，由检查人员申请更正，辖区监管部门另一人复核。"),
    ),
)
CORRECTION_PROPOSED = act(
    "inspection_correction_proposed",
    _("申请更正检查结果"),
    meaning="Nothing changes until another person has approved it; whoever reads the result is told",
    who=CHECKERS,
    tone=Tone.DUE,
    beyond=_("由该任务的检查人员办理"),
)
CORRECTION_APPROVED = act("inspection_correction_approved", _("同意更正检查结果"), who=PLANNERS, beyond=PLACE)
CORRECTION_DECLINED = act("inspection_correction_declined", _("不予更正检查结果"), who=PLANNERS, beyond=PLACE)
CORRECTION_WITHDRAWN = act(
    "inspection_correction_withdrawn", _("撤回更正申请"), who=CHECKERS, beyond=_("由申请人办理")
)
