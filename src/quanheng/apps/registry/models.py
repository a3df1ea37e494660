"""One file per regulated entity (一主体一档)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from quanheng.apps.registry.enums import ContactDuty, EntityKind, EntityState, PremisesKind
from quanheng.kit.dated import DAY_IN_CHINA
from quanheng.kit.fields import EncryptedTextField
from quanheng.kit.scope import Actor, ScopedManager


class Entity(models.Model):
    """A regulated entity: a company, a hospital, a market, a stall in it, a filling station of a company.

    `root` is the top of the parent chain (the market of a stall, the company of a station, itself where there
    is none): whoever acts for the root reaches its children.
    """

    scope_fields = {"area": "area_id", "entity": "id", "root": "root_id"}

    kind = models.CharField(_("主体类型"), max_length=20, choices=EntityKind)
    premises = models.CharField(_("场所类型"), max_length=20, choices=PremisesKind)
    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级主体")
    )
    root = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("顶层主体"),
        db_index=False,
    )  # fmt: skip
    stall_number = models.CharField(_("摊位号"), max_length=40, blank=True)
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("行政区划"), db_index=False)
    address = models.CharField(_("经营地址"), max_length=200, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    industry_code = models.CharField(_("行业代码"), max_length=5, blank=True, help_text="GB/T 4754-2017")
    above_scale = models.BooleanField(_("规模以上"), default=False)
    hospital_grade = models.CharField(_("医院等级"), max_length=10, blank=True)
    annual_energy_tce = models.DecimalField(
        _("年综合能耗（tce）"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    credit_grade = models.CharField(_("信用等级"), max_length=1, blank=True)
    integrity_pledge = models.BooleanField(_("诚信计量承诺"), default=False)
    under_focus = models.BooleanField(_("重点监管"), default=False)
    code = models.CharField(_("主体码"), max_length=32, null=True, blank=True, unique=True)
    state = models.CharField(_("状态"), max_length=12, choices=EntityState, default=EntityState.DRAFT)
    registered_at = models.DateTimeField(_("建档时间"))
    seen_on = models.DateField(_("最近核对日期"), null=True, blank=True)
    confirmed_on = models.GeneratedField(  # as of an instrument
        expression=Greatest("seen_on", models.Func("registered_at", template=DAY_IN_CHINA)),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("最近确认日期"),
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())
    batch_id = models.BigIntegerField(_("建档批次"), null=True, blank=True, help_text=_("建立此档的导入批次"))

    objects = ScopedManager["Entity"]()

    class Meta:
        verbose_name = _("主体")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "stall_number"],
                name="stall_once_per_market",
                condition=models.Q(kind="stall"),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="stall") | models.Q(parent__isnull=False), name="stall_has_market"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "id"], name="entity_in_area"),
            models.Index(fields=["root", "id"], name="entity_of_root"),
            # The area beside what is searched: whatever lies elsewhere is left out within the index.
            models.Index(fields=["name", "area"], name="entity_by_name"),
            models.Index(
                fields=["stall_number", "area"], name="entity_by_stall", condition=models.Q(kind="stall")
            ),
            models.Index(
                fields=["area", "confirmed_on"], name="entity_stale", condition=models.Q(state="confirmed")
            ),
            models.Index(fields=["premises", "area"], name="entity_premises"),
            models.Index(
                fields=["state", "area"], name="entity_not_confirmed", condition=~models.Q(state="confirmed")
            ),
            models.Index(
                fields=["batch_id"], name="entity_of_batch", condition=models.Q(batch_id__isnull=False)
            ),
        ]

    def reached_by(self, by: Actor, /) -> bool:
        """Say whether the entity lies in the actor's scope."""
        scope = by.scope
        return scope.covers_area(self.area_id) or (
            scope.entity_id is not None and scope.entity_id in (self.pk, self.root_id)
        )

    def __str__(self) -> str:
        return self.name


class EntityWord(models.Model):
    """An ending of an entity's name, by which the middle of the name is found; written by a trigger alone.

    `sql/entity_words.sql` says which endings. Stalls have none: their number and their market find them.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    entity = models.ForeignKey(
        Entity, models.DO_NOTHING, related_name="+", verbose_name=_("主体"), db_constraint=False,
        db_index=False,
    )  # fmt: skip
    root = models.ForeignKey(
        Entity, models.DO_NOTHING, related_name="+", verbose_name=_("顶层主体"), db_constraint=False,
        db_index=False,
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.DO_NOTHING, related_name="+", verbose_name=_("行政区划"), db_constraint=False,
        db_index=False,
    )  # fmt: skip
    word = models.CharField(_("名称片段"), max_length=20)

    objects = ScopedManager["EntityWord"]()

    class Meta:
        verbose_name = _("主体名称片段")
        indexes = [
            models.Index(fields=["word", "area"], name="entity_word"),
            models.Index(fields=["entity"], name="entity_word_of"),
        ]

    def __str__(self) -> str:
        return self.word


class Contact(models.Model):
    """A person of an entity. Name and phone are personal data: encrypted, masked unless revealed."""

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    entity = models.ForeignKey(
        Entity, models.CASCADE, related_name="contacts", verbose_name=_("主体"), db_index=False
    )
    # Copies of the entity's, for row-level security; the entity's own are the ones that are checked.
    root = models.ForeignKey(
        Entity, models.DO_NOTHING, related_name="+", verbose_name=_("顶层主体"), db_constraint=False,
        db_index=False,
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, verbose_name=_("行政区划"), db_constraint=False, db_index=False
    )
    duty = models.CharField(_("身份"), max_length=24, choices=ContactDuty)
    name = EncryptedTextField(_("姓名"), default="", blank=True)
    phone = EncryptedTextField(_("电话"), default="", blank=True)
    phone_hash = models.CharField(_("电话检索值"), max_length=32, blank=True)

    objects = ScopedManager["Contact"]()

    class Meta:
        verbose_name = _("联系人")
        indexes = [
            models.Index(fields=["entity", "duty"], name="contact_of_entity"),
            models.Index(fields=["phone_hash"], name="contact_phone", condition=~models.Q(phone_hash="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()} {self.entity_id}"


class RevealCount(models.Model):
    """How many people's names and telephones a person saw in clear on a day, in whatever role."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", verbose_name=_("用户"))
    day = models.DateField(_("日期"))
    seen = models.PositiveIntegerField(_("次数"))

    class Meta:
        verbose_name = _("查看个人信息次数")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_count_for_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.seen}"
