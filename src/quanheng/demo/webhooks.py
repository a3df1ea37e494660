"""A city's system that was told what changed: a key, and a webhook with a log, paused."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.services.issue_api_key import collect_api_key, issue_api_key
from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.changes.services.change_subscription import pause_subscription
from quanheng.apps.changes.services.deliver_messages import Outcome, Send, deliver_next
from quanheng.apps.changes.services.post_delivery import post_test
from quanheng.apps.changes.services.subscribe import subscribe
from quanheng.demo.people import actor
from quanheng.kit.scope import EVERYTHING, acting_in

ADDRESS = "https://city-platform.example.cn/quanheng"  # a name that is nobody's (RFC 2606)
ANSWERS = (Outcome(None, "unknown host", 12), Outcome(503, "maintenance", 240), Outcome(204, "", 61))


def tell_a_city(*, at: datetime) -> None:
    """Issue a key to the county's officer, register an address, have three attempts in its log; pause it."""
    officer, keeper = actor("xian"), actor("xitong")
    with acting_in(EVERYTHING):
        key = issue_api_key(
            appointment_id=officer.appointment_id or 0, name="市级智慧监管平台对接",
            scopes=[KeyScope.READ_LEDGER], expires_on=timezone.localdate(at) + timedelta(days=180),
            by=keeper, at=at,
        )  # fmt: skip
        collect_api_key(key_id=key.pk, by=officer, at=at)
        kinds = [ChangeKind.INSTRUMENT, ChangeKind.VERIFICATION, ChangeKind.SEAL]
        row = subscribe(key_id=key.pk, url=ADDRESS, kinds=kinds, by=officer, at=at)
        begun = at - timedelta(hours=len(ANSWERS))
        post_test(row, at=begun)
        for hours, answer in enumerate(ANSWERS):
            moment = begun + timedelta(hours=hours)
            deliver_next(row.pk, _answering(answer), at=moment)
        pause_subscription(subscription_id=row.pk, by=officer, at=at)


def _answering(answer: Outcome) -> Send:
    return lambda _row, _message: answer
