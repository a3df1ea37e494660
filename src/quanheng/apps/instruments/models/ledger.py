"""Instruments, where they have been, what was verified and sealed."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Greatest, Now, Reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import (
    InstrumentState,
    MarkGeneration,
    Provenance,
    Result,
    Use,
    VerificationKind,
)
from quanheng.apps.instruments.models.seals import Seal
from quanheng.kit.dated import DAY_IN_CHINA
from quanheng.kit.scope import InLedger, ScopedManager


class Instrument(InLedger, models.Model):
    """A measuring instrument in the ledger; also a dispenser (its nozzles are children).

    Who has it and where it stands now is on the row (`entity`, `root`, `area`, `place`, `in_use_since`); past
    placements are in `Placement`. The verification that counts now is copied from `Verification` so that
    lists and indicators read one row: `verified_on`, `valid_until`, `result`, `provenance`, `trusted_until`.
    `trusted_until` is the last day on which the verification counts: `valid_until`, or the day before the
    seal was broken or opened. `seal_broken` and `seal_opened` say which it was, until a verification behind
    new seals. `disputed_on` is there while somebody asks for the verification on the row to be voided.

    Foreign keys whose column leads an index below have none of their own: ten million rows pay for each.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}
    assigned_kind = "instrument"
    assigned_through = ("instrument", ("id", "parent_id"))  # the parts are seen with their whole

    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("使用单位"), db_index=False
    )
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_index=False
    )
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("行政区划"), db_index=False)
    premises = models.CharField(_("场所类型"), max_length=20)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("所属整机"),
        db_index=False,
    )
    item = models.ForeignKey(
        "instruments.CatalogueItem", models.PROTECT, verbose_name=_("目录项"), db_index=False
    )
    name = models.CharField(_("器具名称"), max_length=80)
    model = models.CharField(_("型号/规格"), max_length=80, blank=True)
    serial_number = models.CharField(_("出厂编号"), max_length=60)
    # A column: an index on a function is not used under row-level security. regulation.instrument_identity
    serial_key = models.GeneratedField(
        expression=models.Func("serial_number", function="seal_key"),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("出厂编号检索值"),
    )
    # From its end: what somebody reads off a plate is a number's tail, and an index serves beginnings only.
    serial_tail = models.GeneratedField(
        expression=Reverse(
            models.Func("serial_number", function="seal_key", output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("出厂编号尾号检索值"),
    )
    # Somebody said, or a sheet did, that it is there as the ledger has it. `confirmed_on` is the one
    # definition of how fresh a row is: seen, verified, or entered, whichever was last.
    seen_on = models.DateField(_("最近核对日期"), null=True, blank=True)
    confirmed_on = models.GeneratedField(
        expression=Greatest("seen_on", "verified_on", models.Func("registered_at", template=DAY_IN_CHINA)),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("最近确认日期"),
    )
    manufacturer = models.CharField(_("制造单位"), max_length=120, blank=True)
    type_approval_number = models.CharField(_("型式批准证书编号"), max_length=60, blank=True)
    accuracy_class = models.CharField(_("准确度等级"), max_length=20, blank=True)
    max_capacity_g = models.DecimalField(
        _("最大秤量（g）"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    min_capacity_g = models.DecimalField(
        _("最小秤量（g）"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    e_g = models.DecimalField(_("检定分度值 e（g）"), max_digits=10, decimal_places=4, null=True, blank=True)
    d_g = models.DecimalField(_("实际分度值 d（g）"), max_digits=10, decimal_places=4, null=True, blank=True)
    measuring_range = models.CharField(_("测量范围"), max_length=80, blank=True)
    use = models.CharField(_("用途"), max_length=12, choices=Use, default=Use.TRADE)
    place = models.CharField(
        _("安装位置"), max_length=80, blank=True, help_text=_("摊位号、科室、加油机号、油枪号")
    )
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    manufactured_on = models.DateField(_("出厂日期"), null=True, blank=True)
    in_use_since = models.DateField(_("启用日期"), null=True, blank=True)
    placed_on = models.DateField(_("现位置起始日期"), null=True, blank=True)
    software_version = models.CharField(_("软件版本号"), max_length=40, blank=True)
    details = models.JSONField(_("其他登记项"), default=dict, blank=True)
    photo = models.CharField(_("照片"), max_length=120, blank=True)
    generation = models.CharField(
        _("标识方式"), max_length=12, choices=MarkGeneration, default=MarkGeneration.ONE_CODE
    )
    production_code = models.CharField(_("生产码"), max_length=60, blank=True)
    repair_code = models.CharField(_("维修码"), max_length=60, blank=True)
    verification_code = models.CharField(_("检定码"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=InstrumentState, default=InstrumentState.DRAFT)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    seal_broken = models.BooleanField(_("铅封破损"), default=False)
    seal_opened = models.BooleanField(_("已启封"), default=False, db_default=False)
    locked = models.BooleanField(_("锁机"), default=False)
    impounded = models.BooleanField(_("查封扣押"), default=False)
    verified_on = models.DateField(_("最近检定日期"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    trusted_until = models.DateField(_("可信至"), null=True, blank=True)
    result = models.CharField(_("检定结论"), max_length=8, choices=Result, blank=True)
    certificate_number = models.CharField(_("证书编号"), max_length=80, blank=True)
    institute = models.CharField(_("检定机构"), max_length=120, blank=True)
    provenance = models.CharField(
        _("检定记录来源"), max_length=8, choices=Provenance, blank=True, db_default=""
    )
    revoked_on = models.DateField(_("证书注销日期"), null=True, blank=True)
    disputed_on = models.DateField(_("复核起始日期"), null=True, blank=True)
    code = models.CharField(_("器具码"), max_length=32, null=True, blank=True)
    import_run = models.ForeignKey(
        "instruments.ImportRun",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("导入批次"),
        db_index=False,
    )
    registered_at = models.DateTimeField(_("登记时间"))
    changed_at = models.DateTimeField(_("变更时间"))
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = ScopedManager["Instrument"]()

    class Meta:
        verbose_name = _("计量器具")
        constraints = [
            models.UniqueConstraint(fields=["code"], name="code_once"),
            models.UniqueConstraint(
                fields=["manufacturer", "serial_number", "parent"],
                name="serial_once_per_manufacturer",
                nulls_distinct=False,
                condition=~models.Q(state="scrapped"),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("verified_on")),
                name="validity_is_not_backward",
            ),
            models.CheckConstraint(
                condition=models.Q(seal_broken=False)
                | models.Q(trusted_until__isnull=True)
                | models.Q(trusted_until__lte=models.F("valid_until")),
                name="trust_ends_with_validity",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "id"], name="instrument_in_area"),
            models.Index(fields=["root", "id"], name="instrument_of_root"),
            models.Index(fields=["entity", "id"], name="instrument_of_entity"),
            models.Index(fields=["area", "trusted_until"], name="instrument_due",
            condition=models.Q(state="in_use")),
            # The area beside what is searched: whatever lies elsewhere is left out within the index.
            models.Index(fields=["serial_key", "area"], name="instrument_by_serial"),
            models.Index(fields=["serial_tail", "area"], name="instrument_by_tail"),
            models.Index(fields=["manufacturer", "area"], name="instrument_of_maker"),
            models.Index(fields=["import_run"], name="instrument_of_import",
            condition=models.Q(import_run__isnull=False)),
            models.Index(fields=["parent"], name="instrument_part", condition=models.Q(parent__isnull=False)),
            # A province reads its lists in order; what waits on its desk is a few rows among all.
            models.Index(fields=["valid_until", "id"], name="instrument_by_validity"),
            models.Index(fields=["verified_on", "id"], name="instrument_by_verification"),
            models.Index(fields=["manufacturer", "id"], name="instrument_by_maker"),
            models.Index(fields=["registered_at", "id"], name="instrument_by_entry"),
            models.Index(fields=["trusted_until", "id"], name="instrument_lapsing",
            condition=models.Q(state__in=["filed", "in_use", "failed"])),
            models.Index(fields=["premises", "area"], name="instrument_of_premises"),
            models.Index(fields=["provenance", "area"], name="instrument_of_provenance"),
            models.Index(fields=["state", "area"], name="instrument_not_in_use",
            condition=~models.Q(state="in_use")),
            models.Index(fields=["area", "id"], name="instrument_seal_broken",
            condition=models.Q(seal_broken=True)),
            models.Index(fields=["area", "id"], name="instrument_seal_opened",
            condition=models.Q(seal_opened=True)),
            models.Index(fields=["area", "confirmed_on"], name="instrument_stale"),
            models.Index(fields=["area", "id"], name="instrument_disputed",
            condition=models.Q(disputed_on__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} {self.serial_number}"

    @property
    def is_unsealed(self) -> bool:
        """Whether a seal that protected it was broken or opened, and no verification has followed."""
        return self.seal_broken or self.seal_opened

    @cached_property
    def records(self) -> list[Verification]:
        """Its verification records, newest first; read once, however many acts ask for them."""
        rows = Verification.objects.unscoped().filter(instrument=self)
        return list(rows.order_by("-verified_on", "-pk"))

    @cached_property
    def all_seals(self) -> list[Seal]:
        """Its seals, old and new, by position, the newest first; read once."""
        rows = Seal.objects.unscoped().filter(instrument=self)
        return list(rows.order_by("position", "-applied_on", "-pk"))


class Placement(models.Model):
    """A place where an instrument was in use until `last_day`: written when it moves, stops or is
    scrapped.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="placements", verbose_name=_("器具"), db_index=False
    )
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("使用单位"), db_index=False
    )
    root = models.ForeignKey("registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"))
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("行政区划"), db_index=False)
    premises = models.CharField(_("场所类型"), max_length=20)
    place = models.CharField(_("安装位置"), max_length=80, blank=True)
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("止"))
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())

    objects = ScopedManager["Placement"]()

    class Meta:
        verbose_name = _("历史位置")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="placement_not_backward"
            )
        ]
        indexes = [
            models.Index(fields=["instrument", "first_day"], name="placement_of"),
            models.Index(fields=["area", "first_day"], name="placement_in_area"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.place} {self.first_day}–{self.last_day}"


class Verification(models.Model):
    """One verification of one instrument. Voided when its seal was broken or its certificate revoked.

    What was recorded in error is void from its first day and counts nowhere: `in_error`. Until a second
    person has decided, `disputed_at` and its neighbours say who asks for that and why; of a certificate of
    this platform, who asks for its revocation; where it `asks_back`, who asks for it to count again.
    """

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "root_id"}

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="verifications", verbose_name=_("器具"), db_index=False
    )
    # Copies of the instrument's, for row-level security; the instrument's own are the ones that are checked.
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_index=False,
        db_constraint=False,
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, verbose_name=_("行政区划"), db_index=False, db_constraint=False
    )
    kind = models.CharField(
        _("检定类别"), max_length=12, choices=VerificationKind, default=VerificationKind.SUBSEQUENT
    )
    verified_on = models.DateField(_("检定日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    result = models.CharField(_("结论"), max_length=8, choices=Result)
    certificate_number = models.CharField(_("证书编号"), max_length=80, blank=True)
    institute = models.CharField(_("检定机构"), max_length=120, blank=True)
    regulation = models.CharField(_("检定依据"), max_length=40, blank=True)
    provenance = models.CharField(
        _("来源"),
        max_length=8,
        choices=Provenance,
        default=Provenance.DECLARED,
        db_default=Provenance.DECLARED,
    )  # fmt: skip
    voided_on = models.DateField(_("失效日期"), null=True, blank=True)
    void_reason = models.CharField(_("失效原因"), max_length=200, blank=True)
    in_error = models.BooleanField(
        _("登记有误"), default=False, db_default=False, help_text=_("登记有误的，视为从未登记。")
    )
    disputed_by = models.BigIntegerField(_("申请作废人编号"), null=True, blank=True)
    disputed_by_name = models.CharField(_("申请作废人"), max_length=60, blank=True, db_default="")
    disputed_at = models.DateTimeField(_("申请作废时间"), null=True, blank=True)
    dispute = models.CharField(_("申请作废理由"), max_length=200, blank=True, db_default="")
    asks_back = models.BooleanField(
        _("申请恢复"), default=False, db_default=False,
        help_text=_("送修登记有误，申请恢复因此失效的检定；其余为申请作废或注销。"),
    )  # fmt: skip
    voided_at = models.DateTimeField(_("失效登记时间"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())

    objects = ScopedManager["Verification"]()

    class Meta:
        verbose_name = _("检定记录")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "verified_on", "certificate_number"], name="verification_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("verified_on")),
                name="verification_not_backward",
            ),
            models.CheckConstraint(
                condition=models.Q(in_error=False) | models.Q(voided_on__isnull=False),
                name="an_error_is_void",
            ),
        ]
        indexes = [
            models.Index(fields=["certificate_number"], name="verification_certificate"),
            models.Index(fields=["area", "id"], name="verification_in_area"),
            models.Index(fields=["area", "id"], name="verification_unconfirmed",
            condition=models.Q(provenance="declared", voided_on__isnull=True)),
            models.Index(fields=["area", "id"], name="verification_disputed",
            condition=models.Q(disputed_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.certificate_number or self.instrument_id} {self.verified_on}"

    @property
    def is_to_be_voided(self) -> bool:
        """Whether somebody asked an office to void it; of a certificate issued here its institute decides."""
        asked = self.disputed_at is not None and not self.asks_back
        return asked and self.provenance != Provenance.ISSUED

    @property
    def is_disputed(self) -> bool:
        """Whether a second person has to decide about it: `queries.records.DISPUTED` of one row."""
        return self.is_to_be_voided or self.asks_back

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it was declared and waits for an office: `queries.records.UNCONFIRMED` of one row."""
        return self.provenance == Provenance.DECLARED and self.voided_on is None and self.disputed_at is None
