"""Who is proposed for the focus list, who is on it, and who was."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.focus.enums import ON_LIST, OPEN, FocusState
from quanheng.kit.scope import InLedger, ScopedManager


class FocusListing(InLedger, models.Model):
    """One time that an entity was proposed for the focus list, and what became of it.

    `visits` and `exit_visits` are the visits that led to the proposal (`history.Visit.as_json`), as they were
    on the day on which it was made; the page shows what the results are now.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    number = models.CharField(_("记录编号"), max_length=32, unique=True)
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False
    )
    root = models.ForeignKey(
        "registry.Entity", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("顶层主体"),
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_index=False
    )
    state = models.CharField(_("状态"), max_length=13, choices=FocusState, default=FocusState.PROPOSED)
    counted_from = models.DateField(
        _("计入检查的起始日期"), null=True, blank=True, help_text="checks before it led to an earlier row"
    )
    entered_on = models.DateField(_("达到列入条件日期"))
    proposed_at = models.DateTimeField(_("提议时间"))
    reason = models.CharField(_("提议依据"), max_length=200)
    visits = models.JSONField(_("所依据的检查"), default=list)
    is_doubted = models.BooleanField(_("依据有变化"), default=False)
    listed_on = models.DateField(_("列入日期"), null=True, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by_id = models.BigIntegerField(_("决定人编号"), null=True, blank=True)
    decided_by_name = models.CharField(_("决定人"), max_length=60, blank=True)
    decision = models.CharField(_("决定理由"), max_length=300, blank=True)
    next_visit_by = models.DateField(_("下次检查期限"), null=True, blank=True)
    exit_from = models.DateField(
        _("计入移出条件的起始日期"), null=True, blank=True, help_text="the listing, or the day it was kept"
    )
    exit_reason = models.CharField(_("移出依据"), max_length=200, blank=True)
    exit_visits = models.JSONField(_("移出所依据的检查"), default=list, blank=True)
    ended_on = models.DateField(_("移出或撤销日期"), null=True, blank=True)
    ended_by_name = models.CharField(_("移出或撤销决定人"), max_length=60, blank=True)
    end_reason = models.CharField(_("移出或撤销理由"), max_length=300, blank=True)
    objection = models.TextField(_("异议"), blank=True)
    objected_at = models.DateTimeField(_("提出异议时间"), null=True, blank=True)
    objected_by_name = models.CharField(_("提出人"), max_length=60, blank=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by_name = models.CharField(_("答复人"), max_length=60, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = ScopedManager["FocusListing"]()

    class Meta:
        verbose_name = _("重点监管记录")
        constraints = [
            models.UniqueConstraint(
                fields=["entity"], condition=models.Q(state__in=OPEN), name="one_open_focus_listing"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=ON_LIST)
                | models.Q(listed_on__isnull=False, decided_at__isnull=False, next_visit_by__isnull=False),
                name="focus_listed_by_a_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | models.Q(objected_at__isnull=False),
                name="focus_answer_has_objection",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "id"], name="focus_in_area"),
            models.Index(fields=["entity", "id"], name="focus_of_entity"),
            models.Index(fields=["root", "id"], name="focus_of_root"),
            models.Index(fields=["state", "next_visit_by"], name="focus_by_next_visit"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_on_list(self) -> bool:
        return self.state in ON_LIST

    @property
    def waits_for_answer(self) -> bool:
        return self.objected_at is not None and self.answered_at is None

    def is_late(self, day: date) -> bool:
        """Say whether the next visit is overdue."""
        return self.is_on_list and self.next_visit_by is not None and day > self.next_visit_by

    def checkers(self) -> frozenset[int]:
        """Return who did the checks that the pending decision rests on."""
        visits = self.exit_visits if self.state == FocusState.EXIT_PROPOSED else self.visits
        return frozenset(person for visit in visits for person in visit["people"])
