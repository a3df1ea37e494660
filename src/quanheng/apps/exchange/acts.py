"""The acts of the exchange with national systems."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.kit.acts import Final, InPublicLog, acts_of

BY_FILE = OFFICERS - {Role.INSPECTOR}
act = acts_of("exchange")

EXCHANGE_RUN = act(
    "exchange_run", _("与国家系统交换数据"), meaning="A file for e-CQS was written or taken in", who=BY_FILE
)
PLATFORM_ALARM_RECEIVED = act(
    "platform_alarm_received", _("收到国家平台报警"), in_public_log=InPublicLog.WITHOUT_INSTRUMENT
)
PLATFORM_ALARM_TAKEN_UP = act(
    "platform_alarm_taken_up",
    _("核查国家平台报警"),
    who=OFFICERS,
    in_public_log=InPublicLog.WITHOUT_INSTRUMENT,
)
PLATFORM_ALARM_CLOSED = act(
    "platform_alarm_closed", _("办结国家平台报警"), who=OFFICERS, in_public_log=InPublicLog.WITHOUT_INSTRUMENT
)
PLATFORM_EVENT_DISMISSED = act(
    "platform_event_dismissed",
    _("国家平台事件不予登记"),
    meaning="An event that is none of ours",
    who=BY_FILE,
    final=Final(
        _("该事件不登记到任何器具。"),
        _("不能撤销；有误的，请国家平台重新推送。"),
    ),
)
