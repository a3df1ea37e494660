"""The acts of verification, from application to certificate.

When each may be done is in regulation/verification_procedure.py.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.kit.acts import Final, acts_of

APPLICANTS = ENTITY_ROLES | (OFFICERS - {Role.INSPECTOR})
RECEPTION = frozenset({Role.INSTITUTE_CLERK, Role.INSTITUTE_MANAGER})
act = acts_of("certificates", beyond=_("该业务不归您所在的机构办理"))

VERIFICATION_APPLIED = act("verification_applied", _("申请检定"), who=APPLICANTS)
VERIFICATION_ACCEPTED = act("verification_accepted", _("受理检定"), who=RECEPTION)
VERIFICATION_REBOOKED = act(
    "verification_rebooked",
    _("改期"),
    meaning="The day of a booked verification is changed",
    who=RECEPTION | ENTITY_ROLES,
)
VERIFICATION_RETURNED = act("verification_returned", _("退回检定申请"), who=RECEPTION)
VERIFICATION_WITHDRAWN = act(
    "verification_withdrawn",
    _("撤回检定申请"),
    who=APPLICANTS,
    final=Final(
        _("预约取消，检定机构不再受理该器具。"),
        _("仍需检定的，重新申请。"),
    ),
)
INSTRUMENT_RECEIVED = act("instrument_received", _("接收器具"), who=RECEPTION | {Role.VERIFIER})
EXAMINATION_RECORDED = act("examination_recorded", _("录入检定结果"), who=frozenset({Role.VERIFIER}))
EXAMINATION_CHECKED = act("examination_checked", _("核验"), who=frozenset({Role.CHECKER}))
EXAMINATION_SENT_BACK = act(
    "examination_sent_back", _("退回重检"), who=frozenset({Role.CHECKER, Role.APPROVER})
)
CERTIFICATE_ISSUED = act(
    "certificate_issued",
    _("签发证书"),
    who=frozenset({Role.APPROVER}),
    final=Final(
        _("证书随即生效并对外公开，台账按结论更新。"),
        _("签发不能撤回；有误的，办理更正、换发或注销。"),
    ),
)
CERTIFICATE_CHANGE_ASKED = act("certificate_change_asked", _("申请变更证书"), who=INSTITUTE_STAFF)
CERTIFICATE_CHANGE_REFUSED = act(
    "certificate_change_refused", _("不批准变更证书"), who=frozenset({Role.APPROVER})
)
CERTIFICATE_CHANGE_WITHDRAWN = act(
    "certificate_change_withdrawn",
    _("撤回证书变更申请"),
    meaning="Whoever asked for a change takes it back before anybody has decided",
    who=INSTITUTE_STAFF,
    final=Final(
        _("变更申请不再审批，证书不变。"),
        _("仍需变更的，重新申请。"),
    ),
)
INSTITUTE_CHANGED = act(
    "institute_changed", _("检定机构能力变更"), who=frozenset({Role.INSTITUTE_MANAGER, Role.PROVINCE_OFFICER})
)
