"""What an institute may verify, with which measurement standards, and by whom: dated rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.enums import StaffDuty


class OfInstitute:
    """Of a model: an institute works on it.

    People of an institute work on what was applied for at their own institute; what others may reach is said
    by their scope, which `visible_to` and row-level security hold.
    """

    institute_id: int

    def reached_by(self, by: Actor, /) -> bool:
        """Say whether the row is the actor's to work on."""
        return not by.is_institute or self.institute_id == by.agency_id


class Dated(models.Model):
    """Something that is valid from one day to another, both included."""

    certificate_number = models.CharField(_("证书编号"), max_length=80)
    valid_from = models.DateField(_("有效期起"))
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta:
        abstract = True


class Authorisation(Dated):
    """An institute's authority to verify one item of the catalogue in one area (计量授权证书)."""

    institute = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("检定机构")
    )
    item = models.ForeignKey(
        "instruments.CatalogueItem", models.PROTECT, related_name="+", verbose_name=_("目录项")
    )
    area = models.ForeignKey("accounts.Area", models.PROTECT, related_name="+", verbose_name=_("授权区域"))
    daily_capacity = models.PositiveIntegerField(_("每日可检台数"), default=40)

    class Meta:
        verbose_name = _("计量授权")
        constraints = [
            models.UniqueConstraint(
                fields=["institute", "item", "area", "valid_from"], name="authorisation_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="authorisation_not_backward",
            ),
        ]
        indexes = [models.Index(fields=["item", "area"], name="authorised_for_item")]

    def __str__(self) -> str:
        return f"{self.institute_id} {self.item_id}"


class MeasurementStandard(Dated):
    """A measurement standard of an institute (计量标准), with its own validity and traceability."""

    institute = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("检定机构")
    )
    name = models.CharField(_("计量标准名称"), max_length=120)
    items = models.ManyToManyField(
        "instruments.CatalogueItem", related_name="+", verbose_name=_("适用目录项")
    )
    measuring_range = models.CharField(_("测量范围"), max_length=120, blank=True)
    accuracy = models.CharField(_("不确定度/准确度等级/最大允许误差"), max_length=120, blank=True)
    traced_until = models.DateField(_("溯源有效期至"), null=True, blank=True)

    class Meta:
        verbose_name = _("计量标准")
        constraints = [
            models.UniqueConstraint(fields=["institute", "certificate_number"], name="standard_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Qualification(Dated):
    """What a person of an institute is qualified to do, for one item or for all."""

    institute = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("检定机构")
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("人员"))
    duty = models.CharField(_("职责"), max_length=10, choices=StaffDuty)
    item = models.ForeignKey(
        "instruments.CatalogueItem", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("目录项"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("检定人员资格")
        constraints = [
            models.UniqueConstraint(
                fields=["institute", "user", "duty", "item", "valid_from"], name="qualification_once",
                nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["user", "duty"], name="qualification_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.duty}"
