"""What is told of what is sent to others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import Role
from quanheng.apps.changes import acts
from quanheng.apps.changes.enums import SubscriptionState
from quanheng.apps.changes.subscriptions import Subscription
from quanheng.apps.notices.addresses import Acts, Address
from quanheng.apps.notices.kinds import kind
from quanheng.apps.notices.services.write import News, tell
from quanheng.kit.tones import Tone


def _that_go_on(told: Acts) -> Iterator[int]:
    rows = Subscription.objects.filter(url__in=[act.after.get("url") for act in told])
    return rows.exclude(state=SubscriptionState.DISABLED).values_list("pk", flat=True).iterator()


WEBHOOK_DISABLED = kind(
    "webhook_disabled",
    _("推送停用"),
    who=frozenset(Role),
    text=_("推送连续三天未能送达，已停用：%(subject)s"),
    many=_("推送停用：%(count)s 个"),
    of="webhooks",
    settled_by=(acts.RESUMED, acts.ENDED),
    rows_of=_that_go_on,
    tone=Tone.BAD,
)


def tell_disabled(row: Subscription, *, at: datetime) -> None:
    """Tell whoever owns a subscription that it is sent nothing any more."""
    to = Address(person_id=row.key.appointment.user_id)
    news = News(
        kind=WEBHOOK_DISABLED, to=to, at=at, row_id=row.pk, subject=row.url, key=f"{row.pk} {at.isoformat()}"
    )
    tell([news])
