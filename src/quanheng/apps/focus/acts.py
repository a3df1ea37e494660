"""The acts on the focus list: between an office and an entity, so the public log has the hash alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.kit.acts import InPublicLog, acts_of
from quanheng.kit.tones import Tone

DECIDERS = OFFICERS - {Role.INSPECTOR}
LISTED_ONES = ENTITY_ROLES - {Role.REPAIRER}

act = acts_of("focus", beyond=_("该记录不在您的管辖范围内"), in_public_log=InPublicLog.HASH_ALONE)

FOCUS_PROPOSED = act(
    "focus_proposed", _("提议列入重点监管名单"), tone=Tone.DUE, meaning="by the rule, not by anybody"
)
FOCUS_PROPOSAL_LAPSED = act(
    "focus_proposal_lapsed", _("列入重点监管名单的提议失效"), meaning="the rule does not propose it any more"
)
FOCUS_LISTED = act(
    "focus_listed", _("列入重点监管名单"), who=DECIDERS, tone=Tone.BAD, enforcement=True,
)  # fmt: skip
FOCUS_DECLINED = act("focus_declined", _("不予列入重点监管名单"), who=DECIDERS)
FOCUS_DOUBTED = act(
    "focus_doubted", _("列入重点监管名单的依据有变化"), tone=Tone.DUE,
    meaning="a result was corrected since; or stands again",
)  # fmt: skip
FOCUS_EXIT_PROPOSED = act("focus_exit_proposed", _("提议移出重点监管名单"), tone=Tone.DUE)
FOCUS_EXIT_LAPSED = act("focus_exit_lapsed", _("移出重点监管名单的提议失效"))
FOCUS_KEPT = act("focus_kept", _("不予移出重点监管名单"), who=DECIDERS)
FOCUS_LEFT = act("focus_left", _("移出重点监管名单"), who=DECIDERS, tone=Tone.OK)
FOCUS_LIFTED = act(
    "focus_lifted", _("撤销列入重点监管名单"), who=DECIDERS, tone=Tone.OK,
    meaning="it should not have been listed",
)  # fmt: skip
FOCUS_OBJECTED = act("focus_objected", _("对重点监管提出异议"), who=LISTED_ONES, tone=Tone.DUE)
FOCUS_ANSWERED = act("focus_answered", _("答复重点监管异议"), who=DECIDERS, tone=Tone.INFO)
