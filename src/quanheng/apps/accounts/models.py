"""Areas, agencies, people: who may act where."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import AgencyKind, AreaLevel, Role
from quanheng.kit.dated import holds_on
from quanheng.kit.fields import EncryptedTextField


class Area(models.Model):
    """A division of the province, down to the street, with the dates between which its code holds.

    The primary key is the area's *position*: the twelve-digit statistical code read as a number (province
    510000000000, city 510100000000, county 510104000000, street 510104001000), laid out so that an area's
    descendants are exactly the positions `id..last`. A scope is therefore one interval of integers, which
    an ordinary index serves and row-level security can compare without leaking (ADR 0004). A division that
    moves in the tree gets a new row and a succession, as GB/T 2260 itself does.
    """

    id = models.BigIntegerField(_("位置"), primary_key=True)
    last = models.BigIntegerField(_("末位置"))
    code = models.CharField(_("区划代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    full_name = models.CharField(_("全称"), max_length=120)
    level = models.PositiveSmallIntegerField(_("级别"), choices=AreaLevel)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级")
    )
    former_names = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("曾用名")
    )
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True)

    class Meta:
        verbose_name = _("行政区划")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("id")), name="area_interval_is_not_empty"
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_code_once_per_date"),
        ]
        indexes = [
            models.Index(fields=["name"], name="area_name"),
            models.Index(fields=["level", "id"], name="area_level"),
        ]

    def __str__(self) -> str:
        return self.full_name


class AreaSuccession(models.Model):
    """An area that ended and the area that took its place."""

    predecessor = models.ForeignKey(
        Area, models.PROTECT, related_name="successions", verbose_name=_("原区划")
    )
    successor = models.ForeignKey(Area, models.PROTECT, related_name="origins", verbose_name=_("新区划"))
    on = models.DateField(_("日期"))
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("区划沿革")
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Agency(models.Model):
    """An office, an institute or a department, seated in an area."""

    name = models.CharField(_("名称"), max_length=120, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=AgencyKind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("辖区"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("上级机构"))
    authorisation = models.CharField(_("授权证书编号"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    telephone = models.CharField(_("联系电话"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("机构")
        indexes = [models.Index(fields=["area", "kind"], name="agency_in_area")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person with a sign-in. What they may do is said by their appointments.

    `handed_out` is the hash of the password that somebody else chose for them last: it may not come back.
    """

    username = models.CharField(_("登录名"), max_length=60, unique=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    name = models.CharField(_("姓名"), max_length=60)
    phone = EncryptedTextField(_("手机号"), default="", blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("首次登录须改密"), default=False)
    password_changed_at = models.DateTimeField(_("改密时间"), null=True)
    elder_mode = models.BooleanField(_("长辈版"), default=False)
    is_demonstration = models.BooleanField(_("演示账号"), default=False)
    handed_out = models.CharField(_("发放的初始密码"), max_length=128, default="", blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name = _("用户")

    def __str__(self) -> str:
        return self.name


class Demonstration(models.Model):
    """The mark of a demonstration's database: one row, written before anything of it; only the owner may."""

    id = models.PositiveSmallIntegerField(_("编号"), primary_key=True)
    made_at = models.DateTimeField(_("装入时间"))

    class Meta:
        verbose_name = _("演示标记")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_demonstration")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class Appointment(models.Model):
    """A role that a person holds somewhere, for a time.

    `is_chief` (账号负责人) keeps the accounts of the entity or the agency: invites, suspends, hands over.
    While `suspended_at` stands, the role opens nothing.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="appointments", verbose_name=_("用户"))
    role = models.CharField(_("岗位"), max_length=40, choices=Role)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, verbose_name=_("机构"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("辖区"))
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, null=True, blank=True, verbose_name=_("主体")
    )
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("离任日期"), null=True, blank=True)
    is_chief = models.BooleanField(_("账号负责人"), default=False)
    suspended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("岗位")
        indexes = [models.Index(fields=["user", "valid_from"], name="appointment_of_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"

    def holds_on(self, day: date) -> bool:
        """Say whether the role is held on a day, both ends included; it may be suspended."""
        return holds_on(self, day)

    @property
    def is_suspended(self) -> bool:
        """Whether the role opens nothing for the time being."""
        return self.suspended_at is not None


class SignInFailure(models.Model):
    """One wrong password or second factor; they make whoever tries from there wait (`sign_in_pace`).

    Unknown names are counted like known ones, and only a keyed hash of what was typed is kept: people type
    their password into the name's field.
    """

    account = models.CharField(_("账号检索值"), max_length=32)
    place = models.CharField(_("地址检索值"), max_length=32, default="")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("登录失败")
        indexes = [models.Index(fields=["account", "at"], name="failure_of_account")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class KnownPlace(models.Model):
    """Somebody signed in to this account from this address: strangers elsewhere do not slow them here.

    Keyed hashes of both; ninety days after the last sign-in a row is deleted.
    """

    account = models.CharField(_("账号检索值"), max_length=32)
    place = models.CharField(_("地址检索值"), max_length=32)
    at = models.DateTimeField(_("最近登录时间"))

    class Meta:
        verbose_name = _("常用登录地址")
        constraints = [models.UniqueConstraint(fields=["account", "place"], name="one_row_for_a_place")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class SecondFactorUse(models.Model):
    """The latest time step whose code a person used: a code opens once in the platform (RFC 6238, 5.2)."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, verbose_name=_("用户"))
    step = models.BigIntegerField(_("时间步"))

    class Meta:
        verbose_name = _("动态码使用记录")

    def __str__(self) -> str:
        return str(self.step)


# Django finds models in this module; these stand beside what belongs to them.
from quanheng.apps.accounts.api_keys import ApiKey  # noqa: E402, F401
from quanheng.apps.accounts.assignments import Assignment  # noqa: E402, F401
from quanheng.apps.accounts.kept_forms import KeptForm  # noqa: E402, F401
from quanheng.apps.accounts.sessions import Session  # noqa: E402, F401
