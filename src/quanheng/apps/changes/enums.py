"""What a change is about, and what became of the row."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChangeKind(TextChoices):
    """Of which row something changed; the triggers write these words (migrations/0002)."""

    INSTRUMENT = "instrument", _("计量器具")
    ENTITY = "entity", _("主体")
    VERIFICATION = "verification", _("检定记录")
    SEAL = "seal", _("铅封")
    PLACEMENT = "placement", _("历史位置")
    PROPOSAL = "proposal", _("变更申请")
    APPLICATION = "application", _("检定申请")
    CERTIFICATE = "certificate", _("证书")
    IMPORT = "import", _("导入批次")


class ChangeWhat(TextChoices):
    """What became of a row, for whoever reaches the place that the change names."""

    CREATED = "created", _("新增")
    CHANGED = "changed", _("变更")
    DELETED = "deleted", _("删除或移出")


class SubscriptionState(TextChoices):
    """Whether changes are sent to an address."""

    ACTIVE = "active", _("推送中")
    PAUSED = "paused", _("已暂停")
    DISABLED = "disabled", _("已停用")
    ENDED = "ended", _("已结束")


class DeliveryType(TextChoices):
    """What a message says."""

    CHANGED = "ledger.changed", _("台账变更")
    LOST = "changes.lost", _("变更不完整")
    TEST = "webhook.test", _("测试")
