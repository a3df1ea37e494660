"""The refusals on the way from an application to a certificate."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments import refusals as of_instruments
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import Refusal, refusals_of
from quanheng.kit.tones import Text
from quanheng.regulation.verification_procedure import Move

refuse = refusals_of("certificates")

BAD_READINGS = refuse.invalid("bad_readings", _("%(why)s"))
NO_FREE_DAY = refuse.conflict(
    "no_free_day", _("所选日期起八周内没有空余时段，请另选日期或调整每日可检台数。")
)
NOBODY_AUTHORISED = refuse.conflict(
    "nobody_authorised",
    _("暂无获授权在该区域检定这些器具的机构：%(names)s。请联系当地市场监管部门。"),
    also=("instruments",),
)
NOTHING_CHOSEN = refuse.invalid("nothing_chosen", _("请先勾选器具，再申请。"))
TOO_MANY = refuse.invalid("too_many", _("一次最多申请 %(most)s 台（件），请分批办理。"))
INSTRUMENTS_NOT_FOUND = of_instruments.INSTRUMENTS_NOT_FOUND
NOT_IN_SERVICE = refuse.conflict(
    "not_in_service", _("器具 %(serial_number)s 当前状态为“%(state)s”，不能申请检定。"), also=("instrument",)
)
ALREADY_APPLIED = refuse.conflict(
    "already_applied",
    _("器具 %(serial_number)s 已有正在办理的检定申请，请勿重复申请。"),
    also=("instrument",),
)
JUST_APPLIED = ALREADY_APPLIED.saying(_("所选器具中有的刚刚被申请，请刷新后核对。"))
NO_REASON_TO_CHANGE = of_kit.NO_REASON.saying(_("请写明变更证书的原因。"))
CHANGE_WAITING = refuse.conflict("change_waiting", _("该证书已有变更待批准，请先办结该变更。"))
CHANGE_IS_ANOTHER = refuse.conflict(
    "change_is_another", _("待批准的变更已不是页面上的这一项，请核对后重新办理。")
)
NOT_CORRECTABLE = refuse.invalid(
    "not_correctable", _("检定数据、结论和日期不能更正，请重新检定。"), also=("field",)
)
NOTHING_CORRECTED = refuse.invalid("nothing_corrected", _("各项与原证书相同，请填写要更正的内容。"))
AUTHORISES_NOT = of_kit.NOT_YOURS.saying(_("计量授权由省级市场监管部门登记，请联系省局。"))
NO_ITEMS = refuse.invalid("no_items", _("请至少选择一个目录项。"))
NO_AREA = of_kit.NO_AREA.saying(_("请选择现行的行政区划。"))
CAPACITY_OUT_OF_RANGE = refuse.invalid("capacity_out_of_range", _("每日可检台数应在 1 到 %(most)s 之间。"))
ALREADY_AUTHORISED = refuse.conflict(
    "already_authorised", _("所选目录项中有的已登记同一区域、同一起始日的授权，请核对。")
)
NOT_AUTHORISED = refuse.conflict(
    "not_authorised", _("该机构%(day)s没有检定这类器具、覆盖该区域的有效授权，请核对授权证书。")
)
STANDARD_NOT_FOUND = refuse.not_found("standard_not_found", _("未找到该计量标准，请选择本机构的计量标准。"))
STANDARD_OUT_OF_VALIDITY = refuse.conflict(
    "standard_out_of_validity",
    _("计量标准“%(name)s”%(day)s不在有效期或溯源有效期内，请换用其他计量标准。"),
    also=("standard",),
)
STANDARD_NOT_FOR_ITEM = refuse.conflict(
    "standard_not_for_item", _("计量标准“%(standard)s”不适用于这类器具，请换用其他计量标准。")
)
NOT_QUALIFIED = refuse.forbidden(
    "not_qualified",
    _("您%(day)s没有这类器具%(words)s的有效资格，请由有资格的人员办理。"),
    also=("duty",),
)
SAME_PERSON = of_instruments.SAME_PERSON.saying(_("提出人不能批准本人提出的变更，请由另一人批准。"))
CERTIFICATE_NOT_FOUND = refuse.not_found(
    "certificate_not_found", _("未找到该证书，或该证书不在您的管辖范围内。")
)
CERTIFICATE_NOT_VALID = refuse.conflict(
    "certificate_not_valid", _("证书当前状态为“%(state)s”，不能办理变更。请刷新页面核对。")
)
CHANGE_NOT_FOUND = refuse.not_found("change_not_found", _("未找到该变更，或该变更不在您的管辖范围内。"))
ALREADY_DECIDED = refuse.conflict("already_decided", _("该变更已办理，请刷新页面核对。"))
NO_REASON_TO_SEND_BACK = of_kit.NO_REASON.saying(_("请写明退回的原因。"))
NO_NAMEPLATE = refuse.conflict(
    "no_nameplate", _("台账缺少该秤的准确度等级、最大秤量或检定分度值，请先补登铭牌信息。")
)
CHECKS_UNREADABLE = BAD_READINGS.saying(_("检查项目应写成 {名称: true 或 false}。"))
NO_REASON_TO_END = of_kit.NO_REASON.saying(_("请写明提前终止的原因。"))
ROW_NOT_FOUND = refuse.not_found("row_not_found", _("未找到该登记，请刷新页面后重新选择。"))
ENDS_NO_AUTHORISATION = of_kit.NOT_YOURS.saying(_("计量授权由省级市场监管部门登记和终止，请联系省局。"))
ALREADY_ENDS_EARLIER = refuse.conflict(
    "already_ends_earlier", _("该登记已于%(valid_to)s到期，不能延长，请另行登记。")
)
ENDS_BEFORE_IT_BEGAN = refuse.invalid(
    "ends_before_it_began", _("终止日期不能早于起始日%(valid_from)s，请核对。")
)
NO_CONTACT = refuse.invalid("no_contact", _("请填写机构的地址和联系电话。"))
NO_STANDARD_NAME = of_kit.NO_NAME.saying(_("请填写计量标准名称。"))
ALREADY_ENTERED = refuse.conflict(
    "already_entered", _("本机构已登记编号为 %(certificate_number)s 的计量标准，请核对编号。")
)
INSTITUTE_NOT_FOUND = refuse.not_found("institute_not_found", _("未找到该检定机构，请重新选择。"))
OWN_INSTITUTE_ONLY = of_kit.NOT_YOURS.saying(_("只能维护本机构的计量标准和人员资格。"))
NO_CERTIFICATE_NUMBER = refuse.invalid("no_certificate_number", _("请填写证书编号。"))
VALIDITY_BACKWARD = of_instruments.VALIDITY_BACKWARD.saying(_("有效期至不能早于有效期起。"))
OTHER_READINGS = BAD_READINGS.saying(_("这类器具的检定数据应为“%(readings)s”，请核对。"))
UNDECIDED = refuse.conflict(
    "undecided", _("有的点落在不确定度范围内，不能判定，请复测或改用更高等级的标准。")
)
UNKNOWN_CHECK = BAD_READINGS.saying(_("%(edition)s 没有检查项目“%(check)s”，应为：%(checks)s。"))
APPLICATION_NOT_FOUND = refuse.not_found(
    "application_not_found", _("未找到该检定申请，或该申请不在您的管辖范围内。")
)
LINE_NOT_FOUND = refuse.not_found("line_not_found", _("未找到该检定业务，或该检定业务不在您的管辖范围内。"))
SEAL_TWICE = refuse.invalid("seal_twice", _("同一铅封编号填写了两次，请照实物逐枚填写。"))
POSITION_TWICE = SEAL_TWICE.saying(_("同一位置填写了两枚铅封，一个位置只能有一枚，请核对。"))
SEAL_NUMBER_WAITS = refuse.conflict(
    "seal_number_waits",
    _("铅封编号 %(number)s 已录入器具 %(name)s 的检定记录，正在核验或批准，请核对实物编号。"),
)
OWN_QUALIFICATION = refuse.forbidden(
    "own_qualification", _("不能登记本人的资格，请由本机构另一位负责人或省局登记。")
)
NOT_OF_THIS_INSTITUTE = refuse.invalid(
    "not_of_this_institute", _("此人在资格起始日不在本机构任职，请核对人员和日期。")
)
ALREADY_QUALIFIED = refuse.conflict(
    "already_qualified", _("该人员同一职责、同一起始日的资格已登记，请核对。")
)
NO_REASON_TO_RETURN = of_kit.NO_REASON.saying(_("请写明退回原因和需要补正的内容。"))
REASON_TOO_LONG = of_kit.REASON_TOO_LONG.saying(_("退回原因请不要超过 %(most)s 字。"))
VERIFIED_IN_FUTURE = of_instruments.VERIFIED_IN_FUTURE
NO_REMARKS = refuse.invalid("no_remarks", _("按“%(clause)s”少检的，请在“说明”中写明原因。"))
NO_REASON_TO_REFUSE = of_kit.NO_REASON.saying(_("请写明不批准的理由。"))
CANNOT_REBOOK = refuse.conflict(
    "cannot_rebook", _("该器具的检定当前状态为“%(state)s”，不能改期。请刷新页面核对。")
)
TOO_LATE_TO_REBOOK = refuse.conflict("too_late_to_rebook", _("预约当天不能自行改期，请与检定机构联系。"))
HALF_DAY_IS_OVER = refuse.conflict("half_day_is_over", _("%(day)s%(half)s已过，请另选时段。"))
NOT_A_WORKING_DAY = refuse.invalid("not_a_working_day", _("%(day)s不是工作日，请另选日期。"))
DAY_IS_PAST = refuse.invalid("day_is_past", _("%(day)s已过，请选择今天或之后的日期。"))
DAY_IS_FULL = refuse.conflict("day_is_full", _("%(day)s%(half)s已约满，请另选时段。"), also=("capacity",))
NO_REASON_TO_WITHDRAW = of_kit.NO_REASON.saying(_("请写明撤回的理由。"))
NOT_THE_ASKER = of_instruments.NOT_THE_ASKER.saying(_("只有提出人可以撤回。您可以批准或不批准该变更。"))

MOVES: dict[Move, Text] = {
    Move.ACCEPT: _("受理"),
    Move.RETURN: _("退回"),
    Move.WITHDRAW: _("撤回"),
    Move.RECEIVE: _("接收器具"),
    Move.RECORD: _("录入检定结果"),
    Move.CHECK: _("核验"),
    Move.APPROVE: _("批准发证"),
    Move.SEND_BACK: _("退回重检"),
}


def _cannot(move: Move) -> Refusal:
    sentence = _("该器具的检定当前状态为“%(state)s”，不能办理“%(move)s”。请刷新页面核对。")
    shared = {str(event): refusal for event, refusal in of_instruments.CANNOT.items()}.get(move)
    return shared.saying(sentence) if shared else refuse.conflict(f"cannot_{move}", sentence)


CANNOT = {move: _cannot(move) for move in Move}

SHARED_HANDS = {
    "verifier_checker": of_instruments.SAME_PERSON.saying(
        _("核验员不能是检定员本人，请由另一人核验。"), also=("duties",)
    ),
    "verifier_approver": of_instruments.SAME_PERSON.saying(
        _("批准人不能是检定员本人，请由另一人批准。"), also=("duties",)
    ),
    "checker_approver": of_instruments.SAME_PERSON.saying(
        _("批准人不能是核验员本人，请由另一人批准。"), also=("duties",)
    ),
}

INCOMPLETE_EXAMINATION = refuse.invalid(
    "incomplete_examination", _("按 %(regulation)s 检定项目不全，请补全。%(why)s")
)
# The rules of a template say themselves what is wrong (`CaseFault`).
OF_TEMPLATES = {
    "no_template": refuse.conflict("no_template", _("%(why)s")),
    "unknown_regulation": of_instruments.UNKNOWN_REGULATION.saying(_("%(why)s")),
    "unknown_allowance": refuse.invalid("unknown_allowance", _("%(why)s")),
    "allowance_not_for_this": refuse.invalid("allowance_not_for_this", _("%(why)s")),
}
