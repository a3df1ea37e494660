"""Kinds of regulated entities and of their premises (domain notes 3a)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntityKind(TextChoices):
    """What the entity is in law."""

    COMPANY = "company", _("企业")
    SOLE_TRADER = "sole_trader", _("个体工商户")
    INSTITUTION = "institution", _("事业单位")
    MARKET_OPERATOR = "market_operator", _("集市主办者")
    STALL = "stall", _("摊位经营者")


class PremisesKind(TextChoices):
    """The kind of place: the first five are the plan's key places."""

    MARKET = "market", _("集贸市场")
    SUPERMARKET = "supermarket", _("商场超市")
    FILLING_STATION = "filling_station", _("加油站")
    RESTAURANT = "restaurant", _("餐饮单位")
    HOSPITAL = "hospital", _("医疗机构")
    INDUSTRY = "industry", _("规上工业企业")
    ENERGY_USER = "energy_user", _("重点用能单位")
    INSTITUTE = "institute", _("检定机构")
    MAKER = "maker", _("制造企业")
    REPAIRER = "repairer", _("维修企业")
    OTHER = "other", _("其他")


KEY_PREMISES = (
    PremisesKind.MARKET,
    PremisesKind.SUPERMARKET,
    PremisesKind.FILLING_STATION,
    PremisesKind.RESTAURANT,
    PremisesKind.HOSPITAL,
)


class EntityState(TextChoices):
    """A draft was made by an import or by the entity itself and waits for the office."""

    DRAFT = "draft", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    CLOSED = "closed", _("已注销")


class ContactDuty(TextChoices):
    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
    METROLOGY_MANAGER = "metrology_manager", _("计量负责人")
    CONTACT = "contact", _("联系人")
    STALL_KEEPER = "stall_keeper", _("经营者")
