"""The acts on what is sent to others: an office's own affairs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.acts import Final, InPublicLog, acts_of

act = acts_of("changes", in_public_log=InPublicLog.HASH_ALONE)

SUBSCRIBED = act("webhook_made", _("登记推送"), meaning="changes are sent to an address")
PAUSED = act("webhook_paused", _("暂停推送"))
RESUMED = act("webhook_resumed", _("恢复推送"))
SECRET_CHANGED = act("webhook_secret_changed", _("更换推送签名密钥"))
RELEASED = act("webhook_released", _("放行推送"), meaning="sending goes on after a restore")
SENT_AGAIN = act("webhook_sent_again", _("重新推送"), meaning="a message goes out again under its number")
ENDED = act(
    "webhook_ended",
    _("结束推送"),
    final=Final(
        _("不再推送，尚未送达的消息不再发送。"),
        _("不能恢复；需要的，重新登记推送。"),
    ),
)
