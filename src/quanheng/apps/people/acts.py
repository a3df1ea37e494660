"""The acts by which people come to accounts, and by which a unit keeps its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.acts import UNITS
from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.registry.acts import LEDGER_OFFICERS
from quanheng.kit.acts import Final, InPublicLog, acts_of
from quanheng.kit.tones import Tone

act = acts_of("people", beyond=_("该项不在您的管辖范围内"), in_public_log=InPublicLog.HASH_ALONE)

ENTITY_INVITED = act(
    "entity_invited", _("签发账号邀请"), who=OFFICERS, tone=Tone.INFO,
    meaning="an office invites the first account of an entity, or a new chief in place of the old",
)  # fmt: skip
STAFF_INVITED = act(
    "staff_invited", _("邀请本单位人员"), who=UNITS, tone=Tone.INFO, beyond=_("该单位不是您负责的")
)
INVITATION_REVOKED = act(
    "invitation_revoked",
    _("撤销账号邀请"),
    who=UNITS,
    final=Final(
        _("该邀请不能再用来开通账号。"),
        _("不能恢复；需要的，重新签发邀请。"),
    ),
)
INVITATION_TAKEN_UP = act(
    "invitation_taken_up", _("凭邀请开通账号"), tone=Tone.OK, meaning="by whoever holds the invitation"
)
INVITATION_LOCKED = act(
    "invitation_locked", _("账号邀请输错作废"), tone=Tone.BAD, meaning="as many wrong tries as it bears"
)
ACCOUNT_REQUESTED = act("account_requested", _("申请开通账号"), meaning="by the public, for an entity")
ACCOUNT_REQUEST_GRANTED = act("account_request_granted", _("同意开通账号"), who=LEDGER_OFFICERS, tone=Tone.OK)
ACCOUNT_REQUEST_REFUSED = act(
    "account_request_refused", _("不同意开通账号"), who=LEDGER_OFFICERS, tone=Tone.BAD
)
