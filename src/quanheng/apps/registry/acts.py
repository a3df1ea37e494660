"""The acts on the files of entities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.kit.acts import Final, InPublicLog, acts_of
from quanheng.kit.tones import Tone

LEDGER_OFFICERS = OFFICERS - {Role.INSPECTOR}

act = acts_of("registry", beyond=_("该主体不在您的管辖范围内"))

PERSONAL_DATA_REVEALED = act(
    "personal_data_revealed",
    _("查看个人信息"),
    who=OFFICERS | ENTITY_ROLES,
    in_public_log=InPublicLog.HASH_ALONE,
)
PERSONAL_DATA_ALARM = act(
    "personal_data_alarm",
    _("频繁查看个人信息"),
    meaning="as many in a day as the office is told of",
    in_public_log=InPublicLog.HASH_ALONE,
)
ENTITY_REGISTERED = act("entity_registered", _("主体建档"), who=OFFICERS | {Role.MARKET_OPERATOR})
ENTITY_CONFIRMED = act("entity_confirmed", _("主体确认"), who=LEDGER_OFFICERS)
ENTITY_CHANGED = act("entity_changed", _("主体信息变更"), who=OFFICERS | ENTITY_ROLES)
ENTITY_UNCHANGED = act(
    "entity_unchanged",
    _("确认档案无变化"),
    meaning="Whoever keeps the file says that it is still so",
    who=OFFICERS | {Role.MARKET_OPERATOR, Role.INSTRUMENT_USER},
)
ENTITY_CLOSED = act(
    "entity_closed",
    _("主体注销"),
    who=LEDGER_OFFICERS,
    final=Final(
        _("档案转为“已注销”，不能再登记器具。"),
        _("不能恢复；注销有误的，须重新建档。"),
    ),
)
CODES_ISSUED = act("codes_issued", _("赋码"), who=LEDGER_OFFICERS, on_scan_page=Tone.QUIET)
