"""Roles, levels and kinds of offices (domain notes 3f)."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class AreaLevel(IntegerChoices):
    """Levels of the division tree (GB/T 2260, GB/T 10114)."""

    PROVINCE = 1, _("省")
    CITY = 2, _("市（州）")
    COUNTY = 3, _("县（市、区）")
    STREET = 4, _("乡镇（街道）")


class AgencyKind(TextChoices):
    """What an office is."""

    BUREAU = "bureau", _("市场监督管理局")
    STATION = "station", _("市场监督管理所")
    INSTITUTE = "institute", _("计量检定机构")
    DEPARTMENT = "department", _("其他政府部门")


class Role(TextChoices):
    """What a person may do; the area, agency or entity says where."""

    PROVINCE_OFFICER = "province_officer", _("省局计量处人员")
    CITY_OFFICER = "city_officer", _("市局计量科人员")
    COUNTY_OFFICER = "county_officer", _("县局计量股人员")
    INSPECTOR = "inspector", _("市场监管所执法人员")
    INSTITUTE_CLERK = "institute_clerk", _("检定机构受理人员")
    VERIFIER = "verifier", _("检定员")
    CHECKER = "checker", _("核验员")
    APPROVER = "approver", _("批准人")
    INSTITUTE_MANAGER = "institute_manager", _("检定机构管理员")
    MARKET_OPERATOR = "market_operator", _("集市主办者")
    INSTRUMENT_USER = "instrument_user", _("使用单位计量管理员")
    REPAIRER = "repairer", _("维修或制造企业人员")
    HOTLINE_AGENT = "hotline_agent", _("12315 工作人员")
    EXPERT = "expert", _("计量专家、调解员")
    PREPACKAGE_LAB = "prepackage_lab", _("定量包装检验人员")
    ENERGY_REVIEWER = "energy_reviewer", _("能源计量审查员")
    DEPARTMENT_USER = "department_user", _("协同部门人员")
    AUDITOR = "auditor", _("审计监督人员")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
    SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
    AUDIT_ADMINISTRATOR = "audit_administrator", _("审计管理员")


OFFICERS = frozenset({Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.INSPECTOR})
INSTITUTE_STAFF = frozenset(
    {Role.INSTITUTE_CLERK, Role.VERIFIER, Role.CHECKER, Role.APPROVER, Role.INSTITUTE_MANAGER}
)
ENTITY_ROLES = frozenset({Role.MARKET_OPERATOR, Role.INSTRUMENT_USER, Role.REPAIRER})
OVERSIGHT = OFFICERS | INSTITUTE_STAFF  # whoever supervises or verifies what an entity uses
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})


class AssignedKind(TextChoices):
    """What kind of row is assigned: `assigned_kind` of its model."""

    INSTRUMENT = "instrument", _("计量器具")


class KeyScope(TextChoices):
    """What a key of the API may do, at most what its holder may do anyway."""

    READ_LEDGER = "read:ledger", _("读取台账")
    WRITE_LEDGER = "write:ledger", _("登记、备案和导入器具")
    WRITE_VERIFICATION = "write:verification", _("登记检定结果")
    WRITE_SEALS = "write:seals", _("登记施封、启封和铅封破损")
    READ_PERSONAL = "read:personal", _("查看个人信息")


class KeyState(TextChoices):
    """How a key of the API stands; read from its dates, never stored."""

    ISSUED = "issued", _("待领取")
    IN_USE = "in_use", _("已领取")
    EXPIRED = "expired", _("已过期")
    REVOKED = "revoked", _("已吊销")
