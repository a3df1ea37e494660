"""The refusals on photos, attached files, and what is seen on site."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("instruments")

SECOND_OFFICER_UNFIT = refuse.invalid(
    "second_officer_unfit",
    _("共同检查人须是当地在岗的另一名人员，不能是本人。请重新选择。"),
    fields=("second_officer",),
)
NO_SECOND_OFFICER = refuse.invalid(
    "no_second_officer", _("现场检查须有两名执法人员，请选择共同检查人。"), fields=("second_officer",)
)
NO_FOUND_PLACE = refuse.invalid(
    "no_found_place", _("地点与台账不一致的，请填写实际所在地点。"), fields=("found_place",)
)
TOO_MANY_PHOTOS = refuse.invalid(
    "too_many_photos", _("一次最多 %(most)d 张照片，请分批上传。"), fields=("photos",)
)
NO_FILES = refuse.invalid("no_files", _("请选择照片或 PDF 文件。"), fields=("photos",))
TOO_MANY_FILES = refuse.invalid("too_many_files", _("一次最多 %(most)d 份，请分批上传。"), fields=("photos",))
ATTACHMENT_NOT_FOUND = refuse.not_found(
    "attachment_not_found", _("未找到该照片或附件，或该件不在您的管辖范围内。")
)
ALREADY_WITHDRAWN = refuse.conflict("already_withdrawn", _("该照片或附件已撤下，请刷新页面核对。"))
NOT_YOUR_ATTACHMENT = refuse.forbidden(
    "not_your_attachment", _("只有添加人和监管人员可以撤下；请联系添加人或辖区监管部门。")
)
NO_REASON_TO_WITHDRAW = of_kit.NO_REASON.saying(_("请填写撤下的原因。"))
FILE_USED = refuse.conflict("file_used", _("该照片或文件已随另一事项登记，请重新选择。"), fields=("photos",))
