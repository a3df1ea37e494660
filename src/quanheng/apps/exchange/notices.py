"""What is told of the platform for scales."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.exchange import acts
from quanheng.apps.exchange.models import TamperAlarm
from quanheng.apps.notices.addresses import Acts, Letter, Letters, to_street_and_county
from quanheng.apps.notices.kinds import kind
from quanheng.kit.tones import Tone


def _to_offices(told: Acts) -> Letters:
    events = [act.after.get("event") for act in told]
    rows = dict(
        TamperAlarm.objects.unscoped().filter(event__event_id__in=events).values_list("event__event_id", "pk")
    )
    for letter in to_street_and_county(told):
        yield Letter(letter.act, letter.to, rows.get(str(letter.act.after.get("event"))))


kind(
    "platform_alarm_received",
    _("收到国家平台报警"),
    who=OFFICERS,
    told_by=(acts.PLATFORM_ALARM_RECEIVED,),
    to=_to_offices,
    text=_("收到国家平台报警：%(subject)s"),
    many=_("收到国家平台报警：%(count)s 件"),
    of="platform-alarms",
    among="state=new",
    rows_of=lambda told: (act.after.get("alarm") for act in told),
    settled_by=(acts.PLATFORM_ALARM_TAKEN_UP,),
    tone=Tone.BAD,
)
