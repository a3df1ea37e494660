"""States, flags and kinds of the instrument ledger. Which state follows which:
regulation/instrument_states.py.
"""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class InstrumentState(TextChoices):
    """Stored states. Valid, due soon and overdue are read from dates on the day, never stored."""

    DRAFT = "draft", _("草稿")
    FILING = "filing", _("待备案审核")
    RETURNED = "returned", _("备案退回")
    FILED = "filed", _("已备案待检")
    BOOKED = "booked", _("已预约")
    UNDER_VERIFICATION = "under_verification", _("检定中")
    IN_USE = "in_use", _("在用")
    FAILED = "failed", _("检定不合格")
    UNDER_REPAIR = "under_repair", _("维修中")
    STOPPED = "stopped", _("停用")
    SEALED_UP = "sealed_up", _("封存")
    SCRAPPED = "scrapped", _("报废")


class MarkGeneration(TextChoices):
    """Which marks the instrument carries: one code and seal, or production, repair, verification code and
    seal.
    """

    ONE_CODE = "one_code", _("一码一封")
    THREE_CODES = "three_codes", _("三码一封")


class Use(TextChoices):
    """The four uses that make verification compulsory (Metrology Law, art. 9)."""

    TRADE = "trade", _("贸易结算")
    SAFETY = "safety", _("安全防护")
    MEDICAL = "medical", _("医疗卫生")
    ENVIRONMENT = "environment", _("环境监测")


class Result(TextChoices):
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")


class Provenance(TextChoices):
    """Where a verification comes from; what each is worth: regulation/provenance.py."""

    ISSUED = "issued", _("本平台出具")
    RECEIVED = "received", _("国家平台接收")
    RECORDED = "recorded", _("监管部门录入")
    DECLARED = "declared", _("使用单位自报（未核实）")


class VerificationKind(TextChoices):
    INITIAL = "initial", _("首次检定")
    SUBSEQUENT = "subsequent", _("后续检定")
    IN_SERVICE = "in_service", _("使用中检查")
    ARBITRATION = "arbitration", _("仲裁检定")


class SealPosition(TextChoices):
    """Where a seal sits; a dispenser has three positions. Which fit a kind: regulation.seal_positions."""

    SCALE_CASE = "scale_case", _("秤体")
    FLOW_ADJUSTER = "flow_adjuster", _("流量测量变换器调整装置")
    ENCODER = "encoder", _("编码器与变换器之间")
    MAINBOARD = "mainboard", _("计控主板与机体")
    HOUSING = "housing", _("外壳")
    ADJUSTER = "adjuster", _("调整装置")
    OTHER = "other", _("其他")


class SealEnd(TextChoices):
    """How a seal came to its end: found broken, or opened lawfully (regulation.seal_opening) and for what."""

    BROKEN = "broken", _("破损")
    VERIFICATION = "verification", _("因检定启封")
    ADJUSTMENT = "adjustment", _("因调整启封")
    REPAIR = "repair", _("因维修启封")


class AfterRepair(TextChoices):
    """Where a repairer says that a repaired instrument goes."""

    RETURNED = "returned", _("送回使用单位")
    TO_VERIFICATION = "to_verification", _("送检定机构检定")


class CodeState(TextChoices):
    BLANK = "blank", _("空白码")
    ACTIVE = "active", _("有效")
    REPLACED = "replaced", _("已换发")
    VOID = "void", _("已作废")


class ImportStage(TextChoices):
    """Where an import stands in its own procedure; its state among tasks is `kit.tasks.TaskState`."""

    UPLOADED = "uploaded", _("已上传")
    READING = "reading", _("读取中")
    NEEDS_COLUMNS = "needs_columns", _("待确认列")
    PREVIEW = "preview", _("待确认导入")
    COMMITTING = "committing", _("导入中")
    DONE = "done", _("已完成")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")
    REFUSED = "refused", _("文件被拒")


ASKING = (ImportStage.NEEDS_COLUMNS, ImportStage.PREVIEW)  # it waits for whoever uploaded the sheet


class RowAction(TextChoices):
    NEW = "new", _("新增")
    UPDATE = "update", _("更新")
    UNCHANGED = "unchanged", _("无变化")
    PROPOSED = "proposed", _("待审核")
    REJECTED = "rejected", _("有误")


class ProposalState(TextChoices):
    """How a change stands that somebody asked the office for."""

    WAITING = "waiting", _("待审核")
    ACCEPTED = "accepted", _("已同意")
    RETURNED = "returned", _("已退回")
    OVERTAKEN = "overtaken", _("已由新的申请代替")
    WITHDRAWN = "withdrawn", _("已撤回")


class Grain(IntegerChoices):
    """How much of time one row of the verification-rate rollup stands for; a fresh row is not folded yet."""

    FRESH = 0, _("未汇总")
    DAY = 1, _("日")
    MONTH = 2, _("月")
    YEAR = 3, _("年")


class ShopperProblem(TextChoices):
    """What a shopper may report from the scan page."""

    SHORT_WEIGHT = "short_weight", _("称量不准、缺斤短两")
    NOT_THIS_ONE = "not_this_one", _("编号、照片或地点与实物不符")
    SEAL_BROKEN = "seal_broken", _("铅封破损或缺失")
    LABEL_DAMAGED = "label_damaged", _("标签破损、被遮挡或被转贴")
    OTHER = "other", _("其他")


class ReportState(TextChoices):
    """How a shopper's report stands with the office."""

    NEW = "new", _("待核查")
    TAKEN_UP = "taken_up", _("核查中")
    CLOSED = "closed", _("已办结")


class ReportFinding(TextChoices):
    """What the office found of what a shopper reported."""

    TRUE = "true", _("属实")
    UNTRUE = "untrue", _("不属实")
    UNVERIFIABLE = "unverifiable", _("无法核实")


class CheckOutcome(TextChoices):
    """What an officer found on site."""

    NOTHING_WRONG = "nothing_wrong", _("未发现问题")
    PROBLEM = "problem", _("发现问题")
    NOT_FOUND = "not_found", _("现场未找到该器具")


class AttachmentKind(TextChoices):
    """What was attached."""

    PHOTO = "photo", _("照片")
    DOCUMENT = "document", _("文件")
