"""The acts on instruments: what each is called, who may do it, who hears of it.

When it may be done is in regulation/instrument_states.py.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.kit.acts import Final, InPublicLog, acts_of
from quanheng.kit.assignments import capacity
from quanheng.kit.tones import Tone

LEDGER_OFFICERS = OFFICERS - {Role.INSPECTOR}
OWNERS_AND_OFFICERS = ENTITY_ROLES | OFFICERS
APPROVERS = frozenset({Role.APPROVER})
HOTLINE = frozenset({Role.HOTLINE_AGENT})
IMPORTERS = OFFICERS | {Role.MARKET_OPERATOR, Role.INSTRUMENT_USER}

# A repairer reads the instrument and its seals, and the names of whose it is; no verification, no contact, no
# act of others. What is written is in the policies of migration 0031: never anything that could be trusted.
REPAIR = capacity(
    "repair", _("维修"), kind="instrument", roles={Role.REPAIRER},
    reads=("instruments_instrument", "instruments_seal"),
)  # fmt: skip
BY_REPAIRER = frozenset({REPAIR})

act = acts_of("instruments", beyond=_("该器具不在您的管辖范围内"))

INSTRUMENT_REGISTERED = act("instrument_registered", _("器具登记"), who=OWNERS_AND_OFFICERS)
INSTRUMENT_CHANGED = act("instrument_changed", _("器具信息变更"), who=OWNERS_AND_OFFICERS)
CHANGE_PROPOSED = act(
    "change_proposed",
    _("申请变更器具信息"),
    meaning="Asked for by whoever may not write it; the ledger stays as it is",
    who=OWNERS_AND_OFFICERS,
)
CHANGE_ACCEPTED = act(
    "change_accepted",
    _("同意变更申请"),
    meaning="What it writes, it writes by acts of its own, in the officer's name",
    who=LEDGER_OFFICERS,
)
CHANGE_RETURNED = act("change_returned", _("退回变更申请"), who=LEDGER_OFFICERS)
CHANGE_WITHDRAWN = act(
    "change_withdrawn",
    _("撤回变更申请"),
    meaning="Whoever asked takes it back before the office has decided",
    who=OWNERS_AND_OFFICERS,
    final=Final(
        _("申请不再审核，台账不变。"),
        _("仍需变更的，重新申请。"),
    ),
)
FILING_SUBMITTED = act("filing_submitted", _("提交备案"), who=OWNERS_AND_OFFICERS)
FILING_WITHDRAWN = act(
    "filing_withdrawn",
    _("撤回备案"),
    meaning="Whoever filed takes it back before the office has looked at it; it is a draft again",
    who=OWNERS_AND_OFFICERS,
    final=Final(
        _("该器具退回为草稿，监管部门不再审核。"),
        _("需要备案的，重新提交即可。"),
    ),
)
DRAFT_DELETED = act(
    "draft_deleted",
    _("删除草稿"),
    meaning="A row that no office ever accepted leaves the ledger; the log keeps what it said",
    who=OWNERS_AND_OFFICERS,
    tone=Tone.DUE,
    final=Final(
        _("该登记从台账中删除，操作日志保留原内容。"),
        _("删除后不能恢复，误删的须重新登记。"),
    ),
)
FILING_ACCEPTED = act(
    "filing_accepted",
    _("备案通过"),
    meaning="The instrument enters service",
    who=LEDGER_OFFICERS,
    tone=Tone.OK,
    on_scan_page=Tone.QUIET,
)
FILING_RETURNED = act("filing_returned", _("备案退回"), who=LEDGER_OFFICERS, tone=Tone.DUE)
# An office reads it from the paper; the approver's is the last step of an institute's own procedure.
VERIFICATION_RECORDED = act(
    "verification_recorded", _("检定登记"), who=LEDGER_OFFICERS | APPROVERS, tone=Tone.OK
)
VERIFICATION_CONFIRMED = act(
    "verification_confirmed",
    _("核实检定记录"),
    meaning="An office with the paper before it, or e-CQS, answers for what was declared or typed",
    who=LEDGER_OFFICERS,
    tone=Tone.OK,
)
VERIFICATION_DISPUTED = act(
    "verification_disputed",
    _("申请作废检定记录"),
    meaning="One officer asks for a wrongly recorded verification to be voided",
    who=LEDGER_OFFICERS,
    tone=Tone.DUE,
)
DISPUTE_WITHDRAWN = act(
    "dispute_withdrawn",
    _("撤回作废申请"),
    meaning="The officer who asked takes it back before a second one has decided",
    who=LEDGER_OFFICERS,
)
VERIFICATION_UPHELD = act("verification_upheld", _("不同意作废检定记录"), who=LEDGER_OFFICERS)
VERIFICATION_VOIDED = act(
    "verification_voided",
    _("作废检定记录"),
    meaning="A second officer agrees: it counts as never recorded",
    who=LEDGER_OFFICERS,
    tone=Tone.BAD,
    final=Final(
        _("该检定记录视为从未登记，扫码页和受检率随之改变。"),
        _("不能恢复；作废有误的，凭检定证书重新登记。"),
    ),
)
SEAL_APPLIED = act("seal_applied", _("施封"), who=OFFICERS | INSTITUTE_STAFF, tone=Tone.OK)
SEAL_BROKEN = act(
    "seal_broken",
    _("铅封破损"),
    meaning="A seal was found broken; the verification is void from that day",
    who=OFFICERS | INSTITUTE_STAFF,
    tone=Tone.BAD,
    final=Final(
        _("原检定随即失效，扫码显示“铅封破损”，该器具不得使用。"),
        _("不能撤销；登记有误的，须重新施封并检定合格后才恢复有效。"),
    ),
)
SEAL_OPENED = act(
    "seal_opened",
    _("启封"),
    meaning="A seal was opened lawfully; the verification is void, and nobody is suspected of anything",
    who=OFFICERS | INSTITUTE_STAFF | {Role.REPAIRER},
    tone=Tone.DUE,
    assigned_as=BY_REPAIRER,
    final=Final(
        _("原检定随即失效，重新施封并检定合格前不得使用。"),
        _("不能撤销；登记有误的，须重新施封并检定合格后才恢复有效。"),
    ),
)
# Never whoever puts seals on.
SEAL_CORRECTED = act(
    "seal_corrected",
    _("更正铅封编号"),
    meaning="The number in the ledger was not the one on the seal",
    who=LEDGER_OFFICERS,
    tone=Tone.DUE,
    on_scan_page=Tone.QUIET,
)
INSTRUMENT_MOVED = act("instrument_moved", _("变更使用地点或使用人"), who=OWNERS_AND_OFFICERS)
USE_STOPPED = act(
    "use_stopped",
    _("停用"),
    who=OWNERS_AND_OFFICERS,
    on_scan_page=Tone.BAD,
    final=Final(
        _("扫码显示“已停用”，停用期间不计入受检率。"),
        _("停用记录保留；要继续使用的，办理“恢复使用”。"),
    ),
)
USE_RESUMED = act("use_resumed", _("恢复使用"), who=OWNERS_AND_OFFICERS, on_scan_page=Tone.QUIET)
SEALED_UP = act(
    "sealed_up",
    _("封存"),
    who=OWNERS_AND_OFFICERS,
    on_scan_page=Tone.BAD,
    enforcement=True,
    final=Final(
        _("扫码显示“封存”，该器具不得使用。"),
        _("封存记录保留；要继续使用的，办理“恢复使用”。"),
    ),
)
SENT_TO_REPAIR = act(
    "sent_to_repair", _("送修"), who=OWNERS_AND_OFFICERS, tone=Tone.DUE, on_scan_page=Tone.BAD
)
REPAIRER_CHANGED = act(
    "repairer_changed",
    _("变更维修单位"),
    meaning="Another repairer is named; what the one before reached ends",
    who=OWNERS_AND_OFFICERS,
)
REPAIR_RECEIVED = act(
    "repair_received",
    _("维修接收"),
    meaning="The repairer has the instrument, says the repairer",
    who=frozenset({Role.REPAIRER}),
    assigned_as=BY_REPAIRER,
)
REPAIR_DECLINED = act(
    "repair_declined",
    _("退回送修"),
    meaning="The repairer gives it back unrepaired, or never had it; it stays out of use",
    who=frozenset({Role.REPAIRER}),
    tone=Tone.DUE,
    assigned_as=BY_REPAIRER,
)
REPAIR_DISPUTED = act(
    "repair_disputed",
    _("申请更正送修登记"),
    meaning="It was sent to repair by mistake, says whoever has it or an officer",
    who=OWNERS_AND_OFFICERS,
)
REPAIR_DISPUTE_WITHDRAWN = act("repair_dispute_withdrawn", _("撤回更正送修申请"), who=OWNERS_AND_OFFICERS)
REPAIR_UPHELD = act("repair_upheld", _("不同意更正送修登记"), who=LEDGER_OFFICERS)
REPAIR_TAKEN_BACK = act(
    "repair_taken_back",
    _("撤销送修登记"),
    meaning="A second person, an officer who saw it whole on site: it stands as before it was sent",
    who=LEDGER_OFFICERS,
    tone=Tone.DUE,
    on_scan_page=Tone.QUIET,
    final=Final(
        _("送修登记视为有误，器具恢复到送修前的状态。"),
        _("不能撤销；确需维修的，重新办理送修。"),
    ),
)
REPAIRED = act(
    "repaired",
    _("维修完成"),
    meaning="The instrument waits for verification, it is not in use",
    who=OWNERS_AND_OFFICERS | INSTITUTE_STAFF,
    on_scan_page=Tone.QUIET,
    assigned_as=BY_REPAIRER,
)
UNCHANGED = act(
    "instrument_unchanged",
    _("确认信息无变化"),
    meaning="Whoever keeps it says that it is there as the ledger has it; that proves no verification",
    who=OWNERS_AND_OFFICERS - {Role.REPAIRER},
)
ATTACHED = act(
    "attachment_added",
    _("添加照片或附件"),
    meaning="To an instrument or to an entity's file; the digests stand in the act",
    who=OWNERS_AND_OFFICERS | INSTITUTE_STAFF,
)
ATTACHMENT_WITHDRAWN = act(
    "attachment_withdrawn",
    _("撤下照片或附件"),
    meaning="With the reason; the office can still open it, and its act keeps the digest",
    who=OWNERS_AND_OFFICERS | INSTITUTE_STAFF,
    tone=Tone.DUE,
    final=Final(
        _("仅监管人员可以打开，操作记录保留摘要。"),
        _("不能恢复；仍需要的，重新添加。"),
    ),
)
CHECKED = act("checked", _("现场检查"), who=OFFICERS, on_scan_page=Tone.QUIET, enforcement=True)
CHECK_CORRECTED = act(
    "check_corrected",
    _("更正现场检查结果"),
    meaning="By two people; the act that was wrong stays in the file",
    who=OFFICERS,
    on_scan_page=Tone.QUIET,
)
SCRAPPED = act(
    "scrapped",
    _("报废"),
    who=LEDGER_OFFICERS | ENTITY_ROLES,
    on_scan_page=Tone.BAD,
    final=Final(
        _("该器具不再使用，器具码随之停用。"),
        _("报废不能撤销；误报废的，须重新登记并备案。"),
    ),
)
LOCKED = act("locked", _("锁机"), who=OFFICERS | INSTITUTE_STAFF, tone=Tone.BAD, enforcement=True)
UNLOCKED = act("unlocked", _("解锁"), who=OFFICERS | INSTITUTE_STAFF)
IMPOUNDED = act("impounded", _("查封扣押"), who=OFFICERS, tone=Tone.BAD, enforcement=True)
RELEASED = act("released", _("解除查封扣押"), who=OFFICERS)
CODE_BOUND = act(
    "code_bound",
    _("现场绑码"),
    meaning="A blank label was stuck on and bound on site",
    who=OFFICERS | INSTITUTE_STAFF | {Role.MARKET_OPERATOR},
    on_scan_page=Tone.QUIET,
)
CODE_REPLACED = act(
    "code_replaced",
    _("补发新码"),
    who=OFFICERS,
    on_scan_page=Tone.QUIET,
    final=Final(
        _("旧码停用，扫旧码显示“已换发”。"),
        _("旧码不能恢复；新码有误的，再办理一次补发。"),
    ),
)
LABELS_PRINTED = act("labels_printed", _("打印标签"), who=OWNERS_AND_OFFICERS | INSTITUTE_STAFF)
# What a change of a certificate means to the ledger; certificates/acts.py has the procedure.
CERTIFICATE_AMENDED = act(
    "certificate_amended",
    _("更正证书"),
    who=APPROVERS,
    final=Final(
        _("更正后的证书成为现行版本，原版本保留可查。"),
        _("不能撤销；更正有误的，再次申请变更。"),
    ),
)
CERTIFICATE_REPLACED = act(
    "certificate_replaced",
    _("换发证书"),
    who=APPROVERS,
    final=Final(
        _("原证书失效，由新证书代替，公众查验随即更新。"),
        _("不能撤销；换发有误的，再次申请变更。"),
    ),
)
CERTIFICATE_REVOKED = act(
    "certificate_revoked",
    _("注销证书"),
    who=APPROVERS,
    enforcement=True,
    final=Final(
        _("证书失效，对应的检定随即失效，公众查验随即更新。"),
        _("不能恢复；注销有误的，须重新检定并签发证书。"),
    ),
)
IMPORT_COMMITTED = act("import_committed", _("台账导入"), who=IMPORTERS)
IMPORT_UNDONE = act(
    "import_undone",
    _("撤销导入"),
    who=IMPORTERS,
    final=Final(
        _("这次导入的器具和记录整体删除，操作日志保留。"),
        _("不能恢复；仍需登记的，重新导入原表。"),
    ),
)
# What was recorded before 2026-12 named the instrument in the public log, and it stays so; no page tells it.
PUBLIC_REPORT_RECEIVED = act("public_report_received", _("收到扫码反映"), withheld=True)
SHOPPER_REPORT_RECEIVED = act(
    "shopper_report_received", _("收到消费者反映"), in_public_log=InPublicLog.WITHOUT_INSTRUMENT
)
SHOPPER_REPORT_TAKEN_UP = act(
    "shopper_report_taken_up",
    _("核查消费者反映"),
    who=OFFICERS,
    in_public_log=InPublicLog.WITHOUT_INSTRUMENT,
)
SHOPPER_REPORT_CLOSED = act(
    "shopper_report_closed",
    _("办结消费者反映"),
    meaning="With what was found; from here on the public record says that there was a report",
    who=OFFICERS,
    public_facts=("report_finding",),
)
SHOPPER_REPORT_REOPENED = act(
    "shopper_report_reopened",
    _("重新核查消费者反映"),
    meaning="What was found no longer stands; the log keeps it",
    who=OFFICERS,
)
SHOPPER_REPORT_NOTED = act(
    "shopper_report_noted",
    _("12315 登记消费者反映"),
    meaning="The hotline has read it and wrote down what it knows besides",
    who=HOTLINE,
    in_public_log=InPublicLog.WITHOUT_INSTRUMENT,
)
SHOPPER_REPORT_PASSED_ON = act(
    "shopper_report_passed_on",
    _("12315 转办消费者反映"),
    who=HOTLINE,
    in_public_log=InPublicLog.WITHOUT_INSTRUMENT,
)
SHOPPER_REPORT_REPLIED = act(
    "shopper_report_replied",
    _("12315 答复反映人"),
    meaning="Read under the number of the receipt, beside the office's own answer",
    who=HOTLINE,
    in_public_log=InPublicLog.WITHOUT_INSTRUMENT,
)
RULES_CHANGED = act("rules_changed", _("规则数据变更"), who=frozenset({Role.PROVINCE_OFFICER}))
