"""The long tasks of the ledger."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import ImportRun, LabelPrint
from quanheng.apps.instruments.services.imports import work
from quanheng.kit.acts import may
from quanheng.kit.tasks import Kind, declare
from quanheng.kit.tasks.running import done_by

LABELS = declare(
    Kind("labels", _("标签打印"), LabelPrint, lock=7_310_006, folder="labels", kept=timedelta(hours=48))
)


def _may_import(_run: ImportRun, by: Actor) -> bool:
    """A run is its place's: whoever imports there may give it up."""
    return may(acts.IMPORT_COMMITTED, by)


IMPORT = declare(
    Kind(
        "import", _("台账导入"), ImportRun, lock=7_310_002, roles=OFFICERS | ENTITY_ROLES, reads_upload=True,
        belongs_to=_may_import,
    )
)  # fmt: skip
done_by(IMPORT, work.do, drop=work.drop, fail=work.fail, is_bounded=work.is_bounded)
