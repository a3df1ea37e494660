"""What is refused of the changes and of telling others of them, and what the caller reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.refusal import refusals_of

refuse = refusals_of("changes")

BAD_POSITION = refuse.invalid(
    "bad_position",
    _("since 须为上次返回的 cursor（kind 也须相同），或带时区的时刻，如 2026-11-30T09:00:00+08:00。"),
)
POSITION_GONE = refuse.invalid(
    "position_gone",
    _("该位置起的变更已不完整。请不带 since 取得新的 cursor，再全量读取一次。"),
)
SUBSCRIPTION_NOT_FOUND = refuse.not_found("webhook_not_found", _("未找到该推送，或该推送不属于您的密钥。"))
DELIVERY_NOT_FOUND = refuse.not_found("delivery_not_found", _("未找到该推送消息，或该消息不属于您的密钥。"))
KEY_CANNOT_FOLLOW = refuse.conflict(
    "key_cannot_follow", _("推送须用已领取、有效且有 read:ledger 权限的密钥。请换用或申请这样的密钥。")
)
ADDRESS_REFUSED = refuse.invalid(
    "webhook_address_refused",
    _("接收地址须为公网 https 地址，不含登录名。内网地址请先由系统管理员登记。"),
    fields=("url",),
)
BAD_SECRET = refuse.invalid(
    "bad_webhook_secret",
    _("签名密钥须为 whsec_ 加 24 至 64 字节的 base64。请重新生成。"),
    fields=("secret",),
)
TOO_MANY = refuse.conflict("too_many_webhooks", _("一把密钥最多 %(most)d 个推送，请先结束不用的。"))
NOT_IN_STATE = refuse.conflict(
    "webhook_not_in_state", _("该推送当前状态为“%(state)s”，不能办理此事项。请刷新页面核对。")
)
NOT_HELD = refuse.conflict("webhook_not_held", _("该推送不在待放行状态，请刷新页面核对。"))
NOT_YOURS = refuse.forbidden(
    "webhook_not_yours", _("推送由密钥持有人办理，请联系持有人；系统管理员和安全管理员可以暂停和结束。")
)
