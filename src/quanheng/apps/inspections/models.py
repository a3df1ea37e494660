"""Campaigns of inspections, their frozen frames, and the tasks that were drawn."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.inspections.enums import (
    CampaignState,
    CorrectionState,
    FrameSubject,
    TaskState,
    Verdict,
)
from quanheng.kit.fields import EncryptedTextField
from quanheng.kit.scope import Actor, InArea, ScopedManager


class Campaign(InArea, models.Model):
    """A campaign of checks in an area and a quarter, drawn at random from a frame that was frozen before.

    Offices below its area read it (`area_last`), since they do their part; only offices of it or above it act
    on it. `number` is given with the commitment, without gaps: an abandoned one keeps it and stays public.
    """

    scope_fields = {"area": "area_id"}

    number = models.CharField(_("抽查编号"), max_length=40, null=True, unique=True)
    name = models.CharField(_("行动名称"), max_length=80)
    subject = models.CharField(_("检查对象"), max_length=24, choices=FrameSubject)
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("行政区划"))
    area_last = models.BigIntegerField(_("区划末位置"))
    year = models.PositiveSmallIntegerField(_("年度"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    legal_basis = models.CharField(_("检查依据"), max_length=200)
    matters = models.CharField(_("检查事项"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=CampaignState, default=CampaignState.WAITING)
    planned_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    planned_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    reason = models.CharField(_("退回或放弃原因"), max_length=300, blank=True)
    frame_day = models.DateField(_("抽样框日期"), null=True)
    frame_digest = models.CharField(_("抽样框散列"), max_length=64, blank=True)
    frame_size = models.PositiveIntegerField(_("抽样框台数"), default=0)
    quota = models.PositiveIntegerField(_("应抽台数"), default=0)
    strata = models.JSONField(_("各层台数"), default=list, blank=True)  # area, code, name, size, quota
    committed_at = models.DateTimeField(_("承诺时间"), null=True)
    commitment = models.TextField(_("承诺"), blank=True)
    commitment_digest = models.CharField(_("承诺散列"), max_length=64, blank=True)
    known_at = models.DateTimeField(_("信标公布时间"), null=True)
    drawn_at = models.DateTimeField(_("抽取时间"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    objects = ScopedManager["Campaign"]()

    class Meta:
        verbose_name = _("抽查行动")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quarter__gte=1, quarter__lte=4), name="campaign_quarter_of_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "returned", "approved", "abandoned"])
                | models.Q(number__isnull=False, committed_at__isnull=False),
                name="campaign_committed_has_number",
            ),
        ]
        indexes = [models.Index(fields=["area", "state"], name="campaign_in_area")]

    def __str__(self) -> str:
        return self.number or self.name


class FrozenFrame(models.Model):
    """What a campaign draws from, as it was on the day, and the secret that opens when the campaign closes.

    Nobody reads it: who knows the frame and the secret knows, once the beacon has spoken, who is drawn. What
    is published of it goes out by services alone.
    """

    campaign = models.OneToOneField(Campaign, models.PROTECT, primary_key=True, verbose_name=_("抽查行动"))
    text = models.TextField(_("抽样框"))
    inspectors = models.TextField(_("检查人员名录"))
    secret = EncryptedTextField(_("事先承诺的密数"), default="")
    proof = models.TextField(_("抽查证明"), blank=True)

    class Meta:
        verbose_name = _("抽样框")

    def __str__(self) -> str:
        return str(self.campaign_id)


class InspectionTask(models.Model):
    """One instrument that was drawn, and who checks it.

    Until it is checked only the two officers see it: whoever knew of it could warn. `reader_area`,
    `reader_entity` and `reader_root` are empty until then; afterwards they are those of the instrument on the
    day on which it was checked, and with them the office of the place and the entity read what was found. An
    entity reads no campaign: what its page needs of it stands here.
    """

    scope_fields = {
        "area": "reader_area",
        "entity": "reader_entity",
        "root": "reader_root",
        "person": ("lead_id", "second_id"),
    }

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="+", verbose_name=_("抽查行动"), db_index=False
    )
    campaign_name = models.CharField(_("行动名称"), max_length=80)
    campaign_number = models.CharField(_("抽查编号"), max_length=40)
    subject = models.CharField(_("检查对象"), max_length=24, choices=FrameSubject)
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, related_name="+", verbose_name=_("器具")
    )
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("被检查单位")
    )
    root = models.ForeignKey("registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"))
    # As they were on the day of the draw: an officer of the place keeps reading them after a move.
    entity_name = models.CharField(_("被检查单位名称"), max_length=120)
    instrument_name = models.CharField(_("器具名称"), max_length=80)
    serial_number = models.CharField(_("出厂编号"), max_length=60)
    place = models.CharField(_("安装位置"), max_length=80, blank=True)
    area = models.ForeignKey("accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    stratum = models.CharField(_("抽查层"), max_length=12)
    ticket = models.CharField(_("签号"), max_length=64)
    lead = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("主办检查人员"), db_index=False
    )
    second = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("协办检查人员"), db_index=False
    )
    drawn_on = models.DateField(_("抽取日期"))
    due_on = models.DateField(_("检查期限"))
    state = models.CharField(_("状态"), max_length=6, choices=TaskState, default=TaskState.OPEN)
    verdict = models.CharField(_("检查结论"), max_length=6, choices=Verdict, blank=True)
    checked_on = models.DateField(_("检查日期"), null=True)
    checklist = models.CharField(_("检查表版本"), max_length=80, blank=True)
    answers = models.JSONField(_("逐项结果"), default=dict, blank=True)
    words = models.CharField(_("检查情况"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    doubted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("申请更正人"),
        db_index=False,
    )  # fmt: skip
    doubted_at = models.DateTimeField(_("申请更正时间"), null=True)
    corrected_at = models.DateTimeField(_("更正时间"), null=True)
    reader_area = models.BigIntegerField(_("可见辖区"), null=True)
    reader_entity = models.BigIntegerField(_("可见主体"), null=True)
    reader_root = models.BigIntegerField(_("可见顶层主体"), null=True)

    objects = ScopedManager["InspectionTask"]()

    class Meta:
        verbose_name = _("检查任务")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "instrument"], name="drawn_once"),
            models.CheckConstraint(condition=~models.Q(lead=models.F("second")), name="two_officers"),
            models.CheckConstraint(
                condition=~models.Q(state=TaskState.DONE)
                | (~models.Q(verdict="") & models.Q(checked_on__isnull=False, reader_area__isnull=False)),
                name="task_done_has_verdict",
            ),
            models.CheckConstraint(
                condition=models.Q(doubted_at__isnull=True) | models.Q(state=TaskState.DONE),
                name="task_doubted_is_done",
            ),
        ]
        indexes = [
            models.Index(fields=["reader_area", "state"], name="task_read_in_area"),
            models.Index(fields=["reader_entity", "state"], name="task_read_by_entity"),
            models.Index(fields=["reader_root", "state"], name="task_read_by_root"),
            models.Index(fields=["due_on", "id"], name="task_by_due"),
            models.Index(fields=["campaign_number"], name="task_of_campaign"),
            models.Index(fields=["lead", "state"], name="task_of_lead"),
            models.Index(fields=["second", "state"], name="task_of_second"),
            models.Index(
                fields=["reader_area"], condition=models.Q(doubted_at__isnull=False), name="task_doubted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_number} {self.instrument_id}"

    def reached_by(self, by: Actor, /) -> bool:
        """Say whether it is theirs to do, or has been opened to where they sit."""
        scope = by.scope
        if scope.user_id is not None and scope.user_id in (self.lead_id, self.second_id):
            return True
        if self.reader_area is not None and scope.covers_area(self.reader_area):
            return True
        return scope.entity_id is not None and scope.entity_id in (self.reader_entity, self.reader_root)


class ResultCorrection(models.Model):
    """What one of a task's officers says was really found; it counts once another person has approved it.

    Whoever reads the task reads it. `before` and `after`: verdict, checked_on, checklist, words, answers.
    """

    scope_fields = {
        "area": "task__reader_area",
        "entity": "task__reader_entity",
        "root": "task__reader_root",
        "person": ("task__lead_id", "task__second_id"),
    }

    task = models.ForeignKey(
        InspectionTask, models.PROTECT, related_name="corrections", verbose_name=_("检查任务")
    )
    reason = models.CharField(_("更正理由"), max_length=300)
    before = models.JSONField(_("原结果"))
    after = models.JSONField(_("更正后结果"))
    state = models.CharField(
        _("状态"), max_length=9, choices=CorrectionState, default=CorrectionState.WAITING
    )
    proposed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("申请人"), db_index=False
    )
    proposed_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("复核人"), db_index=False
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True)
    answer = models.CharField(_("复核意见"), max_length=300, blank=True)

    objects = ScopedManager["ResultCorrection"]()

    class Meta:
        verbose_name = _("检查结果更正")
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(state=CorrectionState.WAITING),
                name="one_correction_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CorrectionState.WAITING) | models.Q(decided_at__isnull=False),
                name="correction_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.proposed_at:%Y-%m-%d}"
