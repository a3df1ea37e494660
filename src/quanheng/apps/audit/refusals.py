"""The refusals of the log and of draws."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.refusal import refusals_of

refuse = refusals_of("audit")

NAME_TOO_LONG = refuse.invalid("name_too_long", _("抽取编号至多 %(most)d 个字符，请缩短。"))
ANOTHER_COMMITMENT = refuse.conflict(
    "another_commitment",
    _("抽取编号“%(name)s”已于 %(at)s 公布承诺 %(digest)s，不能更换；另一次抽取请另用编号。"),
    also=("act",),
)
TOO_LATE = refuse.conflict(
    "too_late", _("第 %(round)s 轮已于 %(known)s 公布，承诺已无意义；请选将来的轮次。")
)
LOG_STANDS_STILL = refuse.unavailable(
    "log_stands_still",
    _("公开记录中断 %(hours)s 小时，为保证记录完整，暂停登记。请联系系统管理员。"),
    also=("waiting_seconds",),
)
