"""Who reaches which single row for a time, beyond their area and entity (ADR 0029)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import AssignedKind
from quanheng.kit.assignments import choices
from quanheng.kit.scope import ScopedManager


class Assignment(models.Model):
    """A row that was assigned to a person, or to whoever acts for an entity or an agency, in a capacity.

    It reaches from `valid_from` to `valid_to` (both included; None: until it is ended), and no further than
    `ended_at`. `verb` is the act by which it was given. `taken_up_at` is when the other side said that it has
    taken the matter up. Whoever it is assigned to sees the assignment as long as it reaches; whoever reaches
    the row otherwise sees those that are over as well.
    """

    kind = models.CharField(_("对象类别"), max_length=20, choices=AssignedKind)
    row_id = models.BigIntegerField(_("对象编号"))
    subject = models.CharField(_("对象"), max_length=120, blank=True)
    capacity = models.CharField(_("承办身份"), max_length=20, choices=choices)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("承办人"),
    )  # fmt: skip
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("承办主体"),
    )  # fmt: skip
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("承办机构"),
    )  # fmt: skip
    name = models.CharField(_("承办方"), max_length=120)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    reason = models.CharField(_("事由"), max_length=300, blank=True)
    verb = models.CharField(_("依据的事项"), max_length=40)
    given_by = models.BigIntegerField(_("指派人编号"), null=True)
    given_by_name = models.CharField(_("指派人"), max_length=60)
    given_at = models.DateTimeField(_("指派时间"))
    taken_up_at = models.DateTimeField(_("接收时间"), null=True, blank=True)
    taken_up_by_name = models.CharField(_("接收人"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    end_reason = models.CharField(_("终止原因"), max_length=300, blank=True)

    objects = ScopedManager["Assignment"]()

    class Meta:
        verbose_name = _("指派")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, entity__isnull=True, agency__isnull=True)
                | models.Q(user__isnull=True, entity__isnull=False, agency__isnull=True)
                | models.Q(user__isnull=True, entity__isnull=True, agency__isnull=False),
                name="assigned_to_one",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="assignment_not_backward",
            ),
            models.UniqueConstraint(
                fields=["kind", "row_id", "capacity", "user", "entity", "agency"],
                name="assigned_once_at_a_time", nulls_distinct=False,
                condition=models.Q(ended_at__isnull=True),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "row_id"], name="assignment_of_row"),
            *(
                models.Index(
                    fields=[whom], name=f"assigned_to_{whom}",
                    condition=models.Q(ended_at__isnull=True, **{f"{whom}__isnull": False}),
                )
                for whom in ("user", "entity", "agency")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject} {self.name}"

    @property
    def is_open(self) -> bool:
        """Whether nobody and nothing has ended it; its days are another matter."""
        return self.ended_at is None

    @property
    def waits(self) -> bool:
        """Whether the other side has not said yet that it has taken the matter up."""
        return self.is_open and self.taken_up_at is None
