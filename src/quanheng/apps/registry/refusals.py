"""The refusals on the files of entities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("registry")

ENTITY_NOT_FOUND = refuse.not_found("entity_not_found", _("未找到该主体，或该主体不在您的管辖范围内。"))
ENTITY_OF_USE_NOT_FOUND = ENTITY_NOT_FOUND.saying(_("未找到该使用单位，或该单位已注销，请重新选择。"))
CREDIT_CODE_NOT_FOUND = ENTITY_NOT_FOUND.saying(
    _("未找到统一社会信用代码为 %(credit_code)s 的主体，请先建档。")
)
CHANGED_MEANWHILE = of_kit.CHANGED_MEANWHILE.saying(
    _("该主体刚刚被其他人修改，请刷新页面核对后再保存。"), also=("version",)
)
NOT_CHANGEABLE = refuse.invalid("not_changeable", _("以下项目不能在此修改：%(fields)s。请删除后重新提交。"))
NO_NAME = of_kit.NO_NAME.saying(_("请填写主体名称。"))
ENTITY_CLOSED = refuse.conflict("entity_closed", _("该主体已注销，档案不能修改。请核对主体。"))
OFFICE_ONLY = refuse.forbidden(
    "office_only", _("名称、代码、摊位号、信用等级等由监管部门变更，请联系辖区市场监管部门。")
)
NO_REASON_TO_CLOSE = of_kit.NO_REASON.saying(_("请写明注销原因。"))
OPEN_CHILDREN = refuse.conflict("open_children", _("该主体下还有未注销的摊位或分支，请先逐一注销。"))
WRONG_STATE = refuse.conflict("wrong_state", _("该主体当前为“%(state)s”，不能办理此事项，请刷新页面核对。"))
ENTITIES_NOT_FOUND = ENTITY_NOT_FOUND.saying(
    _("所选主体中有的已不存在，或不在您的管辖范围内，请刷新后重新选择。")
)
NOT_CONFIRMED = refuse.conflict("not_confirmed", _("%(entity)s尚未确认或已注销，不能赋码，请先确认。"))
PARENT_NOT_FOUND = refuse.not_found(
    "parent_not_found", _("未找到上级主体（市场或公司），或该主体已注销、不在您的管辖范围内。")
)
OUT_OF_REACH = of_kit.NOT_YOURS.saying(_("该区划或上级主体不在您的管辖范围内，请由当地监管部门建档。"))
CREDIT_CODE_TAKEN = refuse.conflict(
    "credit_code_taken", _("统一社会信用代码 %(code)s 已建档（可能在其他辖区），请勿重复建档。")
)
STALL_WITHOUT_MARKET = refuse.invalid("stall_without_market", _("摊位须归属一个市场，请先选择市场。"))
STALL_ELSEWHERE = refuse.invalid("stall_elsewhere", _("摊位的行政区划须与所属市场相同。"))
NO_STALL_NUMBER = refuse.invalid("no_stall_number", _("请填写摊位号；没有编号的，请按市场平面图编一个。"))
STALL_TAKEN = refuse.conflict("stall_taken", _("摊位号 %(number)s 在该市场已登记，请核对。"))
NO_PURPOSE = of_kit.NO_REASON.saying(
    _("请写明查看的具体事由，如“通知摊主 11 月 30 日前送检”，不能只写“工作需要”。")
)
CONTACT_NOT_FOUND = refuse.not_found("contact_not_found", _("未找到该联系人，或该联系人不在您的管辖范围内。"))
TOO_MANY_REVEALS = refuse.too_soon(
    "too_many_reveals", _("今天已查看 %(most)s 次个人信息，已达每日上限，请明天再办理。")
)
NO_CONTACT_NAME = of_kit.NO_NAME.saying(_("请填写姓名。"))
BAD_PHONE = refuse.invalid("bad_phone", _("电话请填 7 至 20 位数字，可带区号、分机号的短横线。"))

BAD_CREDIT_CODE = refuse.invalid(
    "bad_credit_code",
    _("统一社会信用代码有误，请对照营业执照核对。"),
    also=("credit_code",),
    fields=("credit_code", "code"),
)
CREDIT_CODE_FAULTS = {
    "length": BAD_CREDIT_CODE.saying(
        _("统一社会信用代码应为 18 位，现为 %(typed)s 位，请对照营业执照核对。"), also=("credit_code",)
    ),
    "symbol": BAD_CREDIT_CODE.saying(
        _("统一社会信用代码中不应出现“%(symbols)s”（不用 I、O、S、V、Z），请对照营业执照核对。"),
        also=("credit_code",),
    ),
    "body_check": BAD_CREDIT_CODE.saying(
        _("统一社会信用代码第 9 至 17 位的校验不符，请对照营业执照核对。"), also=("credit_code",)
    ),
    "check": BAD_CREDIT_CODE.saying(
        _("统一社会信用代码末位校验不符，请对照营业执照核对。"), also=("credit_code",)
    ),
}
