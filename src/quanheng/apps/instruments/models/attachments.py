"""Photos and documents that belong to an entity, an instrument, or an act on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import AttachmentKind
from quanheng.kit.scope import ScopedManager

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor


class Attachment(models.Model):
    """One file: who attached it, when, with which act; its digest stands in that act, so in the public log.

    `entity` is whose it was when it was attached: an instrument that moves on leaves the papers and
    pictures of its former holder in that holder's file; the offices of both places see them. Nothing of it
    is ever changed: it is withdrawn, with a reason, and then shown to the office alone. After the term the
    file is deleted, the row stays.
    """

    scope_fields = {
        "area": ("entity__area_id", "instrument__area_id"), "entity": "entity_id", "root": "entity__root_id",
    }  # fmt: skip

    instrument = models.ForeignKey(
        "instruments.Instrument",
        models.PROTECT,  # a draft that an officer photographed is not deleted together with the photo
        null=True,
        related_name="attachments",
        verbose_name=_("器具"),
    )  # fmt: skip
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="attachments", verbose_name=_("主体")
    )
    kind = models.CharField(_("类别"), max_length=10, choices=AttachmentKind)
    title = models.CharField(_("名称"), max_length=80, blank=True)
    name = models.CharField(_("文件名"), max_length=60, unique=True)
    digest = models.CharField(_("摘要"), max_length=64)
    verb = models.CharField(_("随同的事项"), max_length=40)
    attached_by = models.BigIntegerField(_("添加人编号"), null=True)
    attached_by_name = models.CharField(_("添加人"), max_length=60)
    attached_at = models.DateTimeField(_("添加时间"))
    withdrawn_by_name = models.CharField(_("撤下人"), max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    withdraw_reason = models.CharField(_("撤下原因"), max_length=300, blank=True)
    forgotten_at = models.DateTimeField(_("到期删除时间"), null=True, blank=True)

    objects = ScopedManager["Attachment"]()

    class Meta:
        verbose_name = _("照片和附件")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True)
                | (~models.Q(withdraw_reason="") & ~models.Q(withdrawn_by_name="")),
                name="withdrawn_attachment_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["attached_at"], name="attachment_by_day", condition=models.Q(forgotten_at=None)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    def reached_by(self, by: Actor, /) -> bool:
        """Say whether the row lies in the actor's scope."""
        return self.entity.reached_by(by) or bool(
            self.instrument and by.scope.covers_area(self.instrument.area_id)
        )

    @property
    def is_open(self) -> bool:
        """Whether nobody has withdrawn it and its term is not over."""
        return self.withdrawn_at is None and self.forgotten_at is None
