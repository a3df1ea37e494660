"""The long tasks of the ledger."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.models import LabelPrint
from quanheng.kit.tasks import Kind, declare

LABELS = declare(
    Kind("labels", _("标签打印"), LabelPrint, lock=7_310_006, folder="labels", kept=timedelta(hours=48))
)
