"""The refusals of the API itself: keys, headers, bodies. What an act refuses stands with the act."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts import refusals as of_accounts
from quanheng.apps.changes import refusals as of_changes
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("api")

KEY_MISSING = refuse.unknown_caller("key_missing", _("此操作须带接口密钥：Authorization: Bearer qh_…"))
NO_BEARER = of_accounts.UNKNOWN_KEY.saying(_("请用请求头 Authorization: Bearer qh_… 发送接口密钥。"))
SCOPE_MISSING = refuse.forbidden("scope_missing", _("该密钥没有 %(scope)s 权限，请向系统管理员申请。"))
NOT_GENUINE = refuse.unknown_caller("not_genuine", _("签名不符，或时间相差超过 5 分钟。请核对密钥和时钟。"))

TOO_FAST = refuse.too_soon("too_fast", _("该密钥每分钟最多 %(limit)d 次请求，请在 %(seconds)d 秒后重试。"))
SCANS_TOO_FAST = TOO_FAST.saying(_("没有密钥的查询过于频繁，请在 %(seconds)d 秒后重试，或申请接口密钥。"))
CALCULATIONS_TOO_FAST = TOO_FAST.saying(
    _("没有密钥的计算过于频繁，请在 %(seconds)d 秒后重试，或申请接口密钥。")
)
TOO_MANY_BODIES = of_kit.BUSY.saying(_("同时提交的请求过多，请稍后重试。"))

NOT_FOUND = refuse.not_found("not_found", _("未找到%(what)s，或%(what)s不在该密钥的范围内。请核对编号。"))
ADDRESS_NOT_FOUND = refuse.not_found("address_not_found", _("未找到该地址。接口一览见 /api/。"))
METHOD_NOT_ALLOWED = refuse.invalid("method_not_allowed", _("该地址不支持 %(method)s，请查阅接口说明。"))
NO_LENGTH = refuse.invalid("no_length", _("请求没有写明内容长度（Content-Length）。"))
BODY_TOO_LARGE = refuse.invalid("body_too_large", _("正文过大，请分批发送。"))
BAD_REQUEST = refuse.invalid("bad_request", _("请求有误。"))
UNREADABLE_BODY = refuse.invalid("unreadable_body", _("请求正文无法读取，请核对格式后重新提交。"))
NO_JSON = UNREADABLE_BODY.saying(_("请求正文须为 UTF-8 编码的 JSON。"))
UNFIT_CONTENT = refuse.invalid("unfit_content", _("有 %(count)d 处不符合要求，见 errors。"))
OUT_OF_RANGE = refuse.invalid("out_of_range", _("有数值或日期超出可以保存的范围，请核对。"))
CASE_TOO_LARGE = refuse.invalid("case_too_large", _("算例至多 %(size)d KB，请缩小规模。"), also=("bytes",))
EVENTS_TOO_LARGE = refuse.invalid("too_large", _("一次最多 %(size)d KB，请分批发送。"))
BAD_CURSOR = refuse.invalid(
    "bad_cursor", _("游标无效，或与筛选条件不符。请原样使用上一页的 next，或不带 cursor 从头读取。")
)
TOO_MUCH_TO_READ = refuse.invalid(
    "too_much_to_read",
    _("符合条件的记录过多，未能在时限内读出。请缩小筛选范围，或不带 sort 按编号顺序读取。"),
)

IDEMPOTENCY_KEY_MISSING = refuse.invalid(
    "idempotency_key_missing",
    _("写入须带 Idempotency-Key（1 至 80 个字符，如一个 UUID）：重发时用同一个，结果只发生一次。"),
)
IDEMPOTENCY_KEY_IN_USE = refuse.conflict(
    "idempotency_key_in_use", _("带同一 Idempotency-Key 的请求正在处理，请稍后用同一键重试。")
)
IDEMPOTENCY_KEY_REUSED = refuse.invalid(
    "idempotency_key_reused", _("该 Idempotency-Key 已用于另一个请求。新的请求请换一个键。")
)
VERSION_REQUIRED = refuse.invalid(
    "version_required", _("请用 If-Match 带上读取时的 ETag，避免覆盖他人的修改。")
)
BAD_VERSION = refuse.invalid("bad_version", _('If-Match 须原样使用读取时的 ETag，如 "3"。'))
CHANGED_MEANWHILE = of_kit.CHANGED_MEANWHILE.saying(
    _("该器具已被修改，请重新读取核对后再提交。"), also=("version",)
)
CHANGED_AT_THE_SAME_TIME = refuse.conflict(
    "changed_at_the_same_time", _("同时有另一个请求改动了同一数据。请重新读取后再提交。")
)
INTERNAL_ERROR = refuse.unavailable(
    "internal_error",
    _("服务器未能完成请求，数据没有改动。请稍后重试；仍不行的，请联系系统管理员。"),
)

# What HTTP itself has a status for; of all others the kind says it.
OF_HTTP = {
    BAD_CURSOR.code: 400,
    of_changes.BAD_POSITION.code: 400,
    of_changes.POSITION_GONE.code: 410,
    BAD_REQUEST.code: 400,
    BAD_VERSION.code: 400,
    IDEMPOTENCY_KEY_MISSING.code: 400,
    UNREADABLE_BODY.code: 400,
    METHOD_NOT_ALLOWED.code: 405,
    NO_LENGTH.code: 411,
    BODY_TOO_LARGE.code: 413,
    CASE_TOO_LARGE.code: 413,
    EVENTS_TOO_LARGE.code: 413,
    VERSION_REQUIRED.code: 428,
    INTERNAL_ERROR.code: 500,
}


def status_of(code: str, of_kind: int) -> int:
    """Return the status of an answer with this code."""
    return OF_HTTP.get(code, of_kind)
