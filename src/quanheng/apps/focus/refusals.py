"""What is refused of the focus list, and what the caller reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("focus")

LISTING_NOT_FOUND = refuse.not_found(
    "focus_not_found", _("未找到该重点监管记录，或该记录不在您的管辖范围内。")
)
NOT_IN_STATE = refuse.conflict(
    "focus_not_in_state", _("该记录当前状态为“%(state)s”，不能办理此事项。请刷新页面核对。")
)
CHANGED_MEANWHILE = of_kit.CHANGED_MEANWHILE.saying(
    _("该记录刚刚有变化，请刷新页面核对后再办理。"), also=("version",)
)
NO_REASON = of_kit.NO_REASON.saying(_("请写明理由，该单位可以查看。"))
OWN_CHECK = refuse.forbidden("focus_own_check", _("您是所依据检查的检查人员，须由未参加检查的人员办理。"))
OWN_DECISION = refuse.forbidden("focus_own_decision", _("列入由您决定，须由另一人办理此事项。"))
OTHER_OPEN = refuse.conflict("focus_other_open", _("该单位已有待决定或已列入的记录，请在该记录上办理。"))
OBJECTION_WAITS = refuse.conflict("focus_objection_waits", _("该单位的异议尚未答复，请先答复。"))
OBJECTED_ALREADY = refuse.conflict("focus_objected_already", _("每次列入只能提出一次异议，请等待答复。"))
NO_OBJECTION = refuse.conflict("focus_no_objection", _("没有待答复的异议，请刷新页面核对。"))
REASON_TOO_LONG = of_kit.REASON_TOO_LONG
NO_WORDS = of_kit.NO_REASON.saying(_("请写明异议或答复的内容。"))
WORDS_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("内容最多 %(most)s 字，请缩短。"))
