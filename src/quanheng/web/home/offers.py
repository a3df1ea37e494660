"""What a desk offers where no work waits: plain words on what the role can do today, and the doors to it.

A role whose subject is not built yet is told so; nobody is sent to a page that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.web.home.doors import Door
from quanheng.web.navigation import groups_for
from quanheng.web.parts import Text

NOT_BUILT: Final[dict[Role, Text]] = {
    Role.EXPERT: _("计量调解和专家评审尚未上线，暂无任务。"),
    Role.PREPACKAGE_LAB: _("定量包装检验任务的派发和报送尚未上线。净含量判定可以先用计算工具。"),
    Role.ENERGY_REVIEWER: _("能源计量审查尚未上线，暂无任务。"),
    Role.DEPARTMENT_USER: _("与协同部门的数据共享尚未上线。公开的器具、证书和日志可以直接查看。"),
}
PUBLIC: Final = (
    (_("查询计量器具"), _("输入器具码，查看检定情况"), "scan_ask", "qrcode"),
    (_("查验证书"), _("输入证书编号，核对真伪"), "certificate_ask", "certificate"),
    (_("计算工具"), _("净含量、不确定度、期限、抽样"), "calculators", "chart-bar"),
    (_("公开日志"), _("核对平台记录是否被改动"), "log_home", "history"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the desk says below the work: plain words, and doors."""

    said: Text
    doors: tuple[Door, ...]


def offer_for(actor: Actor) -> Offer:
    """Return the doors of a role: its own pages, then what is public."""
    own = [
        Door(item.text, group.text, item.url, item.icon)
        for group in groups_for(actor, "/")
        for item in group.items
        if item.url != reverse("desk")
    ]
    public = [Door(who, what, reverse(name), icon) for who, what, name, icon in PUBLIC]
    said = NOT_BUILT.get(actor.role, "") if actor.role else ""
    return Offer(said, (*own, *public))
