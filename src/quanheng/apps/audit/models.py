"""The append-only log of acts: who did what to which thing, when, what was before and after."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from quanheng.kit.acts import choices
from quanheng.kit.scope import ScopedManager


class Act(models.Model):
    """One official act. Rows are inserted in the act's own transaction and never change.

    A trigger refuses UPDATE and DELETE to everybody. `batch` names the import whose rows a single act
    covers. `salt` is for the public tree: personal data never enters a leaf, only its salted hash.
    """

    scope_fields = {
        "area": "area_id", "entity": "entity_id", "root": "root_id", "person": "actor_id", "log": "",
    }  # fmt: skip

    at = models.DateTimeField(_("时间"))
    verb = models.CharField(_("事项"), max_length=40, choices=choices)
    actor_id = models.BigIntegerField(_("操作人编号"), null=True)
    actor_name = models.CharField(_("操作人"), max_length=60)
    actor_role = models.CharField(_("岗位"), max_length=40)
    area_id = models.BigIntegerField(_("区划"), null=True)
    entity_id = models.BigIntegerField(_("主体"), null=True)
    root_id = models.BigIntegerField(_("上级主体"), null=True)
    instrument_id = models.BigIntegerField(_("器具"), null=True)
    batch_id = models.BigIntegerField(_("批次"), null=True)
    subject = models.CharField(_("对象"), max_length=80, blank=True)
    before = models.JSONField(_("变更前"), default=dict)
    after = models.JSONField(_("变更后"), default=dict)
    reason = models.CharField(_("事由"), max_length=500, blank=True)
    salt = models.BinaryField(_("盐"))

    objects = ScopedManager["Act"]()

    class Meta:
        verbose_name = _("操作记录")
        indexes = [
            models.Index(
                fields=["instrument_id", "id"],
                name="act_of_instrument",
                condition=models.Q(instrument_id__isnull=False),
            ),
            models.Index(
                fields=["entity_id", "id"], name="act_of_entity", condition=models.Q(entity_id__isnull=False)
            ),
            models.Index(
                fields=["batch_id"], name="act_of_batch", condition=models.Q(batch_id__isnull=False)
            ),
            models.Index(
                fields=["actor_id", "id"], name="act_of_person", condition=models.Q(actor_id__isnull=False)
            ),
            models.Index(fields=["verb"], name="act_of_verb"),
            BrinIndex(fields=["at"], name="act_by_day"),
            models.Index(fields=["area_id", "id"], name="act_by_area"),
            models.Index(
                fields=["verb", "at"],
                name="act_alarm",
                condition=models.Q(verb__in=["personal_data_alarm", "sign_in_alarm"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(  # who may commit twice to one draw, chooses between two
                fields=["subject"], name="one_commitment_of_a_draw", condition=models.Q(verb="draw_committed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_verb_display()} {self.subject}"


class UnsealedAct(models.Model):
    """An act that the public log does not hold yet. A trigger adds it with the act; sealing takes it away."""

    act_id = models.BigIntegerField(_("操作记录编号"), primary_key=True)
    since = models.DateTimeField(_("登记时间"), db_default=Now())

    class Meta:
        verbose_name = _("待载入公开记录")


class Leaf(models.Model):
    """Where an act stands in the public log. Rows are inserted by sealing and never change."""

    index = models.BigIntegerField(_("公开记录序号"), primary_key=True)
    act_id = models.BigIntegerField(_("操作记录编号"), unique=True)

    class Meta:
        verbose_name = _("公开记录条目")


class LogHead(models.Model):
    """How far the public log has got: one row. `frontier` is `regulation.transparency.frontier.Frontier`.

    The first `named_until` entries name every act, sign-ins too; later ones leave the office's own unnamed.
    """

    frontier = models.BinaryField(_("树的右缘"))
    sealed_at = models.DateTimeField(_("最近载入时间"), null=True)
    named_until = models.BigIntegerField(_("逐条写明事项的条目数"), default=0)

    class Meta:
        verbose_name = _("公开记录进度")
