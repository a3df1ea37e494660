"""The refusals of pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates import refusals as of_certificates
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("web")

TOO_MANY_ROWS = of_kit.TOO_MANY_ROWS.saying(_("一次最多 %(most)s 行，请分几次录入。"))
NO_HEADER = refuse.invalid("no_header", _("未找到表头：第一行应有“出厂编号”“载荷”“示值”等列名。"))
NO_ROWS = of_kit.NO_ROWS.saying(_("请至少录入一个检定点。"))
ROW_INCOMPLETE = refuse.invalid(
    "row_incomplete", _("第 %(row)s 行缺少标准值或示值，请补全。"), also=("lacking",)
)
ROW_NOT_NUMBER = refuse.invalid("row_not_number", _("第 %(row)s 行“%(column)s”须为数字，现为“%(text)s”。"))
CHANGED_MEANWHILE = of_kit.CHANGED_MEANWHILE.saying(_("打开本页后数据有变化，请重新核对后再办理。"))
UNFIT_TEXT = refuse.invalid("unfit_text", _("文字中含有无法保存的字符，请删除后重新提交。"))
FORM_EXPIRED = refuse.changed("form_expired", _("页面打开时间过长，请核对内容后重新提交。"))
NO_STANDARD_FOR_ITEM = of_certificates.STANDARD_NOT_FOUND.saying(
    _("本机构没有适用于这类器具的计量标准，请先登记。")
)
