"""What the timeline says of invitations and of a unit's accounts: names of facts, values in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import Role
from quanheng.apps.people.enums import InvitationPurpose, InvitationWay
from quanheng.web.parts import Text

ACCOUNT_WORDS: dict[str, Text] = {
    "invitation": _("邀请编号"), "way": _("送达方式"), "purpose": _("用途"), "role": _("岗位"),
    "invited": _("受邀人"), "expires_on": _("有效期至"), "login": _("登录名"), "invited_by": _("签发人"),
    "doubt": _("存疑"), "chiefs_before": _("原账号负责人"), "tries": _("输错次数"),
    "is_chief": _("账号负责人"), "suspended": _("停用"), "valid_to": _("离任日期"),
}  # fmt: skip
DOUBTS: dict[str, Text] = {
    "same_place": _("开通地址是签发人常用的"), "same_name": _("与签发人同名"),
    "same_place same_name": _("开通地址是签发人常用的，且与签发人同名"),
}  # fmt: skip
ACCOUNT_VALUES: dict[str, dict[str, Text]] = {
    "way": dict(InvitationWay.choices), "purpose": dict(InvitationPurpose.choices),
    "role": dict(Role.choices), "doubt": DOUBTS,
}  # fmt: skip
