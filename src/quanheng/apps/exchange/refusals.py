"""The refusals of the exchange with other systems."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates import refusals as of_certificates
from quanheng.apps.instruments import refusals as of_instruments
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import refusals_of

refuse = refusals_of("exchange")

MAPPING_UNREADABLE = refuse.conflict(
    "mapping_unreadable", _("字段对照文件“%(file)s”无法使用（%(why)s），请照随附版本的格式改正后重试。")
)
STRANGE_FIELDS = MAPPING_UNREADABLE.saying(
    _("字段对照“%(file)s”的 %(content)s 表中有平台没有的字段：%(strange)s。请照随附版本改正后重试。")
)
NOT_EVENTS = refuse.invalid("not_events", _("消息须是含有数组“%(events)s”的 JSON 对象。"))
TOO_MANY_EVENTS = refuse.invalid(
    "too_many_events", _("一次最多 %(most)s 个事件，请分批发送。"), also=("count",)
)
NOT_JSON = refuse.invalid("not_json", _("消息不是完整的 UTF-8 JSON，请检查后重新发送。"))
TOO_DEEP = refuse.invalid("too_deep", _("JSON 嵌套至多 %(most)s 层，请简化后重新发送。"))
NO_AREA = of_kit.NO_AREA.saying(_("请先选择要导出的行政区划。"))
NOT_YOURS = of_kit.NOT_YOURS.saying(_("该行政区划不在您的管辖范围内，请另选区划。"))
EXPORT_UNDER_WAY = refuse.conflict(
    "export_under_way", _("%(place)s的%(content)s正在导出，请在完成后重新导出。")
)
MAPPING_CHANGED = refuse.conflict("mapping_changed", _("导出期间字段对照有变化，请重新导出。"))
EXPORT_TOO_LONG = of_kit.EXPORT_TOO_LONG.saying(
    _("共 %(rows)s 行，超过 Excel 一张表的行数，请选择 csv 格式。")
)
OUT_OF_REACH = refuse.forbidden("out_of_reach", _("该器具不在您的管辖范围内，请由器具所在地机关导入。"))
CODE_NOT_ISSUED = of_instruments.UNKNOWN_CODE.saying(_("本平台未发放器具码 %(code)s，请核对标签。"))
SERIAL_DIFFERS = refuse.conflict(
    "serial_differs", _("器具码对应的出厂编号为“%(serial_number)s”，与本行不符，请核对器具。")
)
TOO_LITTLE = refuse.invalid(
    "too_little", _("仅凭出厂编号不能确定器具，请补填平台器具码、使用单位信用代码或制造单位。")
)
AMBIGUOUS = refuse.conflict(
    "ambiguous", _("台账中出厂编号为“%(number)s”的器具有 %(found)s 台（件），请补填平台器具码或制造单位。")
)
UNKNOWN_INSTRUMENT = refuse.invalid(
    "unknown_instrument", _("台账中没有出厂编号“%(number)s”。请先登记或导入该器具，再导入检定结果。")
)
INSTRUMENT_DIFFERS = UNKNOWN_INSTRUMENT.saying(
    _("台账中有出厂编号“%(number)s”，但使用单位或制造单位与本行不符，请核对。")
)
ALARM_NOT_NEW = refuse.conflict("alarm_not_new", _("报警当前状态为“%(state)s”，已有人核查。请刷新页面核对。"))
ALARM_NOT_UNDER_REVIEW = refuse.conflict(
    "alarm_not_under_review", _("报警当前状态为“%(state)s”，不能办结。请先开始核查。")
)
NO_FINDING = refuse.invalid("no_finding", _("请选择核查结论。"))
NO_TEXT = refuse.invalid("no_text", _("请写明现场核查情况。"))
FINDING_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("核查情况请不超过 %(most)s 字。"))
ALARM_NOT_FOUND = refuse.not_found("alarm_not_found", _("未找到该报警，或该报警不在您的管辖范围内。"))
RUN_NOT_FOUND = refuse.not_found("run_not_found", _("未找到该交换批次，或该批次不在您的管辖范围内。"))
CODE_NOT_BOUND = of_instruments.UNKNOWN_CODE.saying(_("器具码 %(value)s 未绑定器具，请核对标签。"))
CLAIM_NOT_YOURS = of_kit.NOT_YOURS.saying(_("该器具不在您的管辖范围内，请由器具所在地机关办理。"))
NO_REASON = of_kit.NO_REASON.saying(_("请写明不予登记的原因。"))
REASON_TOO_LONG = of_kit.TEXT_TOO_LONG.saying(_("原因请不超过 %(most)s 字。"))
EVENT_NOT_WAITING = refuse.conflict("event_not_waiting", _("未找到该待匹配事件，或该事件已处理。"))
NO_ROWS = of_kit.NO_ROWS.saying(_("表中没有数据行，请检查后重新上传。"))
TOO_MANY_ROWS = of_kit.TOO_MANY_ROWS.saying(_("超过 %(most)s 行，请分成几个文件上传。"))
NO_CERTIFICATE_NUMBER = of_certificates.NO_CERTIFICATE_NUMBER.saying(_("缺少证书编号，请照证书补填。"))
NO_INSTITUTE = refuse.invalid("no_institute", _("缺少检定机构，请照证书补填。"))
VOIDED = refuse.invalid("voided", _("本行写明证书已失效，不予登记；确需留存的请在器具页办理。"))
NOT_CONFIGURED = refuse.not_found("not_configured", _("未配置国家计价秤平台，请联系系统管理员配置。"))
UNKNOWN_AREA = of_kit.NO_AREA.saying(_("未找到该行政区划，请重新选择。"))

UNREADABLE = refuse.invalid("unreadable", _("%(why)s"))

CONTRADICTED = refuse.conflict(
    "contradicted",
    _("与本表第 %(number)s 行矛盾：同一器具同一证书的%(fields)s不同。请核对证书后只留一行。"),
)
DIFFERS = refuse.conflict(
    "differs", _("证书 %(number)s 已登记，%(fields)s与本行不同。台账未改动，请核对证书。")
)
ELSEWHERE = refuse.conflict(
    "elsewhere", _("%(institute)s的证书 %(number)s 已登记在另一台器具上，请核对证书。")
)
# A row that says something else than what is recorded: a person has to look.
FOR_A_PERSON = frozenset({CONTRADICTED, DIFFERS, ELSEWHERE})
