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
    _(
        "从这一位置起的变更已不完整：早于保留期、平台由备份恢复，或该密钥的范围有变。"
        "请不带 since 取得新的 cursor，再全量读取一次。"
    ),
)
