"""What an institute issued. A certificate is a chain of versions that never change."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now, Reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates.enums import CertificateState, Decision, DocumentKind, VersionKind
from quanheng.apps.certificates.models.institutes import OfInstitute
from quanheng.kit.scope import ScopedManager


class Certificate(OfInstitute, models.Model):
    """One certificate or failure notice, found by institute and number; `public_code` opens it to anybody."""

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "root_id"}

    institute = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("检定机构"), db_index=False
    )
    number = models.CharField(_("证书编号"), max_length=80)
    number_key = models.CharField(_("证书编号检索值"), max_length=80)
    search_key = models.GeneratedField(
        verbose_name=_("证书编号查找值"), expression=models.Func("number", function="seal_key"),
        output_field=models.TextField(), db_persist=True,
    )  # fmt: skip
    # From its end: what somebody reads off a label is a number's tail, and an index serves beginnings only.
    search_tail = models.GeneratedField(
        verbose_name=_("证书编号尾号查找值"),
        expression=Reverse(models.Func("number", function="seal_key", output_field=models.TextField())),
        output_field=models.TextField(), db_persist=True,
    )  # fmt: skip
    public_code = models.CharField(_("查验码"), max_length=24)
    kind = models.CharField(_("文书"), max_length=16, choices=DocumentKind)
    state = models.CharField(
        _("状态"), max_length=10, choices=CertificateState, default=CertificateState.VALID
    )
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, related_name="+", verbose_name=_("器具"), db_index=False
    )
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_constraint=False
    )
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_constraint=False
    )
    examination = models.OneToOneField(
        "certificates.Examination", models.PROTECT, null=True, related_name="certificate",
        verbose_name=_("检定记录单"),
    )  # fmt: skip
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("新证书"), db_index=False
    )
    issued_at = models.DateTimeField(_("签发时间"))
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())

    objects = ScopedManager["Certificate"]()

    class Meta:
        verbose_name = _("证书")
        constraints = [
            models.UniqueConstraint(fields=["institute", "number_key"], name="certificate_number_once"),
            models.UniqueConstraint(fields=["public_code"], name="certificate_code_once"),
            models.CheckConstraint(
                condition=~models.Q(state=CertificateState.REPLACED) | models.Q(replaced_by__isnull=False),
                name="replaced_names_the_new_one",
            ),
        ]
        indexes = [
            models.Index(fields=["instrument", "id"], name="certificate_of_instrument"),
            models.Index(fields=["area", "id"], name="certificate_in_area"),
            models.Index(fields=["institute", "id"], name="certificate_of_institute"),
            models.Index(fields=["institute", "issued_at"], name="certificate_issued_by"),
            models.Index(fields=["search_key"], name="certificate_by_number"),
            models.Index(fields=["search_tail"], name="certificate_by_tail"),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateVersion(models.Model):
    """One version: the whole content, its digest, and who answered for it. A trigger refuses every change."""

    scope_fields = {"area": "area_id", "entity": "certificate__instrument__entity_id", "root": "root_id"}

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="versions", verbose_name=_("证书"), db_index=False
    )
    version = models.PositiveSmallIntegerField(_("版本"))
    kind = models.CharField(_("由来"), max_length=10, choices=VersionKind)
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_constraint=False
    )
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_constraint=False
    )
    content = models.JSONField(_("内容"))
    digest = models.CharField(_("摘要"), max_length=64)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("经办人"))
    approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("批准人")
    )
    at = models.DateTimeField(_("时间"))

    objects = ScopedManager["CertificateVersion"]()

    class Meta:
        verbose_name = _("证书版本")
        constraints = [
            models.UniqueConstraint(fields=["certificate", "version"], name="certificate_version_once"),
            models.CheckConstraint(
                condition=~models.Q(made_by=models.F("approved_by")), name="second_person_approves"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=VersionKind.ISSUED) | ~models.Q(reason=""),
                name="later_version_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} v{self.version}"


class CertificateSignature(models.Model):
    """A signature over the digest of one version; a job adds them, one for each algorithm."""

    scope_fields = {
        "area": "version__area_id", "entity": "version__certificate__instrument__entity_id",
        "root": "version__root_id",
    }  # fmt: skip

    version = models.ForeignKey(
        CertificateVersion, models.PROTECT, related_name="signatures", verbose_name=_("证书版本"),
        db_index=False,
    )  # fmt: skip
    algorithm = models.CharField(_("算法"), max_length=20)
    key_id = models.CharField(_("密钥编号"), max_length=40)
    signature = models.BinaryField(_("签名值"))
    at = models.DateTimeField(_("时间"))

    objects = ScopedManager["CertificateSignature"]()

    class Meta:
        verbose_name = _("证书签名")
        constraints = [
            models.UniqueConstraint(fields=["version", "algorithm"], name="signed_once_by_algorithm")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.algorithm}"


class CertificateSeries(models.Model):
    """The last number that an institute gave out in a year; locked while the next one is taken."""

    institute = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("检定机构"), db_index=False
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("证书编号序列")
        constraints = [models.UniqueConstraint(fields=["institute", "year"], name="series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.institute_id} {self.year}: {self.last}"


class CertificateChange(models.Model):
    """A change of a certificate that one person asks for and another decides."""

    scope_fields = {"area": "area_id", "entity": "certificate__instrument__entity_id", "root": "root_id"}

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="changes", verbose_name=_("证书")
    )
    kind = models.CharField(_("事项"), max_length=10, choices=VersionKind)
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_constraint=False
    )
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_constraint=False
    )
    content = models.JSONField(_("更正内容"), default=dict)
    reason = models.CharField(_("原因"), max_length=300)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("提出人"))
    asked_at = models.DateTimeField(_("提出时间"))
    decision = models.CharField(_("决定"), max_length=10, choices=Decision, default=Decision.WAITING)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decision_reason = models.CharField(_("决定理由"), max_length=300, blank=True)

    objects = ScopedManager["CertificateChange"]()

    class Meta:
        verbose_name = _("证书变更")
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], name="one_waiting_change",
                condition=models.Q(decision=Decision.WAITING),
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("decided_by")), name="second_person_decides"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.kind} {self.decision}"
