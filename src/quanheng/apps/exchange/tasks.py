"""The long tasks of the exchange: files for e-CQS and from it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.exchange import acts
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.exchange.services.resume_run import do, drop
from quanheng.kit.acts import may
from quanheng.kit.tasks import Kind, declare
from quanheng.kit.tasks.running import done_by


def _may_exchange(_run: ExchangeRun, by: Actor) -> bool:
    """A run is its office's: whoever exchanges files there may end it."""
    return may(acts.EXCHANGE_RUN, by)


ECQS = declare(
    Kind(
        "ecqs", _("e-CQS 数据交换"), ExchangeRun, lock=7_310_004, roles=OFFICERS, folder="exchange-files",
        reads_upload=True, belongs_to=_may_exchange,
    )
)  # fmt: skip
done_by(ECQS, do, drop=drop)
