"""What somebody asks to be written about an instrument that is not theirs to write."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import ProposalState
from quanheng.kit.scope import ScopedManager


class ProposedChange(models.Model):
    """A change that waits for the office: what a nameplate says, a verification, seals.

    Nothing of it counts before an officer has accepted it; then the acts that write it are the officer's own.
    An instrument has one that waits at most: a newer one takes its place.
    """

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "root_id"}

    instrument = models.ForeignKey(
        "instruments.Instrument", models.CASCADE, related_name="proposals", verbose_name=_("器具")
    )
    # Copies of the instrument's, for row-level security.
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_constraint=False
    )
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_index=False,
        db_constraint=False,
    )  # fmt: skip
    facts = models.JSONField(_("器具信息"), default=dict, blank=True)
    verification = models.JSONField(_("检定"), default=dict, blank=True)
    seals = models.JSONField(_("铅封"), default=dict, blank=True, help_text=_("位置与编号"))
    import_run = models.ForeignKey(
        "instruments.ImportRun", models.PROTECT, null=True, related_name="+", verbose_name=_("导入批次")
    )
    number = models.PositiveIntegerField(_("行号"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    proposed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("申请人")
    )
    proposed_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    reason = models.CharField(
        _("退回原因"), max_length=300, blank=True, help_text=_("撤回的，为撤回的理由。")
    )
    asked_because = models.CharField(_("申请理由"), max_length=300, blank=True, db_default="")
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())

    objects = ScopedManager["ProposedChange"]()

    class Meta:
        verbose_name = _("变更申请")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument"], name="one_proposal_waits", condition=models.Q(state="waiting")
            )
        ]
        indexes = [models.Index(fields=["area", "state", "id"], name="proposal_in_area")]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.proposed_at:%Y-%m-%d}"
