"""The doors of the landing page: who comes in where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quanheng.web.parts import Text

SIGN_IN: Final = f"{settings.LOGIN_URL}?next=/desk/"


@dataclass(frozen=True, slots=True)
class Door:
    """One way in."""

    who: Text
    what: Text
    url: str
    icon: str


DOORS = (
    Door(_("市场监管人员"), _("审核备案、查看到期、现场检查、打印标签"), SIGN_IN, "building-bank"),
    Door(_("集市主办者与使用单位"), _("建立台账、导入表格、申请备案"), SIGN_IN, "building-store"),
    Door(_("计量检定机构"), _("登记检定结果和铅封、换发二维码"), SIGN_IN, "certificate"),
    Door(_("消费者"), _("扫描器具上的二维码，查看检定情况并与实物核对"), "#code", "qrcode"),
    Door(_("协同部门与 12315"), _("登记、转办消费者反映；查看公开的器具和证书"), SIGN_IN, "share"),
    Door(_("实验室与检验员"), _("净含量、不确定度、期限计算，验证抽查结果"), "/calculators/", "chart-bar"),
    Door(_("开发者"), _("接口文档：台账读写与扫码查询"), "/api/", "code"),
)  # fmt: skip
