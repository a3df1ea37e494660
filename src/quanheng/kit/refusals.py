"""The refusals of what every room shares, and the codes that several rooms say in their own words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.refusal import refusals_of

refuse = refusals_of("kit")

NOT_YOURS = refuse.forbidden(
    "not_yours", _("“%(role)s”不能办理“%(act)s”，或%(beyond)s。请由有权限的人员办理。"), also=("verb",)
)
CHANGED_MEANWHILE = refuse.changed("changed_meanwhile", _("数据刚刚被其他人修改，请刷新后核对。"))
NO_REASON = refuse.invalid("no_reason", _("请写明理由。"), fields=("reason",))
REASON_TOO_LONG = refuse.invalid("reason_too_long", _("理由请不要超过 %(most)s 字。"), fields=("reason",))
TEXT_TOO_LONG = refuse.invalid("too_long", _("文字过长，请缩短。"), fields=("reason", "note"))
NO_NAME = refuse.invalid("no_name", _("请填写名称。"), fields=("name",))
NO_AREA = refuse.invalid("no_area", _("请选择行政区划。"), fields=("area",))

BUSY = refuse.unavailable("busy", _("系统繁忙，请 %(seconds)s 秒后重试。"))
TOO_HEAVY = refuse.invalid("too_heavy", _("处理所需的时间或内存超过上限，已停止。请减小规模后重试。"))
DISK_LOW = refuse.unavailable(
    "disk_low",
    _("服务器磁盘空间不足，暂停登记、上传和导入；查询不受影响。请联系系统管理员，稍后再试。"),
    also=("free_bytes",),
)
DISK_LOW_FOR_UPLOADS = DISK_LOW.saying(
    _("服务器磁盘空间不足，暂停上传和导入；查询和登记不受影响。请联系系统管理员，稍后再试。"),
    also=("free_bytes",),
)

WRONG_KIND_OF_FILE = refuse.invalid(
    "wrong_kind_of_file", _("请上传 xlsx、xls 或 csv 格式的表格文件。"), also=("kind",), fields=("file",)
)
FILE_TOO_LARGE = refuse.invalid(
    "file_too_large", _("文件超过 %(most)s MB，请分成几个文件上传。"), fields=("file",)
)
EMPTY_FILE = refuse.invalid("empty_file", _("文件是空的，请检查后重新上传。"), fields=("file",))
FILE_REFUSED = refuse.invalid("file_refused", _("%(why)s"), fields=("file",))
NO_ROWS = refuse.invalid("no_rows", _("没有数据行，请检查后重新提交。"), fields=("file",))
TOO_MANY_ROWS = refuse.invalid("too_many_rows", _("行数过多，请分几次提交。"))
EXPORT_TOO_LONG = refuse.conflict("export_too_long", _("行数过多，请缩小范围或改用 CSV。"))

PHOTO_TOO_BIG = refuse.invalid(
    "photo_too_big", _("照片请不超过 8 MB、5000 万像素（PNG、WebP 为 2000 万像素）。")
)
PHOTO_UNREADABLE = refuse.invalid("photo_unreadable", _("照片无法识别，请换一张 JPEG 或 PNG 照片。"))
DOCUMENT_TOO_BIG = refuse.invalid("document_too_big", _("文件请不超过 8 MB。"))
DOCUMENT_NOT_PDF = refuse.invalid("document_not_pdf", _("只收 PDF 文件；照片请从“照片”处添加。"))

TOO_LATE_TO_CANCEL = refuse.conflict("too_late_to_cancel", _("%(why)s"), also=("state",))
TASK_REFUSED = refuse.conflict("refused", _("%(why)s"))
TASK_PAUSED = DISK_LOW.saying(_("%(why)s"))
