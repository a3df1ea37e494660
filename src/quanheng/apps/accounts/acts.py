"""The acts on accounts, roles, keys and areas. Who may do them is in permissions.py: three administrators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.acts import InPublicLog, acts_of

act = acts_of("accounts", in_public_log=InPublicLog.HASH_ALONE)

SIGNED_IN = act("signed_in", _("登录"))
SIGN_IN_FAILED = act("sign_in_failed", _("登录失败"))
SIGN_IN_ALARM = act("sign_in_alarm", _("登录异常"), meaning="ten failures of an account in an hour")
ACCOUNT_CHANGED = act("account_changed", _("账号变更"))
APPOINTMENT_CHANGED = act("appointment_changed", _("岗位变更"))
KEY_ISSUED = act("key_issued", _("签发接口密钥"))
KEY_COLLECTED = act("key_collected", _("领取接口密钥"))
KEY_REVOKED = act("key_revoked", _("吊销接口密钥"))
AREA_REORGANISED = act("area_reorganised", _("区划调整"), in_public_log=InPublicLog.NAMED)
TASK_CANCELLED = act("task_cancelled", _("取消任务"), meaning="a long task ended by whom it belongs to")
