"""The acts on accounts, roles, keys and areas.

Who may do those of the three administrators is in permissions.py; what a unit does about its own people is
its chief's (`units`).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS
from quanheng.kit.acts import Final, InPublicLog, acts_of
from quanheng.kit.tones import Tone

UNITS = ENTITY_ROLES | OFFICERS | INSTITUTE_STAFF  # whose chief keeps the accounts

act = acts_of("accounts", in_public_log=InPublicLog.HASH_ALONE)

SIGNED_IN = act("signed_in", _("登录"))
SIGN_IN_FAILED = act("sign_in_failed", _("登录失败"))
SIGN_IN_ALARM = act("sign_in_alarm", _("登录异常"), meaning="ten failures of an account in an hour")
ACCOUNT_CHANGED = act("account_changed", _("账号变更"))
APPOINTMENT_CHANGED = act("appointment_changed", _("岗位变更"))
KEY_ISSUED = act("key_issued", _("签发接口密钥"))
KEY_COLLECTED = act("key_collected", _("领取接口密钥"))
KEY_REVOKED = act(
    "key_revoked",
    _("吊销接口密钥"),
    final=Final(
        _("使用该密钥的系统立即不能访问。"),
        _("不能恢复；需要的，重新签发密钥。"),
    ),
)
AREA_REORGANISED = act(
    "area_reorganised",
    _("区划调整"),
    in_public_log=InPublicLog.NAMED,
    final=Final(
        _("区划自生效日期起按此执行；被代替的区划停用，现行数据随之移交。"),
        _("不能撤销；有误的，再办理一次区划调整。"),
    ),
)
TASK_CANCELLED = act("task_cancelled", _("取消任务"), meaning="a long task ended by whom it belongs to")
STAFF_SUSPENDED = act("staff_suspended", _("停用本单位账号"), who=UNITS, beyond=_("该人员不属于您的单位"))
STAFF_RESUMED = act("staff_resumed", _("恢复本单位账号"), who=UNITS, beyond=_("该人员不属于您的单位"))
STAFF_LEFT = act(
    "staff_left",
    _("人员离任"),
    who=UNITS,
    beyond=_("该人员不属于您的单位"),
    final=Final(
        _("该人员在本单位的岗位即日终止，不能再登录本单位。"),
        _("不能撤销；误办的，重新邀请该人员。"),
    ),
)
STAFF_SECOND_FACTOR_RESET = act(
    "staff_second_factor_reset", _("重置本单位人员两步验证"), who=UNITS, beyond=_("该人员不属于您的单位")
)
CHIEF_HANDED_OVER = act(
    "chief_handed_over",
    _("移交账号负责人"),
    who=UNITS,
    tone=Tone.INFO,
    beyond=_("该人员不属于您的单位"),
    final=Final(
        _("您不再管理本单位账号，由对方管理。"),
        _("不能自行撤销；误办的，请对方移交回来。"),
    ),
)
