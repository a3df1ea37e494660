"""The long tasks of whoever has signed in: lists as files."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.kit.lists import find_list
from quanheng.kit.models import ExportJob
from quanheng.kit.tasks import Kind, declare


def _still_opens(job: ExportJob, by: Actor) -> bool:
    listing = find_list(job.list_key)
    return listing is not None and listing.admits(by)


EXPORT = declare(
    Kind(
        "export", _("导出清单"), ExportJob, lock=7_310_007, folder="exports", kept=timedelta(hours=48),
        may_fetch=_still_opens,
    )
)  # fmt: skip
