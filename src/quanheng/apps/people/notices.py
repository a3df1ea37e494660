"""What is told of requests for accounts. The number alone: who asked is personal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.notices.addresses import Acts, Letter, Letters, office_of
from quanheng.apps.notices.kinds import kind
from quanheng.apps.people import acts
from quanheng.apps.people.models import AccountRequest
from quanheng.apps.registry.acts import LEDGER_OFFICERS
from quanheng.kit.tones import Tone


def _requests(told: Acts) -> dict[str, int]:
    rows = AccountRequest.objects.unscoped().filter(number__in=[act.subject for act in told])
    return dict(rows.values_list("number", "pk"))


def _to_county(told: Acts) -> Letters:
    numbers = _requests(told)
    for act in told:
        if act.area_id is not None:
            yield Letter(act, office_of(act.area_id), numbers.get(act.subject))


kind(
    "account_requested",
    _("收到账号开通申请"),
    who=LEDGER_OFFICERS,
    told_by=(acts.ACCOUNT_REQUESTED,),
    to=_to_county,
    text=_("收到账号开通申请：%(subject)s"),
    many=_("收到账号开通申请：%(count)s 件"),
    of="account-requests",
    settled_by=(acts.ACCOUNT_REQUEST_GRANTED, acts.ACCOUNT_REQUEST_REFUSED),
    rows_of=lambda told: _requests(told).values(),
    tone=Tone.DUE,
)
