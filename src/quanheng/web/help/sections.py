"""The help of each room of the office: found by the module of a page's view, so that none is without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from quanheng.kit.acts import Verb, verbs
from quanheng.kit.tones import Text
from quanheng.web.access import view_name


@dataclass(frozen=True, slots=True)
class Section:
    """One room.

    Args:
        slug: in the address; the module below `quanheng.web`, where there is one.
        steps: how it is used, one sentence each.
        acts: beginnings of the keys of the acts that are done here.
        terms: keys of `terms.TERMS`.
    """

    slug: str
    title: Text
    purpose: Text
    steps: tuple[Text, ...] = ()
    acts: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    def verbs(self) -> list[Verb]:
        """Return the acts that somebody's role may do here."""
        return [verb for verb in verbs() if verb.who and verb.startswith(self.acts)] if self.acts else []


SECTIONS = (
    Section("home", _("待办"), _("列出您岗位的待办事项，等待最久的在前。"),
            (_("点数字查看清单，点一行办理。"), _("最近查看的档案列在下面。")), (), ("filing", "overdue")),
    Section("search", _("查找与扫码"), _("按编号、名称或扫码内容查找器具、主体、证书和申请。"),
            (_("在任一页面按 / 键输入。"), _("编号至少 3 位，名称至少 2 个字。")), (), ("code", "entity")),
    Section("instruments", _("器具档案"), _("一器一档：铭牌、状态、检定、铅封、位置和全部记录。"),
            (_("在清单中筛选、选列、导出。"), _("在档案页办理您岗位可办的事项。"),
             _("下一步和办理单位写在档案页上方。")),
            ("instrument_", "use_", "sealed_up", "scrapped", "seal_", "checked", "locked", "unlocked",
             "impounded", "released", "sent_to_repair"),
            ("verification", "in_service", "seal", "opened", "overdue", "never")),
    Section("registry", _("主体档案"), _("一主体一档：市场和摊位、公司和站点、联系人和名下器具。"),
            (_("建档前核对统一社会信用代码。"), _("姓名和电话脱敏显示，查看须写明事由。")),
            ("entity_", "personal_data", "codes_issued"), ("entity", "filing")),
    Section("filings", _("备案审核"), _("使用单位提交的备案和变更申请，由辖区市场监管部门审核。"),
            (_("核对铭牌、主体和出厂编号。"), _("不符的退回，写明需要补正的内容。")),
            ("filing_", "change_", "draft_"), ("filing", "proposal")),
    Section("due", _("到期与超期"), _("即将到期、超期未检、未经检定和检定不合格的器具。"),
            (_("勾选器具，申请检定。"), _("短信发送情况见“外发消息”。")), ("verification_applied",),
            ("overdue", "never", "compulsory")),
    Section("records", _("检定记录"), _("自报、监管部门登记和国家平台接收的检定记录。"),
            (_("自报的对照证书核实。"), _("登记有误的，一人申请作废、另一人复核。")),
            ("verification_recorded", "verification_confirmed", "verification_disputed", "dispute_",
             "verification_upheld", "verification_voided"), ("declared", "confirm", "void")),
    Section("applications", _("检定申请"), _("申请检定，安排时段，接收器具。"),
            (_("先选器具，再核对机构和可预约时间。"), _("机构受理后安排半天，送检时出示预约单。")),
            ("verification_applied", "verification_accepted", "verification_rebooked",
             "verification_returned", "verification_withdrawn", "instrument_received"),
            ("verification", "authority")),
    Section("examinations", _("检定录入"), _("录入检定结果，核验，批准发证，由三个不同的人办理。"),
            (_("数据须按检定规程做全。"), _("无网络时可以现场录入，恢复后自动送出。")),
            ("examination_", "certificate_issued"), ("verification", "standard")),
    Section("certificates", _("证书"), _("检定证书和检定结果通知书，及更正、换发和注销。"),
            (_("一人提出变更，另一人批准。"), _("公众凭证书编号和查验码查验。")),
            ("certificate_",), ("correction",)),
    Section("institutes", _("检定机构"), _("机构的计量授权、计量标准、人员资格和检定负荷。"),
            (_("计量授权由省局登记。"), _("标准和资格由机构管理员登记。")), ("institute_",),
            ("authority", "standard")),
    Section("repairs", _("送修与维修"), _("送到指定维修单位的器具，从接收到维修完成。"),
            (_("先登记接收，再启封和维修。"), _("维修后须重新检定合格才能使用。")), ("repair",),
            ("opened", "seal")),
    Section("codes", _("器具码"), _("发放空白码，现场绑定，补发新码。"),
            (_("备案通过的器具才能赋码。"), _("绑定后不能改绑。")), ("code", "codes_issued"), ("code",)),
    Section("labels", _("标签打印"), _("打印器具和主体的二维码标签。"),
            (_("先选器具或市场，再选标签纸。"), _("打印时选择实际大小。")), ("labels_printed",), ("code",)),
    Section("imports", _("台账导入"), _("上传现有表格，核对后导入台账。"),
            (_("先核对识别结果，再确认导入。"), _("无后续业务的，可以整体撤销。")), ("import_",),
            ("declared", "task")),
    Section("focus", _("重点监管名单"), _("连续抽查不合格的单位，提议、决定列入和移出，按期检查。"),
            (_("系统提议，由未参加检查的人员决定。"), _("该单位可以查看本单位的记录，提出一次异议。"),
             _("到现场检查后在器具档案登记，期限自动顺延。")), ("focus_",), ("entity",)),
    Section("hospitals", _("医疗机构半年报告"), _("医疗机构每半年报送的计量器具情况，核对、报送和审核。"),
            (_("数量取自台账，报送时固化。"), _("二级以上医院须有专职计量管理人员。")), ("half_year_",),
            ("verification", "overdue")),
    Section("reports", _("消费者反映"), _("消费者扫码提交的反映，核查、答复和办结。"),
            (_("到现场核查后写明结论和答复。"), _("经营者看不到；办结前不公开。")), ("shopper_report_",),
            ("report", "public_log")),
    Section("inspections", _("监督抽查"), _("按季度随机抽查：提出、批准、公布承诺、抽取、检查、公开。"),
            (_("由另一人批准，今天的台账定为抽样框。"), _("信标公布后抽取，任务只有分派的两人看到。"),
             _("逐项填写检查表，结束后公开证明。")),
            ("campaign_", "inspection"), ("public_log",)),
    Section("indicators", _("指标"), _("受检率等指标的数值、趋势、地图和器具明细。"),
            (_("点数字查看器具明细。"), _("公布值固化后不再改动。")), (), ("rate", "frozen")),
    Section("campaign", _("建档进度"), _("电子秤信息录入的结果和遗留问题。"),
            (_("逐级打开区划，查看市场和单位。"),), (), ("code", "filing")),
    Section("catalogue", _("目录与周期"), _("强制管理目录、检定规程和检定周期。"),
            (_("新周期另加一行，旧的保留。"), _("对照原文后标为核实。")), ("rules_changed",),
            ("item", "compulsory")),
    Section("reminders", _("到期提醒"), _("已发送的到期提醒，每个阶段一次。"), (), (), ("overdue",)),
    Section("ecqs", _("e-CQS 交换"), _("与 e-CQS 按文件交换台账和检定结果。"),
            (_("导出的文件可以导入 e-CQS。"), _("有冲突的行不覆盖台账。")), ("exchange_run",), ("declared",)),
    Section("exchange", _("国家平台"), _("与国家计价秤平台交换，处理报警和待匹配的事件。"),
            (_("报警只是线索，须现场核查。"),), ("platform_",), ("code",)),
    Section("people", _("账号邀请"), _("签发账号邀请，审核开通申请，管理本单位人员。"),
            (_("先核实受邀人身份。"), _("一次性码只显示一次。")),
            ("entity_invited", "staff_", "invitation_", "account_request", "chief_"), ("appointment",)),
    Section("accounts", _("账号与岗位"), _("账号、岗位、机构、区划和操作日志。"),
            (_("账号由系统管理员开通，岗位由安全管理员授予。"), _("操作日志只增不改。")), ("staff_",),
            ("appointment",)),
    Section("keys", _("接口密钥"), _("供其他系统访问接口的密钥，签发、领取和吊销。"),
            (_("密钥只在领取时显示一次。"),), (), ("key",)),
    Section("webhooks", _("推送"), _("台账有变更时通知其他系统。"),
            (_("登记公网 https 地址，先发送测试。"),), (), ("key",)),
    Section("tasks", _("我的任务"), _("在后台处理的导入、导出和打印。"), (), (), ("task",)),
    Section("files", _("照片和附件"), _("器具、主体和各事项的照片和附件。"),
            (_("撤下的仅监管人员可以打开。"),), (), ("entity",)),
    Section("notices", _("消息"), _("办理结果、待办变化和提醒，按类选择是否接收。"),
            (_("点消息打开所涉及的档案。"),), (), ("task",)),
    Section("lists", _("清单与导出"), _("清单的列、条件、视图和导出文件。"),
            (_("导出的列和次序与页面一致。"), _("导出记入日志。")), (), ("task",)),
    Section("kept_forms", _("保留的填写内容"), _("未提交的填写内容，仅本人可见，到期清除。")),
    Section("help", _("帮助"), _("各页面的用途、可办事项和用语。")),
)  # fmt: skip
BY_SLUG = {section.slug: section for section in SECTIONS}
OF_LIBRARIES = "accounts"  # passwords and second factors


def section_of(view: Callable[..., Any]) -> Section | None:
    """Return the section that a view belongs to; None for a page outside the office."""
    module = view_name(view)
    if module.startswith("allauth."):
        return BY_SLUG[OF_LIBRARIES]
    return BY_SLUG.get(module.removeprefix("quanheng.web.").partition(".")[0])
