"""The refusals on instruments, their seals, codes and records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import RuleBroken, refusals_of
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.instrument_code import CodeUnreadable
from quanheng.regulation.instrument_states import Event

refuse = refusals_of("instruments")

NOT_YOURS_TO_UNSEAL = of_kit.NOT_YOURS.saying(
    _("“%(role)s”不能办理“%(purpose)s”，请由检定机构、维修单位或监管人员办理。")
)
INSTRUMENT_NOT_FOUND = refuse.not_found(
    "instrument_not_found", _("未找到该器具，或该器具不在您的管辖范围内。")
)
UNKNOWN_ITEM = refuse.invalid(
    "unknown_item", _("目录中没有“%(item)s”，请从强制管理目录中选择。"), fields=("item",)
)
PROPOSAL_NOT_FOUND = refuse.not_found(
    "proposal_not_found", _("未找到该变更申请，或该申请不在您的管辖范围内。")
)
FACT_UNREADABLE = refuse.invalid("fact_unreadable", _("%(why)s"), also=("field",))
IN_FUTURE = refuse.invalid("in_future", _("%(day)s晚于今天，请填写今天或之前的日期。"), fields=("on",))
NOT_TO_BE_CONFIRMED = refuse.conflict(
    "not_to_be_confirmed",
    _("器具当前状态为“%(state)s”，不能办理“确认信息无变化”。请在备案通过后确认；已报废的不用确认。"),
)
ALREADY_SCRAPPED = refuse.conflict("already_scrapped", _("器具已报废，不能办理此事项。请核对器具。"))
SEALS_NO_MORE = ALREADY_SCRAPPED.saying(_("器具已报废，不能施封。请核对器具。"))
NO_NUMBER = refuse.invalid("no_number", _("请填写铅封编号。"), fields=("number",))
SEAL_NUMBER_UNREADABLE = refuse.invalid(
    "seal_number_unreadable",
    _("铅封编号无法识别，请照实物填写，应含字母或数字，不超过 60 字。"),
    fields=("number",),
)
POSITION_SEALED = refuse.conflict(
    "position_sealed", _("“%(position)s”已有完好铅封 %(seal)s，请先登记启封或破损。"), fields=("position",)
)
BEFORE_PREVIOUS_ENDED = refuse.invalid(
    "before_previous_ended",
    _("“%(position)s”的铅封 %(number)s 于%(broken_on)s启封或破损，施封日期不能更早，请核对。"),
    fields=("on",),
)
SEAL_NUMBER_USED = refuse.conflict(
    "seal_number_used", _("铅封编号 %(number)s 在该器具上已使用过，请换用新铅封。"), fields=("number",)
)
SEAL_NUMBER_IN_USE = refuse.conflict(
    "seal_number_in_use",
    _("铅封编号 %(number)s 正在“%(carrier)s”上使用，请核对两台器具的实物铅封。"),
    also=("instrument",),
    fields=("number",),
)
SEAL_NUMBER_IN_USE_ELSEWHERE = SEAL_NUMBER_IN_USE.saying(
    _("铅封编号 %(number)s 正在您管辖范围以外的器具上使用，请核对实物；编号无误的，请报上级计量部门。")
)
NOT_A_DRAFT = refuse.conflict(
    "not_a_draft",
    _("器具当前状态为“%(state)s”，不能删除。待审核的请先撤回备案，已备案的请办理停用或报废。"),
)
DRAFT_STOOD_UPON = refuse.conflict(
    "draft_stood_upon", _("该器具还有部件或已有其他记录，不能删除。请先删除部件。")
)
HAS_CODE = refuse.conflict(
    "has_code", _("该器具已有编码 %(code)s。标签丢失或破损的，请办理补发新码。"), also=("value",)
)
NOT_FILED = refuse.conflict("not_filed", _("器具未备案或已报废，不能赋码。请先办理备案。"), also=("state",))
UNKNOWN_CODE = refuse.invalid(
    "unknown_code", _("本平台未发放编码 %(code)s，请核对标签。"), also=("value",), fields=("code",)
)
CODE_USED = refuse.conflict(
    "code_used", _("编码 %(code)s 已使用或已作废，请另换一枚标签。"), also=("value",), fields=("code",)
)
CODE_OF_OTHER_AREA = refuse.conflict(
    "code_of_other_area", _("该空白标签发放给%(area)s，不能用于其他辖区。请另换一枚标签。"), also=("value",)
)
INSTITUTE_PROCEDURE = refuse.forbidden(
    "institute_procedure", _("检定机构的检定结果须在检定任务中录入，经核验、批准后出具证书，不能直接登记。")
)
UNKNOWN_INSTITUTE = refuse.invalid(
    "unknown_institute",
    _("请从名单中选择检定机构。名单中没有的，请系统管理员先在机构管理中登记该机构。"),
    fields=("institute",),
)
UNKNOWN_REGULATION = refuse.invalid(
    "unknown_regulation", _("请从该类器具的检定规程中选择检定依据，不确定的可不填。"), fields=("regulation",)
)
CERTIFICATE_ELSEWHERE = refuse.conflict(
    "certificate_elsewhere",
    _("证书 %(number)s 已登记在其他单位的器具上，不能用于两家单位。请对照证书核对编号。"),
    fields=("certificate_number",),
)
BAD_MONTHS = refuse.invalid("bad_months", _("检定周期请填 1 至 240 个月；只作首次强制检定的请留空。"))
PERIOD_KNOWN = refuse.conflict(
    "period_known", _("%(regulation)s 自%(valid_from)s起的周期已登记，请核对启用日期。")
)
PERIOD_NOT_FOUND = refuse.not_found("period_not_found", _("未找到该检定周期，请刷新页面后重新选择。"))
NAME_MEANS_ANOTHER = refuse.conflict(
    "name_means_another", _("“%(names)s”已经是“%(other)s”的名称或俗称，请换一个名称。")
)
ITEM_NOT_FOUND = refuse.not_found("item_not_found", _("未找到该目录项，请重新选择。"))
NO_REGULATION = refuse.invalid("no_regulation", _("请填写检定规程的编号，如 JJG 539-2016。"))
NO_SOURCE = refuse.invalid("no_source", _("请写明依据：文件名称、文号、条款或查询网址。"))
BEFORE_REPLACED = refuse.invalid("before_replaced", _("新周期的启用日期须晚于被替代周期的启用日期。"))
INSTRUMENTS_IN_SERVICE = refuse.conflict(
    "instruments_in_service", _("该主体名下还有 %(left)s 台（件）器具未停用、报废或移交，请先办理后再注销。")
)
PAPER_NOT_SEEN = refuse.invalid(
    "paper_not_seen", _("请核对检定证书原件或照片后再核实，并勾选“已核对证书”。"), fields=("paper_seen",)
)
NOT_DECLARED = refuse.conflict("not_declared", _("该检定记录已核实，请刷新页面核对。"))
ALREADY_DISPUTED = refuse.conflict("already_disputed", _("%(asker)s已申请作废该检定记录，待复核。"))
DISPUTED_BEFORE_CONFIRMED = ALREADY_DISPUTED.saying(
    _("%(asker)s已申请作废该检定记录，请等另一人复核后再核实。")
)
NO_VALID_UNTIL = refuse.invalid("no_valid_until", _("请照证书填写有效期至。"), fields=("valid_until",))
VERIFICATION_NOT_FOUND = refuse.not_found("verification_not_found", _("未找到该检定记录，请刷新页面后重试。"))
ALREADY_VOID = refuse.conflict("already_void", _("该检定记录已作废，请刷新页面核对。"))
SEAL_NOT_FOUND = refuse.not_found("seal_not_found", _("该器具上没有这枚铅封，请刷新页面核对。"))
INTACT_SEAL_NOT_FOUND = SEAL_NOT_FOUND.saying(_("该器具上没有这枚完好铅封，请刷新页面核对。"))
NO_REASON_TO_CORRECT = of_kit.NO_REASON.saying(_("请写明更正的原因和核对实物的情况。"))
NO_REASON_TO_REFUSE = of_kit.NO_REASON.saying(_("请写明退回原因和需要补正的内容。"))
REFUSAL_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("退回原因请不要超过 %(most)s 字。"))
NO_CERTIFICATE = refuse.conflict(
    "no_certificate", _("申请的检定没有证书编号或检定机构，不能登记。请退回，让申请人照证书补填。")
)
PAPER_NOT_SEEN_TO_ACCEPT = PAPER_NOT_SEEN.saying(_("请核对检定证书原件或照片，勾选“已核对证书”后再同意。"))
PAPER_DIFFERS = refuse.conflict(
    "paper_differs",
    _("照证书填写的编号或有效期至与申请的不同。请再核对证书；确有不符的，请退回申请。"),
    fields=("certificate_number", "valid_until"),
)
PROPOSAL_NOT_WAITING = refuse.conflict("proposal_not_waiting", _("未找到该变更申请，或该申请已办理。"))
IMPOUNDED = refuse.conflict("impounded", _("器具当前状态为“查封扣押”，不能办理此事项。请先解除查封扣押。"))
BEFORE_PLACED = refuse.invalid(
    "before_placed", _("日期不能早于该器具在现位置的起始日期（%(placed_on)s），请核对。"), fields=("on",)
)
BEFORE_LAST_PLACEMENT = refuse.invalid(
    "before_last_placement", _("日期不能早于上次停止使用的日期（%(last_day)s），请核对。"), fields=("on",)
)
CHANGED_MEANWHILE = of_kit.CHANGED_MEANWHILE.saying(
    _("该器具刚刚被其他人修改，请刷新页面核对后再办理。"), also=("version",)
)
ALREADY_BROKEN = refuse.conflict(
    "already_broken", _("铅封 %(number)s 于%(broken_on)s已登记%(ended)s，请核对。")
)
NO_REASON_FOR_SEAL = of_kit.NO_REASON.saying(_("请写明铅封破损或启封的原因。"))
BEFORE_APPLIED = refuse.invalid(
    "before_applied", _("铅封 %(number)s 于%(applied_on)s施封，破损或启封不能更早。请核对。"), fields=("on",)
)
NO_REASON_TO_RETURN = of_kit.NO_REASON.saying(_("请写明退回原因和使用单位需要补正的内容。"))
REASON_TO_RETURN_TOO_LONG = of_kit.REASON_TOO_LONG.saying(_("退回原因请不要超过 %(most)s 字。"))
INSTRUMENTS_NOT_FOUND = INSTRUMENT_NOT_FOUND.saying(
    _("所选器具中有的已不存在，或不在您的管辖范围内，请刷新后重新选择。")
)
NO_REASON_TO_HOLD = of_kit.NO_REASON.saying(_("请写明%(act)s的原因和文书编号。"))
IMPORT_OUT_OF_REACH = of_kit.NOT_YOURS.saying(_("该主体已不在您的管辖范围内，请由主体所在地监管部门导入。"))
NO_ROWS = of_kit.NO_ROWS.saying(_("表中没有数据行，请检查后重新上传。"))
IMPORT_NOT_YOURS = of_kit.NOT_YOURS.saying(_("该主体不在您的管辖范围内，请由主体所在地监管部门导入。"))
NO_AREA = of_kit.NO_AREA.saying(_("请先选择台账所属的行政区划，或指定主体。"))
IMPORT_NOT_FOUND = refuse.not_found("import_not_found", _("未找到该导入批次，或该批次不在您的管辖范围内。"))
NO_REASON_TO_UNDO = of_kit.NO_REASON.saying(_("请写明撤销原因。"))
NOT_DONE = refuse.conflict("not_done", _("只有已完成的导入可以撤销。"))
STOOD_UPON = refuse.conflict(
    "stood_upon", _("该批器具已有后续业务（%(blocker)s），不能整体撤销。请逐台办理变更。")
)
UNDO_NOT_YOURS = of_kit.NOT_YOURS.saying(
    _("该批器具有的已备案，或不在您的管辖范围内，请由监管部门或上级机关撤销。")
)
CERTIFICATE_DIFFERS = refuse.conflict(
    "certificate_differs",
    _("证书 %(number)s 已登记，检定日期或结论与本行不同。台账未改动，请核对证书。"),
    fields=("certificate_number",),
)
NOT_IN_PREVIEW = refuse.conflict("not_in_preview", _("该导入批次不在待确认状态，请刷新页面核对。"))
UNKNOWN_COLUMNS = refuse.invalid(
    "unknown_columns", _("列“%(headers)s”所选的登记项不存在，请重新选择。可选：%(known)s。")
)
NOT_ASKED = refuse.conflict("not_asked", _("该导入批次无需指定列，请刷新页面核对。"))
BLANK_CODES_NOT_YOURS = of_kit.NOT_YOURS.saying(_("只能为本辖区发放空白码。"), also=("area_id",))
BATCH_SIZE = refuse.invalid("batch_size", _("一批空白码应为 1 至 %(most)s 个，请核对数量。"), also=("count",))
NO_BATCH = refuse.invalid("no_batch", _("请填写批次名称，例如“2026-11 一环路标签卷”。"))
BATCH_EXISTS = refuse.conflict("batch_exists", _("本辖区已有批次“%(batch)s”，请换一个名称。"))
REPAIR_ALREADY_DISPUTED = ALREADY_DISPUTED.saying(_("%(asker)s已提出申请，待另一人复核。"))
NOT_THE_ASKER = refuse.forbidden("not_the_asker", _("只有申请人可以撤回申请。"))
NOT_SEEN = refuse.invalid(
    "not_seen",
    _("请到现场核对器具未拆动、铅封完好且编号与登记一致，勾选“已到现场核对”后再同意。"),
    fields=("seen_whole",),
)
NOT_SENT_LAST = refuse.conflict(
    "not_sent_last", _("送修之后该器具已办理其他事项，不能撤销送修登记。请登记维修完成后重新检定。")
)
UNSEALED = refuse.conflict("unsealed", _("该器具的铅封已破损或启封，不能恢复检定。请重新施封并检定。"))
WITH_THE_WHOLE = refuse.conflict("with_the_whole", _("该部件随整机送修，请在整机上办理。"))
NOTHING_ENDED = refuse.conflict("nothing_ended", _("该次送修未使检定失效，请登记维修完成。"))
NOT_DISPUTED = refuse.conflict("not_disputed", _("该检定记录没有待复核的作废申请，可能已由他人办理。"))
REPAIR_NOT_DISPUTED = NOT_DISPUTED.saying(_("暂无待复核的更正送修申请，可能已由他人办理。请刷新页面核对。"))
SAME_PERSON = refuse.forbidden("same_person", _("申请人不能复核本人的申请，请由另一人复核。"))
RECEIVER_NOT_YOURS = of_kit.NOT_YOURS.saying(_("接收方不在您的管辖范围内，请由双方共同的上级机关办理。"))
SCRAPPED_STAYS = ALREADY_SCRAPPED.saying(_("器具已报废，不能变更使用地点。请核对器具。"))
PART_MOVES_WITH_WHOLE = refuse.conflict(
    "part_moves_with_whole", _("该部件（如油枪）随整机（如加油机）变更，请在所属整机上办理。")
)
NOTHING_CHANGES = refuse.conflict("nothing_changes", _("使用单位和位置与现状相同，请核对后再变更。"))
SEAL_NUMBER_JUST_TAKEN = SEAL_NUMBER_IN_USE.saying(
    _("铅封编号刚刚登记在另一台器具上，请核对实物铅封后重新办理。")
)
LABELS_NOT_YOURS = of_kit.NOT_YOURS.saying(_("标签由登录的人员打印，请先登录。"))
UNKNOWN_LAYOUT = refuse.invalid("unknown_layout", _("未找到该标签纸，请重新选择。"))
BAD_SKIP = refuse.invalid("bad_skip", _("已使用的位置应为 0 到 %(most)s，请核对。"))
NOTHING_TO_PRINT = refuse.conflict("nothing_to_print", _("所选范围内没有已赋码的器具，请先赋码。"))
NO_PROBLEM = refuse.invalid("no_problem", _("请选择遇到的问题。"))
REPORT_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("地点请不超过 120 字，说明请不超过 1000 字。"))
NO_WORDS = refuse.invalid("no_words", _("请写明发现的问题或未找到器具的情况。"))
OUTCOME_CONTRADICTS = refuse.invalid(
    "outcome_contradicts", _("出厂编号或铅封与台账不一致，检查结果请选“发现问题”。")
)
VERIFIED_IN_FUTURE = refuse.invalid(
    "verified_in_future", _("检定日期不能晚于今天。"), fields=("verified_on",)
)
VERIFIED_BEFORE_MADE = refuse.invalid(
    "verified_before_made",
    _("检定日期不能早于该器具的出厂日期（%(made)s），请核对。"),
    fields=("verified_on",),
)
VALIDITY_BACKWARD = refuse.invalid(
    "validity_backward", _("有效期至不能早于检定日期。"), fields=("valid_until",)
)
VALIDITY_TOO_LONG = refuse.invalid(
    "validity_too_long",
    _("按检定周期，%(on)s检定的有效期最晚至%(latest)s。请照证书核对。"),
    fields=("valid_until",),
)
ALREADY_RECORDED = refuse.conflict(
    "already_recorded", _("证书 %(number)s 已登记，请勿重复登记。"), fields=("certificate_number",)
)
SEAL_MISSING = refuse.conflict(
    "seal_missing", _("铅封破损或启封后须先重新施封，再登记检定合格。"), also=("positions",)
)
OUT_OF_REACH = of_kit.NOT_YOURS.saying(_("该主体不在您的管辖范围内，请由主体所在地监管部门登记。"))
SCRAPPED_CHANGES_NO_MORE = ALREADY_SCRAPPED.saying(_("器具已报废，不能修改。请核对器具。"))
NAMEPLATE_IS_FILED = refuse.conflict(
    "nameplate_is_filed", _("备案提交后，铭牌信息由监管部门更正。请在器具页面“修改登记”中提交变更申请。")
)
WHOLE_NOT_FOUND = refuse.not_found(
    "whole_not_found", _("未找到所属整机，或整机已报废、不属于该单位。请重选。"), fields=("parent_id",)
)
NO_ITEM = refuse.invalid("no_item", _("请选择目录项。"), fields=("item",))
NO_SERIAL_NUMBER = refuse.invalid(
    "no_serial_number",
    _("请填写出厂编号；编号看不清的，请填现场赋予的编号并注明。"),
    fields=("serial_number",),
)
NO_NAME = of_kit.NO_NAME.saying(_("请填写器具名称。"))
DATE_IN_FUTURE = IN_FUTURE.saying(_("%(label)s（%(day)s）晚于今天，请核对。"))
USED_BEFORE_MADE = refuse.invalid(
    "used_before_made", _("启用日期不能早于出厂日期。"), fields=("in_use_since",)
)
CAPACITY_REVERSED = refuse.invalid(
    "capacity_reversed",
    _("最小秤量应小于最大秤量，请核对铭牌。"),
    fields=("min_capacity_g", "max_capacity_g"),
)
SERIAL_NUMBER_TAKEN = refuse.conflict(
    "serial_number_taken",
    _("%(maker)s出厂编号 %(serial_number)s 已在台账中。请核对铭牌；确为同一台器具的，请办理变更。"),
    fields=("serial_number",),
)
NO_REASON_TO_REPAIR = of_kit.NO_REASON.saying(_("请写明送修的原因。"))
NO_REPAIRER = refuse.invalid("no_repairer", _("请填写维修单位。"), fields=("repairer",))
NO_WORK = refuse.invalid("no_work", _("请写明维修内容，包括更换和调整的部分。"), fields=("work",))
REPAIRER_NOT_FOUND = refuse.not_found(
    "repairer_not_found",
    _("未找到该维修单位，或该单位尚未建档确认。请重新选择，或暂不指定。"),
    fields=("repairer_id",),
)
NOT_RECEIVED = refuse.conflict("not_received", _("请先登记维修接收，再办理此事项。"))
ALREADY_RECEIVED = refuse.conflict("already_received", _("%(who)s已登记接收该器具，请刷新页面核对。"))
NOT_SENT_TO_YOU = refuse.conflict(
    "not_sent_to_you", _("该器具未送到贵单位维修，或维修已结束，请刷新页面核对。")
)
NOT_UNDER_REPAIR = refuse.conflict("not_under_repair", _("该器具不在维修中，请先登记送修。"))
ALREADY_WITH_REPAIRER = refuse.conflict(
    "already_with_repairer", _("该器具已送修至%(repairer)s，请选择其他维修单位。"), fields=("repairer_id",)
)
NO_REASON_TO_REPLACE = of_kit.NO_REASON.saying(_("请写明补发原因，例如标签丢失、破损。"))
NO_CODE = refuse.conflict("no_code", _("该器具尚无编码，请直接赋码或绑码。"))
NO_REASON = of_kit.NO_REASON.saying(_("请写明%(act)s的原因。"))
IMPOUNDED_STAYS_SEALED = IMPOUNDED.saying(_("器具当前状态为“查封扣押”，不能启封。请先解除查封扣押。"))
CANNOT_UNSEAL = refuse.conflict(
    "cannot_unseal", _("器具当前状态为“%(state)s”，不能“%(purpose)s”。发现铅封断开的，请登记铅封破损。")
)
CANNOT_UNSEAL_FOR_REPAIR = CANNOT_UNSEAL.saying(
    _("器具当前状态为“%(state)s”，不能“%(purpose)s”。请先登记送修。")
)
OWN_WITNESS = refuse.invalid(
    "own_witness", _("见证人不能是启封人本人，请填写另一位在场人员。"), fields=("witness",)
)
NO_WITNESS = refuse.invalid(
    "no_witness", _("%(ended_as)s须有见证人，请填写在场见证人员的姓名。"), fields=("witness",)
)
VOIDER_DECIDES_NOT = SAME_PERSON.saying(_("申请人不能复核本人的作废申请，请由另一人复核。"))
ONLY_VOIDER_WITHDRAWS = NOT_THE_ASKER.saying(_("只有申请人可以撤回作废申请；您可以复核该申请。"))
ASKS_BACK = refuse.conflict("asks_back", _("该申请是更正送修登记，请在“复核更正送修申请”中办理。"))
ISSUED_HERE = refuse.conflict(
    "issued_here", _("本平台出具的证书有误的，由出具机构申请变更或注销证书，不能在此作废。")
)
NO_REASON_TO_VOID = of_kit.NO_REASON.saying(_("请写明理由，由复核人判断。"))
REASON_TO_VOID_TOO_LONG = of_kit.REASON_TOO_LONG.saying(_("理由请不要超过 %(most)s 字。"))
NO_REASON_TO_WITHDRAW = of_kit.NO_REASON.saying(_("请写明撤回的理由。"))
WITHDRAWAL_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("撤回的理由请不要超过 %(most)s 字。"))
ONLY_ASKER_WITHDRAWS = NOT_THE_ASKER.saying(_("只有申请人可以撤回变更申请。"))

CANNOT = {
    event: refuse.conflict(
        f"cannot_{event}", _("器具 %(serial_number)s 当前状态为“%(state)s”，不能办理此事项。请刷新页面核对。")
    )
    for event in Event
}
ALREADY_HELD = refuse.conflict("already_held", _("该器具已办理“%(act)s”，请勿重复办理。"))
NOT_HELD = refuse.conflict("not_held", _("该器具未被查封扣押或锁机，不能办理“%(act)s”，请刷新页面核对。"))
UNKNOWN_FACTS = refuse.invalid("unknown_facts", _("无法识别的登记项：%(fields)s。请核对拼写。"))
FACTS_STAY = UNKNOWN_FACTS.saying(_("以下项目不能在此修改：%(fields)s。请删除后重新提交。"))

CODE_UNREADABLE = refuse.invalid("code_unreadable", _("编码无法识别，请对照标签逐组核对。"), fields=("code",))
CODE_FAULTS = {
    "empty": CODE_UNREADABLE.saying(_("请输入标签上的编码。"), also=("fault",)),
    "length": CODE_UNREADABLE.saying(
        _("编码应为 %(length)s 位字母和数字，现在是 %(typed)s 位。请对照标签逐组核对。"), also=("fault",)
    ),
    "symbol": CODE_UNREADABLE.saying(
        _("编码只有数字和大写字母，不含“%(symbol)s”。请对照标签逐组核对。"), also=("fault",)
    ),
    "version": CODE_UNREADABLE.saying(
        _("编码应以 Q1 开头。请从标签上的第一个字符开始输入。"), also=("fault",)
    ),
    "check": CODE_UNREADABLE.saying(
        _("编码校验不符，可能有一两位输错或前后颠倒。请对照标签逐组核对。"), also=("fault",)
    ),
}
BAD_CERTIFICATE_NUMBER = refuse.invalid(
    "bad_certificate_number", _("证书编号有误，请对照证书核对。"), fields=("certificate_number",)
)
CERTIFICATE_NUMBER_FAULTS = {
    "unseen_sign": BAD_CERTIFICATE_NUMBER.saying(_("证书编号中有看不见的字符，请重新输入。")),
    "empty": BAD_CERTIFICATE_NUMBER.saying(_("请输入证书编号。")),
    "too_long": BAD_CERTIFICATE_NUMBER.saying(_("证书编号最长 %(most)s 个字符，请核对。")),
    "no_digit": BAD_CERTIFICATE_NUMBER.saying(_("证书编号中应有数字，请对照证书核对。")),
}


def code_unreadable(fault: CodeUnreadable) -> RuleBroken:
    """Return the refusal of what was typed for a code and is none."""
    return CODE_FAULTS[fault.fault](fault=fault.fault, **fault.facts)


def bad_certificate_number(fault: CaseFault) -> RuleBroken:
    """Return the refusal of what was typed for the number of a certificate."""
    return CERTIFICATE_NUMBER_FAULTS[fault.code](**fault.facts)


REPORT_NOT_FOUND = refuse.not_found(
    "report_not_found", _("未找到该消费者反映，或该反映不在您的管辖范围内。请从“消费者反映”列表打开。")
)
REPORT_NOT_NEW = refuse.conflict(
    "report_not_new", _("反映当前状态为“%(state)s”，不能再次开始核查。请查看核查人和核查情况。")
)
REPORT_NOT_TAKEN_UP = refuse.conflict(
    "report_not_taken_up", _("反映当前状态为“%(state)s”，不能办结。请先开始核查；已办结的不再办理。")
)
REPORT_NOT_CLOSED = refuse.conflict(
    "report_not_closed", _("反映当前状态为“%(state)s”，不能重新核查。请先办结。")
)
NO_REASON_TO_REOPEN = of_kit.NO_REASON.saying(_("请写明重新核查的原因，例如结论有误、收到新的线索。"))
REOPENING_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("重新核查的原因请不超过 %(most)s 字。"))
REPORT_IS_CLOSED = refuse.conflict(
    "report_is_closed", _("该反映已办结，不再登记或转办。需要重新核查的，请联系办结的监管部门。")
)
NO_HOTLINE_NOTE = refuse.invalid("no_hotline_note", _("请写明登记内容，例如来电人补充的情况。"))
NO_HOTLINE_REPLY = refuse.invalid("no_hotline_reply", _("请写明答复内容。"))
HOTLINE_TEXT_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("请不超过 %(most)s 字，删减后再提交。"))
REPORT_PASSED_ON_ALREADY = refuse.conflict(
    "report_passed_on_already", _("该反映已转办，并已开始核查。需要补充的，请用“登记”。")
)
REPORT_STAYS_WITH_ITS_INSTRUMENT = refuse.conflict(
    "report_stays_with_its_instrument",
    _("该反映的器具由备案地点的监管部门核查，不能转到其他区划。请不选区划再转办。"),
)
OFFICE_OUT_OF_REACH = refuse.invalid("office_out_of_reach", _("请选择本辖区内的区划。"))
NO_REPORT_FINDING = refuse.invalid("no_report_finding", _("请选择核查结论：属实、不属实或无法核实。"))
NO_REPORT_ANSWER = refuse.invalid("no_report_answer", _("请填写核查情况和答复，两项都不能为空。"))
REPORT_ANSWER_TOO_LONG = refuse.invalid(
    "report_answer_too_long", _("核查情况和答复各不超过 %(most)s 字，请删减后再提交。")
)
