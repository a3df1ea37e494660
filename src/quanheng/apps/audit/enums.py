"""Every kind of act that the platform knows. One word per thing; the Chinese is what the timeline shows."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verb(TextChoices):
    """What was done."""

    SIGNED_IN = "signed_in", _("登录")
    SIGN_IN_FAILED = "sign_in_failed", _("登录失败")
    SIGN_IN_ALARM = "sign_in_alarm", _("登录异常")
    ACCOUNT_CHANGED = "account_changed", _("账号变更")
    APPOINTMENT_CHANGED = "appointment_changed", _("岗位变更")
    KEY_ISSUED = "key_issued", _("签发接口密钥")
    KEY_COLLECTED = "key_collected", _("领取接口密钥")
    KEY_REVOKED = "key_revoked", _("吊销接口密钥")
    AREA_REORGANISED = "area_reorganised", _("区划调整")
    PERSONAL_DATA_REVEALED = "personal_data_revealed", _("查看个人信息")
    PERSONAL_DATA_ALARM = "personal_data_alarm", _("频繁查看个人信息")
    ENTITY_REGISTERED = "entity_registered", _("主体建档")
    ENTITY_CONFIRMED = "entity_confirmed", _("主体确认")
    ENTITY_CHANGED = "entity_changed", _("主体信息变更")
    ENTITY_CLOSED = "entity_closed", _("主体注销")
    INSTRUMENT_REGISTERED = "instrument_registered", _("器具登记")
    INSTRUMENT_CHANGED = "instrument_changed", _("器具信息变更")
    CHANGE_PROPOSED = "change_proposed", _("申请变更器具信息")
    CHANGE_ACCEPTED = "change_accepted", _("同意变更申请")
    CHANGE_RETURNED = "change_returned", _("退回变更申请")
    FILING_SUBMITTED = "filing_submitted", _("提交备案")
    FILING_ACCEPTED = "filing_accepted", _("备案通过")
    FILING_RETURNED = "filing_returned", _("备案退回")
    VERIFICATION_RECORDED = "verification_recorded", _("检定登记")
    VERIFICATION_CONFIRMED = "verification_confirmed", _("核实检定记录")
    VERIFICATION_DISPUTED = "verification_disputed", _("申请作废检定记录")
    VERIFICATION_UPHELD = "verification_upheld", _("不同意作废检定记录")
    VERIFICATION_VOIDED = "verification_voided", _("作废检定记录")
    SEAL_APPLIED = "seal_applied", _("施封")
    SEAL_BROKEN = "seal_broken", _("铅封破损")
    SEAL_OPENED = "seal_opened", _("启封")
    SEAL_CORRECTED = "seal_corrected", _("更正铅封编号")
    INSTRUMENT_MOVED = "instrument_moved", _("变更使用地点或使用人")
    USE_STOPPED = "use_stopped", _("停用")
    USE_RESUMED = "use_resumed", _("恢复使用")
    SEALED_UP = "sealed_up", _("封存")
    SENT_TO_REPAIR = "sent_to_repair", _("送修")
    REPAIRED = "repaired", _("修理完成")
    CHECKED = "checked", _("现场检查")
    SCRAPPED = "scrapped", _("报废")
    LOCKED = "locked", _("锁机")
    UNLOCKED = "unlocked", _("解锁")
    IMPOUNDED = "impounded", _("查封扣押")
    RELEASED = "released", _("解除查封扣押")
    CODES_ISSUED = "codes_issued", _("赋码")
    CODE_BOUND = "code_bound", _("现场绑码")
    CODE_REPLACED = "code_replaced", _("补发新码")
    LABELS_PRINTED = "labels_printed", _("打印标签")
    VERIFICATION_APPLIED = "verification_applied", _("申请检定")
    VERIFICATION_ACCEPTED = "verification_accepted", _("受理检定")
    VERIFICATION_REBOOKED = "verification_rebooked", _("改期")
    VERIFICATION_RETURNED = "verification_returned", _("退回检定申请")
    VERIFICATION_WITHDRAWN = "verification_withdrawn", _("撤回检定申请")
    INSTRUMENT_RECEIVED = "instrument_received", _("接收器具")
    EXAMINATION_RECORDED = "examination_recorded", _("录入检定结果")
    EXAMINATION_CHECKED = "examination_checked", _("核验")
    EXAMINATION_SENT_BACK = "examination_sent_back", _("退回重检")
    CERTIFICATE_ISSUED = "certificate_issued", _("签发证书")
    CERTIFICATE_CHANGE_ASKED = "certificate_change_asked", _("申请变更证书")
    CERTIFICATE_CHANGE_REFUSED = "certificate_change_refused", _("不批准变更证书")
    CERTIFICATE_AMENDED = "certificate_amended", _("更正证书")
    CERTIFICATE_REPLACED = "certificate_replaced", _("换发证书")
    CERTIFICATE_REVOKED = "certificate_revoked", _("注销证书")
    INSTITUTE_CHANGED = "institute_changed", _("检定机构能力变更")
    IMPORT_COMMITTED = "import_committed", _("台账导入")
    IMPORT_UNDONE = "import_undone", _("撤销导入")
    LIST_EXPORTED = "list_exported", _("导出清单")
    PUBLIC_REPORT_RECEIVED = "public_report_received", _("收到扫码反映")
    RULES_CHANGED = "rules_changed", _("规则数据变更")
    EXCHANGE_RUN = "exchange_run", _("与国家系统交换数据")
    PLATFORM_ALARM_RECEIVED = "platform_alarm_received", _("收到国家平台报警")
    PLATFORM_ALARM_TAKEN_UP = "platform_alarm_taken_up", _("核查国家平台报警")
    PLATFORM_ALARM_CLOSED = "platform_alarm_closed", _("办结国家平台报警")
    PLATFORM_EVENT_DISMISSED = "platform_event_dismissed", _("国家平台事件不予登记")


# What the office does about itself and its people: the public log proves that the row was there and stands
# unchanged, and says neither what it is nor when it was.
UNNAMED = frozenset({
    Verb.SIGNED_IN, Verb.SIGN_IN_FAILED, Verb.ACCOUNT_CHANGED, Verb.APPOINTMENT_CHANGED, Verb.KEY_ISSUED,
    Verb.KEY_COLLECTED, Verb.KEY_REVOKED, Verb.PERSONAL_DATA_REVEALED, Verb.LIST_EXPORTED,
    Verb.SIGN_IN_ALARM, Verb.PERSONAL_DATA_ALARM,
})  # fmt: skip

# A suspicion is nobody's business before it is cleared up: the public log proves that there was an act, and
# when, and does not say on which instrument.
CONFIDENTIAL = frozenset(
    {Verb.PLATFORM_ALARM_RECEIVED, Verb.PLATFORM_ALARM_TAKEN_UP, Verb.PLATFORM_ALARM_CLOSED}
)
