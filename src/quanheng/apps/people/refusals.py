"""The refusals of invitations, requests for an account, and a unit's own accounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.registry import refusals as of_registry
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("people")

NO_REASON_TO_INVITE = of_kit.NO_REASON.saying(_("请写明签发理由，如何核实的受邀人。"))
NO_REASON_TO_REVOKE = of_kit.NO_REASON.saying(_("请写明撤销理由。"))
NO_REASON_TO_DECIDE = of_kit.NO_REASON.saying(_("请写明审核意见；同意的，写明如何核实的申请人。"))
ENTITY_NOT_CONFIRMED = of_registry.NOT_CONFIRMED.saying(
    _("%(entity)s尚未确认或已注销，不能签发账号邀请，请先确认档案。")
)
ENTITY_HAS_ACCOUNT = refuse.conflict(
    "entity_has_account",
    _("%(entity)s已有账号负责人%(chief)s。人员变动由该负责人办理；确需更换的，请选“更换账号负责人”。"),
)
NOBODY_TO_REPLACE = refuse.conflict(
    "nobody_to_replace", _("%(entity)s没有账号负责人，无须更换，请签发首个账号邀请。")
)
NO_CODE_OF_ENTITY = refuse.conflict(
    "no_code_of_entity", _("%(entity)s没有统一社会信用代码和主体码，请先补登代码或生成主体码。")
)
NO_TELEPHONE = refuse.conflict(
    "no_telephone", _("%(entity)s的档案没有可收短信的手机号码，请先登记联系人，或改用纸质邀请。")
)
NOT_MOBILE = refuse.invalid(
    "not_mobile", _("短信只能发到手机号码，请填 11 位手机号，或改用纸质邀请。"), fields=("phone",)
)
ON_STAFF_ALREADY = refuse.conflict(
    "on_staff_already", _("手机号 %(phone)s 已是本单位人员的。一人一个账号，请核对。")
)
INVITATION_NOT_FOUND = refuse.not_found(
    "invitation_not_found", _("未找到该邀请，或该邀请不在您的管辖范围内。")
)
INVITATION_OVER = refuse.conflict("invitation_over", _("该邀请已结束，请刷新页面核对。"))
INVITATION_OPENS_NOTHING = refuse.not_found(
    "invitation_opens_nothing", _("该邀请不存在、已使用、已作废或已过期。请向签发单位重新索取。")
)
INVITATION_WRONG = refuse.invalid(
    "invitation_wrong", _("一次性码与代码（或手机号）不符，请核对，还可再试 %(left)s 次。")
)
INVITATION_LOCKED = refuse.forbidden(
    "invitation_locked", _("输错次数过多，该邀请已作废。请向签发单位重新索取。")
)
ISSUER_TAKES_UP = refuse.forbidden(
    "issuer_takes_up", _("签发人不能使用本人签发的邀请，请由该单位的人员开通。")
)
SIGN_OUT_FIRST = refuse.conflict(
    "sign_out_first", _("您已用另一个账号登录。请先退出登录，再由受邀人本人开通。")
)
TOO_MANY_TRIES_HERE = refuse.too_soon(
    "too_many_tries_here", _("此网络的尝试过于频繁，请 %(seconds)s 秒后再试。")
)
REQUEST_NOT_FOUND = refuse.not_found(
    "account_request_not_found", _("未找到该申请，或该申请不在您的管辖范围内。")
)
REQUEST_DECIDED = refuse.conflict("request_already_decided", _("该申请已审核，请刷新页面核对。"))
REQUEST_WITHOUT_ENTITY = refuse.conflict(
    "request_without_entity", _("代码 %(code)s 没有对应的主体档案。请先建档，或不同意并说明原因。")
)
NO_WORDS = refuse.invalid("no_request_words", _("请写明申请理由，最多 300 字。"), fields=("words",))
NO_REQUEST_NAME = of_kit.NO_NAME.saying(_("请填写姓名。"))
NO_REQUEST_CODE = refuse.invalid(
    "no_request_code",
    _("请填写 18 位统一社会信用代码；没有的，填写主体码标签上的编码。"),
    fields=("code",),
)
AGENCY_BEYOND = refuse.invalid(
    "agency_beyond", _("未找到机构“%(agency)s”，或该机构不在您的辖区内。请填写机构全称。")
)
NO_SUCH_ROLE = refuse.invalid(
    "no_such_role", _("没有名为“%(role)s”的岗位，请从岗位中选择。"), fields=("role",)
)
STAFF_TEXT_UNFIT = refuse.invalid(
    "staff_text_unfit",
    _("姓名、手机号、登录名每项最多 %(most)s 个字，不能含控制字符，请改正。"),
    fields=("name",),
)
TWICE_IN_SHEET = refuse.invalid(
    "twice_in_sheet", _("手机号 %(phone)s 在表中重复，请核对后删去一行。"), fields=("phone",)
)
NO_STAFF_HEADING = refuse.invalid(
    "no_staff_heading", _("未识别到人员，请保留有“姓名”的表头，并在下面逐行填写。"), fields=("file",)
)
TOO_MANY_STAFF = refuse.invalid(
    "too_many_staff", _("一份表最多 %(most)s 人，请分成几份办理。"), fields=("file",)
)
