"""The refusals of accounts, posts, keys and divisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("accounts")

UNKNOWN_AREA = refuse.invalid(
    "unknown_area", _("未找到区划代码 %(code)s。请用省、市、县或乡镇的区划代码，如 510104。")
)
DEMONSTRATION_ACCOUNT = refuse.forbidden(
    "demonstration_account", _("演示账号只能在演示环境使用。请用系统管理员为您开通的账号登录。")
)
NOT_IN_PRODUCTION = refuse.conflict("not_in_production", _("正式环境不能装入演示数据，请另用一个空数据库。"))
NOT_A_DEMONSTRATION = refuse.conflict(
    "not_a_demonstration", _("数据库里已有非演示的账号或台账，不能装入演示数据；请另用一个空数据库。")
)
NO_SANDBOX_HERE = NOT_A_DEMONSTRATION.saying(_("这不是演示数据库，不能发放沙箱密钥；请在沙箱中办理。"))
KEY_REVOKED = refuse.unknown_caller("key_revoked", _("接口密钥已吊销，请向系统管理员申请新的。"))
KEY_EXPIRED = refuse.unknown_caller(
    "key_expired", _("接口密钥已于%(expires_on)s到期，请向系统管理员申请新的。")
)
HOLDER_GONE = refuse.unknown_caller(
    "holder_gone", _("密钥持有人已离任或账号已停用，请由在任人员另行申请密钥。")
)
UNKNOWN_KEY = refuse.unknown_caller("unknown_key", _("接口密钥不对。请核对请求头 Authorization: Bearer qh_…"))
KEY_OF_SANDBOX = UNKNOWN_KEY.saying(_("这是沙箱的密钥，只能用于沙箱；正式环境请用系统管理员签发的密钥。"))
PASSWORD_NOT_NEW = refuse.invalid(
    "password_not_new", _("新密码不能与现在的密码或发放的初始密码相同，请另设一个。")
)
NOT_SYSTEM_ADMINISTRATOR = refuse.forbidden("not_system_administrator", _("只有系统管理员可以办理。"))
NOT_SECURITY_ADMINISTRATOR = refuse.forbidden("not_security_administrator", _("只有安全管理员可以办理。"))
OWN_ACCOUNT = refuse.forbidden(
    "own_account", _("安全管理员不能办理本人的岗位、密码和两步验证，请由另一位安全管理员办理。")
)
APPOINTMENT_ENDED = refuse.forbidden("appointment_ended", _("经办人的岗位已变更，请由现任人员重新办理。"))
APPOINTMENT_ENDED_SINCE = APPOINTMENT_ENDED.saying(_("您已不在申请时的岗位上，文件没有生成。"))
ENDS_BEFORE_IT_BEGINS = refuse.invalid("ends_before_it_begins", _("离任日期早于任职日期，请核对。"))
APPOINTMENT_NOT_FOUND = refuse.not_found("appointment_not_found", _("未找到该岗位，请刷新页面后重新选择。"))
ALREADY_ENDED = refuse.conflict("already_ended", _("该岗位已终止，请刷新页面核对。"))
NO_AGENCY = refuse.invalid("no_agency", _("请选择任职机构。"))
WRONG_SEAT = refuse.invalid("wrong_seat", _("%(agency)s的级别与岗位“%(role)s”不符，请另选机构。"))
NO_ENTITY = refuse.invalid("no_entity", _("请填写任职单位的统一社会信用代码。"))
UNKNOWN_ENTITY = NO_ENTITY.saying(_("未找到该单位。请核对统一社会信用代码，或先由监管人员建档。"))
ADMINISTRATORS_ARE_SEPARATE = refuse.conflict(
    "administrators_are_separate", _("系统、安全、审计管理员须由专人担任，不能兼任其他岗位，请换一个人。")
)
OVERSEEN_AND_OVERSEER = refuse.conflict(
    "overseen_and_overseer",
    _("%(user)s已担任“%(held)s”，按回避要求不能兼任“%(role)s”。请先终止原岗位，或另选人员。"),
)
ALREADY_APPOINTED = refuse.conflict("already_appointed", _("%(user)s已担任该岗位，请勿重复授予。"))
TASK_NOT_FOUND = refuse.not_found("task_not_found", _("未找到该任务，或该任务不在您的管辖范围内。"))
TASK_NOT_YOURS = of_kit.NOT_YOURS.saying(_("该任务不是您办理的，不能取消。请由经办人取消。"))
NO_USERNAME = of_kit.NO_NAME.saying(_("请填写登录名和姓名。"))
USERNAME_TAKEN = refuse.conflict(
    "username_taken", _("登录名“%(username)s”已经有人使用，请换一个。"), fields=("username",)
)
NO_REASON_TO_DISABLE = of_kit.NO_REASON.saying(_("请填写停用原因。"))
OWN_ACCOUNT_STAYS = OWN_ACCOUNT.saying(_("不能停用本人的账号，请由另一位安全管理员办理。"))
ALREADY_SO = refuse.conflict("already_so", _("账号状态没有变化，可能已有他人办理。请刷新页面核对。"))
ACCOUNT_NOT_FOUND = refuse.not_found("account_not_found", _("未找到该账号，请刷新页面后重新选择。"))
NO_AGENCY_NAME = of_kit.NO_NAME.saying(_("请填写机构名称。"))
NAME_TAKEN = refuse.conflict("name_taken", _("已经有名为“%(name)s”的机构，请使用该机构或换一个名称。"))
NO_AREA_OF_AGENCY = of_kit.NO_AREA.saying(_("请选择现行的行政区划。"))
NO_PROVINCE = refuse.conflict("no_province", _("请先导入行政区划：quanheng load-areas"))
ADMINISTRATORS_EXIST = refuse.conflict(
    "administrators_exist", _("已有管理员，请由系统管理员和安全管理员办理。")
)
KEY_NOT_YOURS = of_kit.NOT_YOURS.saying(_("密钥只能由持有人本人领取。"))
KEY_OVER = refuse.conflict("key_over", _("该密钥已吊销或已过期，请重新申请。"))
ALREADY_COLLECTED = refuse.conflict(
    "already_collected", _("该密钥已领取过，不能再次显示。遗失的请吊销后重新申请。")
)
KEY_NOT_FOUND = refuse.not_found("key_not_found", _("未找到该密钥，请刷新页面后重新选择。"))
HOLDER_NOT_FOUND = APPOINTMENT_NOT_FOUND.saying(_("未找到该岗位，或任职人员已离任。请核对登录名和岗位。"))
KEYS_ARE_ISSUED = of_kit.NOT_YOURS.saying(
    _("接口密钥由系统管理员签发，使用单位可为本单位的岗位签发。请联系系统管理员。")
)
NOT_FOR_ADMINISTRATORS = refuse.forbidden(
    "not_for_administrators", _("管理员岗位不办理业务，不签发接口密钥。请选择业务岗位。")
)
NO_PURPOSE = of_kit.NO_NAME.saying(_("请填写密钥用途，如“与某系统对接台账”。"))
NO_SCOPES = refuse.invalid("no_scopes", _("请至少选择一项权限。"))
EXPIRY_OUT_OF_RANGE = refuse.invalid("expiry_out_of_range", _("有效期至须在明天到一年之内。"))
PER_MINUTE_OUT_OF_RANGE = refuse.invalid(
    "per_minute_out_of_range", _("每分钟请求数须在 1 到 %(most)s 之间。")
)
OTHER_LEVEL = refuse.invalid("other_level", _("只能并入同级的另一个区划。"))
NO_PARENT = refuse.invalid("no_parent", _("请选择现行的上级区划。"))
NO_AREA_NAME = of_kit.NO_NAME.saying(_("请填写区划名称和代码（数字）。"))
CODE_IN_USE = refuse.conflict("code_in_use", _("代码 %(division)s 正在使用，请核对。"), fields=("code",))
AREA_NOT_FOUND = refuse.not_found("area_not_found", _("未找到该现行行政区划，请重新选择。"))
KEY_NOT_YOURS_TO_REVOKE = of_kit.NOT_YOURS.saying(_("只有持有人和管理员可以吊销该密钥。"))
ALREADY_REVOKED = refuse.conflict("already_revoked", _("该密钥已吊销，请刷新页面核对。"))
NO_REASON_TO_REVOKE = of_kit.NO_REASON.saying(_("请写明吊销原因。"))
SIGN_IN_SLOW = refuse.too_soon(
    "sign_in_slow", _("登录失败次数过多，请 %(seconds)s 秒后再试；忘记密码的，请联系安全管理员。")
)
NO_REASON_FOR_STAFF = of_kit.NO_REASON.saying(_("请写明原因。"))
NOT_CHIEF = refuse.forbidden("not_chief", _("只有本单位的账号负责人可以办理，请联系账号负责人。"))
STAFF_NOT_FOUND = APPOINTMENT_NOT_FOUND.saying(_("未找到该人员，或该人员不属于您的单位，请刷新页面核对。"))
OWN_STAFF_ACCOUNT = OWN_ACCOUNT.saying(
    _("不能办理本人的账号。离任的，请先移交账号负责人，再由新负责人办理。")
)
LAST_CHIEF = refuse.conflict("last_chief", _("%(user)s是本单位唯一的账号负责人，请先移交给另一人。"))
STAFF_ALREADY_SO = ALREADY_SO.saying(_("该账号的状态没有变化，可能已有他人办理。请刷新页面核对。"))
HOLDS_OTHER_ROLES = refuse.conflict(
    "holds_other_roles", _("%(user)s在其他单位还有岗位，两步验证请由安全管理员重置。")
)
NO_SECOND_FACTOR = refuse.conflict("no_second_factor", _("%(user)s没有启用两步验证，无须重置。"))
ROLE_ABOVE = refuse.forbidden("role_above", _("您不能授予“%(role)s”。请授予本辖区内不高于您本人的岗位。"))
