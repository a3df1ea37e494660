"""What is due now, by role. Every number is the count of a list, asked with the very address it leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.certificates.acts import RECEPTION
from quanheng.apps.exchange.services.tell_platform import is_configured
from quanheng.apps.focus.acts import DECIDERS, LISTED_ONES
from quanheng.apps.hospitals.acts import HOSPITAL_STAFF
from quanheng.apps.inspections.acts import PLANNERS
from quanheng.kit.lists import find_list
from quanheng.kit.lists.glances import glances
from quanheng.kit.lists.pages import Count
from quanheng.kit.lists.request import ListRequest, read_request
from quanheng.web.parts import Text, Tile, Tone


@dataclass(frozen=True, slots=True)
class Worklist:
    """Rows that wait for somebody.

    Args:
        list_key, url_name, query: the list, its page, and the filter that makes the worklist.
        roles: whose work it is.
        tone: how the number looks when it is not zero.
        expected: whether such work comes at all; where it does not, a zero says nothing and is left out.
    """

    text: Text
    list_key: str
    url_name: str
    query: str
    roles: frozenset[Role]
    tone: Tone = Tone.INFO
    hint: Text = ""
    expected: Callable[[], bool] = lambda: True


READERS: Final = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF
INSTRUMENTS: Final = ("instruments", "instrument_list")
ENTITIES: Final = ("entities", "entity_list")
IMPORTS: Final = ("imports", "import_list")
REPAIRS: Final = ("repairs", "repair_list")
DUE: Final = ("due", "due_list")
APPLICATIONS: Final = ("applications", "application_list")
BENCH: Final = ("applications", "examination_list")  # the same rows, on the page where they are worked on
RECORDS: Final = ("verification-records", "record_list")
PROPOSALS: Final = ("proposals", "proposal_list")
CERTIFICATES: Final = ("certificates", "certificate_list")
CHANGES: Final = ("certificate-changes", "certificate_change_list")
ALARMS: Final = ("platform-alarms", "platform_alarm_list")
EVENTS: Final = ("platform-events", "platform_event_list")
ACCOUNT_REQUESTS: Final = ("account-requests", "account_request_list")
INVITATIONS: Final = ("account-invitations", "invitation_list")
REPORTS: Final = ("shopper-reports", "report_list")
CAMPAIGNS: Final = ("campaigns", "campaign_list")
INSPECTIONS: Final = ("inspections", "inspection_list")
FOCUS: Final = ("focus-listings", "focus_list")
ACTS: Final = ("acts", "act_list")
HALF_YEAR: Final = ("half-year-reports", "half_year_list")
WEBHOOKS: Final = ("webhooks", "webhook_list")
HOLDERS: Final = READERS | {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.DEPARTMENT_USER}
AUDIT: Final = frozenset({Role.AUDIT_ADMINISTRATOR})
KEEPERS: Final = ENTITY_ROLES - {Role.REPAIRER}
ASKERS: Final = ENTITY_ROLES | {Role.INSPECTOR}  # they learn what became of what they asked for
SUPERVISORS: Final = (OFFICERS - {Role.INSPECTOR}) | {Role.AUDITOR} | AUDIT
HOTLINE: Final = frozenset({Role.HOTLINE_AGENT})
FROM_THE_PLATFORM: Final = (
    Worklist(
        _("国家平台报警待核查"), *ALARMS, "state=new", OFFICERS, Tone.BAD, _("作弊报警，请到现场核查"),
        expected=is_configured,
    ),
    Worklist(_("国家平台报警核查中"), *ALARMS, "state=under_review", OFFICERS, expected=is_configured),
    Worklist(
        _("国家平台事件待匹配"), *EVENTS, "state=quarantined", OFFICERS, Tone.DUE, _("未找到对应的器具"),
        expected=is_configured,
    ),
)  # fmt: skip
WORKLISTS: Final = (
    Worklist(
        _("送修待接收"), *REPAIRS, "stage=waiting", frozenset({Role.REPAIRER}), Tone.DUE,
        _("收到器具后登记接收"),
    ),
    Worklist(
        _("维修中"), *REPAIRS, "stage=received", frozenset({Role.REPAIRER}), Tone.INFO,
        _("修好后登记维修完成"),
    ),
    Worklist(
        _("消费者反映待核查"), *REPORTS, "state=new&sort=due_on", OFFICERS, Tone.BAD, _("先到期的在前")
    ),
    Worklist(
        _("消费者反映核查中"), *REPORTS, "state=taken_up&sort=due_on", OFFICERS, Tone.DUE,
        _("核查后写明结论和答复"),
    ),
    Worklist(
        _("消费者反映已超期"), *REPORTS, "overdue=1&sort=due_on", OFFICERS, Tone.BAD, _("请尽快核查、办结")
    ),
    Worklist(
        _("12315 转办待核查"), *REPORTS, "hotline=passed_on&sort=due_on", OFFICERS, Tone.BAD,
        _("12315 已催办，先到期的在前"),
    ),
    Worklist(
        _("消费者反映待登记"), *REPORTS, "hotline=unnoted&sort=due_on", HOTLINE, Tone.DUE, _("阅后登记或转办")
    ),
    Worklist(
        _("消费者反映已超期"), *REPORTS, "overdue=1&sort=due_on", HOTLINE, Tone.BAD, _("可以转办催促")
    ),
    Worklist(
        _("已办结待答复"), *REPORTS, "hotline=unanswered&sort=received_at", HOTLINE, Tone.DUE,
        _("核对结论后答复反映人"),
    ),
    Worklist(
        _("抽查任务待检查"), *INSPECTIONS, "waiting=mine&sort=due_on", OFFICERS, Tone.DUE,
        _("先到期的在前；检查前请勿外传"),
    ),
    Worklist(
        _("抽查行动待批准"), *CAMPAIGNS, "waiting=turn", PLANNERS, Tone.DUE, _("由提出人以外的人批准")
    ),
    Worklist(
        _("抽查行动待抽取或结束"), *CAMPAIGNS, "waiting=next", PLANNERS, Tone.DUE,
        _("公布承诺、抽取，或结束并公开"),
    ),
    Worklist(
        _("我提出的抽查行动"), *CAMPAIGNS, "waiting=mine", PLANNERS, Tone.INFO, _("待批准，或退回后修改")
    ),
    Worklist(
        _("抽查结果更正待复核"), *INSPECTIONS, "waiting=turn", PLANNERS, Tone.DUE,
        _("由检查人员以外的人复核"),
    ),
    Worklist(
        _("我申请的抽查结果更正"), *INSPECTIONS, "waiting=asked", OFFICERS, Tone.INFO, _("待另一人复核")
    ),
    Worklist(
        _("抽查不合格"), *INSPECTIONS, "verdict=failed", ENTITY_ROLES - {Role.REPAIRER}, Tone.BAD,
        _("请按检查情况整改"),
    ),
    Worklist(
        _("重点监管待检查"), *FOCUS, "waiting=visit&sort=next_visit_by", OFFICERS, Tone.DUE,
        _("14 天内到期或已逾期，先到期的在前"),
    ),
    Worklist(
        _("重点监管待决定列入"), *FOCUS, "state=proposed", DECIDERS, Tone.BAD,
        _("由未参加检查的人员决定"),
    ),
    Worklist(
        _("重点监管待决定移出"), *FOCUS, "state=exit_proposed", DECIDERS, Tone.DUE,
        _("由未参加检查的人员决定"),
    ),
    Worklist(
        _("重点监管异议待答复"), *FOCUS, "waiting=objection", DECIDERS, Tone.BAD, _("由另一人核对后答复")
    ),
    Worklist(
        _("重点监管依据有变化"), *FOCUS, "waiting=doubted", DECIDERS, Tone.DUE, _("检查结果已更正，请核对")
    ),
    Worklist(
        _("重点监管中"), *FOCUS, "waiting=on_list", LISTED_ONES, Tone.BAD, _("可以提出异议"),
        expected=lambda: False,
    ),
    Worklist(
        _("账号开通申请待审核"), *ACCOUNT_REQUESTS, "state=waiting", OFFICERS - {Role.INSPECTOR}, Tone.DUE,
        _("核实申请人后再同意"),
    ),
    Worklist(
        _("存疑的账号邀请"), *INVITATIONS, "doubted=lately", OFFICERS - {Role.INSPECTOR}, Tone.BAD,
        _("近 30 天开通，与签发人有关，请核实"),
    ),
    Worklist(_("备案待审核"), *INSTRUMENTS, "state=filing", OFFICERS),
    Worklist(
        _("变更申请待审核"), *PROPOSALS, "waiting=turn", OFFICERS - {Role.INSPECTOR}, Tone.DUE,
        _("审核前台账不变"),
    ),
    Worklist(_("变更申请审核中"), *PROPOSALS, "state=waiting", ASKERS),
    Worklist(
        _("变更申请被退回"), *PROPOSALS, "decided=returned", ASKERS, Tone.BAD, _("近 30 天，原因见申请")
    ),
    Worklist(_("变更申请已同意"), *PROPOSALS, "decided=accepted", ASKERS, Tone.OK, _("近 30 天")),
    Worklist(_("主体待确认"), *ENTITIES, "state=draft", OFFICERS),
    Worklist(
        _("自报检定待核实"), *RECORDS, "waiting=unconfirmed", OFFICERS - {Role.INSPECTOR}, Tone.DUE,
        _("对照证书核实前不计入受检率"),
    ),
    Worklist(
        _("作废、更正申请待复核"), *RECORDS, "waiting=turn", OFFICERS - {Role.INSPECTOR}, Tone.DUE,
        _("作废的，复核前扫码显示“复核中”"),
    ),
    Worklist(
        _("我提出的作废、更正申请"), *RECORDS, "waiting=asked", OFFICERS - {Role.INSPECTOR}, Tone.INFO,
        _("待另一人复核，可以撤回"),
    ),
    Worklist(_("备案被退回"), *INSTRUMENTS, "state=returned", ENTITY_ROLES, Tone.BAD, _("改正后重新提交")),
    Worklist(_("未提交备案"), *INSTRUMENTS, "state=draft", ENTITY_ROLES),
    Worklist(_("铅封破损"), *INSTRUMENTS, "seal_broken=1", READERS, Tone.BAD, _("不得使用，须尽快处理")),
    Worklist(
        _("启封待检"), *INSTRUMENTS, "seal_opened=1", READERS, Tone.DUE, _("须重新施封并检定，检定前不得使用")
    ),
    Worklist(
        _("铅封编号重复"), *INSTRUMENTS, "disputed_seal=1", OFFICERS - {Role.INSPECTOR}, Tone.DUE,
        _("请核对实物后更正编号"),
    ),
    Worklist(
        _("未经检定"), *INSTRUMENTS, "state=filed", ENTITY_ROLES, Tone.DUE, _("申请检定，合格前不得使用")
    ),
    Worklist(
        _("维修中"), *INSTRUMENTS, "state=under_repair", ENTITY_ROLES - {Role.REPAIRER}, Tone.INFO,
        _("修好后登记维修完成"),
    ),
    Worklist(_("超期未检"), *INSTRUMENTS, "due=overdue", READERS, Tone.BAD, _("在用而检定已失效")),
    Worklist(_("30 天内到期"), *INSTRUMENTS, "due=30", READERS, Tone.DUE),
    Worklist(
        _("超期未确认的器具"), *INSTRUMENTS, "unconfirmed=1", OFFICERS | KEEPERS, Tone.DUE,
        _("确认无变化，或更正信息"),
    ),
    Worklist(
        _("超期未确认的档案"), *ENTITIES, "unconfirmed=1", OFFICERS | KEEPERS, Tone.DUE,
        _("确认无变化，或更正信息"),
    ),
    Worklist(
        _("提醒无接收人"), *DUE, "unreachable=1", OFFICERS - {Role.PROVINCE_OFFICER}, Tone.DUE,
        _("请在主体档案登记手机号码"),
    ),
    Worklist(_("检定不合格"), *INSTRUMENTS, "state=failed", READERS, Tone.BAD),
    Worklist(_("检定申请待受理"), *APPLICATIONS, "state=applied", RECEPTION | ENTITY_ROLES),
    Worklist(
        _("检定申请被退回"), *APPLICATIONS, "state=returned", ENTITY_ROLES, Tone.BAD, _("补正后重新申请")
    ),
    Worklist(_("待检定"), *BENCH, "state=accepted", frozenset({Role.VERIFIER})),
    Worklist(_("检定中"), *BENCH, "state=received", frozenset({Role.VERIFIER})),
    Worklist(_("检定记录待核验"), *BENCH, "state=recorded", frozenset({Role.CHECKER})),
    Worklist(_("检定记录待批准"), *BENCH, "state=checked", frozenset({Role.APPROVER})),
    Worklist(
        _("证书变更待批准"), *CHANGES, "waiting=others", frozenset({Role.APPROVER}), Tone.DUE,
        _("批准前证书不变"),
    ),
    Worklist(
        _("近 30 天发出的证书"), *CERTIFICATES, "recent=30",
        RECEPTION | {Role.APPROVER} | (ENTITY_ROLES - {Role.REPAIRER}),
    ),
    Worklist(_("我提出的证书变更"), *CHANGES, "waiting=mine", INSTITUTE_STAFF),
    Worklist(
        _("半年报告待报送"), *HALF_YEAR, "state=draft", HOSPITAL_STAFF, Tone.DUE, _("核对台账数据后报送"),
        expected=lambda: False,
    ),
    Worklist(
        _("半年报告被退回"), *HALF_YEAR, "state=returned", HOSPITAL_STAFF, Tone.BAD, _("更正后重新报送"),
        expected=lambda: False,
    ),
    Worklist(
        _("半年报告待审核"), *HALF_YEAR, "state=submitted", OFFICERS - {Role.INSPECTOR}, Tone.DUE,
        _("审核通过，或写明原因退回"),
    ),
    Worklist(
        _("半年报告逾期未报"), *HALF_YEAR, "timing=overdue", OFFICERS - {Role.INSPECTOR}, Tone.BAD,
        _("请督促医疗机构报送"),
    ),
    Worklist(_("导入待确认"), *IMPORTS, "state=preview", OFFICERS | ENTITY_ROLES),
    Worklist(
        _("岗位冲突"), "accounts", "account_list", "both_sides=1", frozenset({Role.SECURITY_ADMINISTRATOR}),
        Tone.BAD, _("一人兼任监管与被监管岗位，请终止其一"),
    ),
    Worklist(
        _("接口密钥待领取"), "keys", "key_list", "waiting=1", HOLDERS, Tone.DUE,
        _("领取时显示一次，请准备好保存的地方"), expected=lambda: False,
    ),
    Worklist(
        _("推送未送达"), *WEBHOOKS, "trouble=1", HOLDERS, Tone.BAD, _("请检查接收方，修复后恢复"),
        expected=lambda: False,
    ),
    Worklist(
        _("推送待放行"), *WEBHOOKS, "held=1", HOLDERS, Tone.DUE, _("平台由备份恢复，放行前不推送"),
        expected=lambda: False,
    ),
    *FROM_THE_PLATFORM,
    Worklist(
        _("频繁查看个人信息"), *ACTS, "alarm=personal_data_alarm", SUPERVISORS, Tone.BAD,
        _("请核实是否因工作需要"),
    ),
    Worklist(
        _("账号登录异常"), *ACTS, "alarm=sign_in_alarm", AUDIT, Tone.DUE, _("密码多次输入错误"),
    ),
)  # fmt: skip


def alarms_and_quarantine(actor: Actor) -> tuple[Tile, ...]:
    """Return the numbers of the exchange with the platform for scales, configured or not."""
    asked = asked_of(FROM_THE_PLATFORM, actor)
    found = glances([question for _work, _url, question in asked], most=0)
    return tuple(
        tile_of(work, url, glance.count) for (work, url, _question), glance in zip(asked, found, strict=True)
    )


def asked_of(works: Sequence[Worklist], actor: Actor) -> list[tuple[Worklist, str, ListRequest]]:
    """Return worklists with address and question, but those whose list is not served to the actor here."""
    return [(work, *found) for work in works if (found := _asked(work, actor))]


def _asked(work: Worklist, actor: Actor) -> tuple[str, ListRequest] | None:
    listing = find_list(work.list_key)
    if listing is None or not listing.admits(actor):
        return None
    try:
        url = reverse(work.url_name)
    except NoReverseMatch:
        return None
    return url, read_request(listing, QueryDict(work.query), actor)


def tile_of(work: Worklist, url: str, count: Count) -> Tile:
    """Return a worklist's number, a link to its rows."""
    waiting = count.number != 0
    return Tile(
        text_count=str(count),
        text=work.text,
        url=f"{url}?{work.query}",
        hint=work.hint if waiting else "",
        tone=work.tone if waiting else Tone.QUIET,
    )
