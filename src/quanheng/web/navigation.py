"""The left navigation: what a role uses daily, then the subjects, cut down to what the role may open.

Whether it may, the page itself declares. What is used daily stands first, so that it is on the screen at
once; it does not stand a second time below its subject.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.apps.instruments.indicators import indicators
from quanheng.web.access import Access, access_of
from quanheng.web.parts import Text


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: an address by name and arguments. Whoever may open the page is shown it."""

    text: Text
    url_name: str
    icon: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A subject of the navigation."""

    text: Text
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ShownItem:
    text: Text
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class ShownGroup:
    text: Text
    items: tuple[ShownItem, ...]


OF_OFFICERS = ("instrument_list", "entity_list", "filing_list", "due_list", "report_list", "label_choose")
OF_OWNERS = (
    "instrument_list",
    "due_list",
    "application_list",
    "certificate_list",
    "import_list",
    "label_choose",
)
DAILY: Mapping[Role, tuple[str, ...]] = {
    **dict.fromkeys(OFFICERS, OF_OFFICERS),
    Role.INSPECTOR: (
        "instrument_list",
        "entity_list",
        "report_list",
        "code_bind",
        "due_list",
        "label_choose",
    ),
    Role.MARKET_OPERATOR: ("entity_list", *OF_OWNERS),
    Role.INSTRUMENT_USER: OF_OWNERS,
    Role.REPAIRER: ("repair_list", "instrument_list"),
    Role.INSTITUTE_CLERK: ("application_list", "instrument_list", "certificate_list", "label_choose"),
    Role.VERIFIER: ("examination_list", "application_list", "instrument_list", "code_bind"),
    Role.CHECKER: ("examination_list", "certificate_list"),
    Role.APPROVER: ("examination_list", "certificate_change_list", "certificate_list"),
    Role.INSTITUTE_MANAGER: ("application_list", "examination_list", "certificate_list", "institute_list"),
    Role.HOTLINE_AGENT: ("report_list",),
}
"""What a role opens many times a day, by the names of addresses."""

NAVIGATION = (
    Group(
        _("常用"),
        (
            Item(_("待办"), "desk", "home"),
            Item(_("扫码"), "scan_camera", "qrcode"),
            Item(_("我的任务"), "task_list", "hourglass"),
        ),
    ),
    Group(
        _("主体"),
        (
            Item(_("主体档案"), "entity_list", "building-store"),
            Item(_("账号开通申请"), "account_request_list", "user"),
        ),
    ),
    Group(
        _("器具台账"),
        (
            Item(_("计量器具"), "instrument_list", "scale"),
            Item(_("维修业务"), "repair_list", "settings"),
            Item(_("强制管理目录"), "catalogue_list", "table"),
        ),
    ),
    Group(
        _("备案审核"),
        (
            Item(_("备案"), "filing_list", "file-check"),
            Item(_("变更申请"), "proposal_list", "clipboard-check"),
        ),
    ),
    Group(
        _("检定"),
        (
            Item(_("到期与超期"), "due_list", "hourglass"),
            Item(_("检定记录"), "record_list", "history"),
            Item(_("到期提醒"), "reminder_list", "bell"),
            Item(_("检定申请"), "application_list", "list-check"),
            Item(_("检定"), "examination_list", "clipboard-check"),
            Item(_("证书"), "certificate_list", "certificate"),
            Item(_("证书变更"), "certificate_change_list", "refresh"),
            Item(_("检定机构"), "institute_list", "building-bank"),
        ),
    ),
    Group(
        _("导入"),
        (
            Item(_("台账导入"), "import_list", "file-import"),
            Item(_("建档进度"), "import_campaign", "flag"),
        ),
    ),
    Group(
        _("标签与二维码"),
        (
            Item(_("标签与二维码"), "label_choose", "qrcode"),
            Item(_("器具码"), "code_list", "table"),
            Item(_("现场绑码"), "code_bind", "scale"),
        ),
    ),
    Group(_("医疗机构"), (Item(_("医疗机构半年报告"), "half_year_list", "file-check"),)),
    Group(
        _("监督抽查"),
        (
            Item(_("抽查行动"), "campaign_list", "flag"),
            Item(_("抽查任务与结果"), "inspection_list", "clipboard-check"),
            Item(_("重点监管名单"), "focus_list", "alert-triangle"),
            Item(_("随机抽查公开"), "draw_list", "shield-check"),
        ),
    ),
    Group(_("社会监督"), (Item(_("消费者反映"), "report_list", "bell"),)),
    Group(
        _("国家平台"),
        (
            Item(_("国家平台交换"), "exchange_page", "share"),
            Item(_("国家平台报警"), "platform_alarm_list", "bell"),
            Item(_("e-CQS 数据交换"), "ecqs_run_list", "file-spreadsheet"),
        ),
    ),
    Group(
        _("指标"),
        tuple(Item(each.name, "indicator", "chart-bar", (each.slug,)) for each in indicators()),
    ),
    Group(_("日志"), (Item(_("操作日志"), "act_list", "history"),)),
    Group(
        _("系统"),
        (
            Item(_("导出文件"), "export_list", "download"),
            Item(_("外发消息"), "message_list", "bell"),
            Item(_("本单位账号"), "staff_page", "users"),
            Item(_("账号邀请"), "invitation_list", "user"),
            Item(_("账号与岗位"), "account_list", "users"),
            Item(_("机构"), "agency_list", "building-bank"),
            Item(_("行政区划"), "area_list", "map-pin"),
            Item(_("接口密钥"), "key_list", "lock"),
            Item(_("推送"), "webhook_list", "share"),
        ),
    ),
)


def groups_for(actor: Actor | None, path: str) -> tuple[ShownGroup, ...]:
    """Return what this actor may open, and where they are: the page whose address is most of the path."""
    if actor is None or actor.role is None:
        return ()
    groups = [(group.text, list(_addresses(group, actor))) for group in _by_use(actor.role)]
    addresses = [url for _text, items in groups for _item, url in items if path.startswith(url)]
    here = max(addresses, key=len, default="")
    return tuple(
        ShownGroup(
            text, tuple(ShownItem(item.text, url, item.icon, current=url == here) for item, url in items)
        )
        for text, items in groups
        if items
    )


@cache
def _by_use(role: Role) -> tuple[Group, ...]:
    """Return the navigation with what the role uses daily drawn into its first group."""
    first, daily = NAVIGATION[0], DAILY.get(role, ())
    items = {item.url_name: item for group in NAVIGATION for item in group.items if not item.args}
    often = Group(first.text, (*first.items, *(items[name] for name in daily)))
    return (often, *(_without(group, daily) for group in NAVIGATION[1:]))


def _without(group: Group, names: Collection[str]) -> Group:
    return Group(group.text, tuple(item for item in group.items if item.url_name not in names))


def _addresses(group: Group, actor: Actor) -> Iterator[tuple[Item, str]]:
    for item in group.items:
        url, access = _door(item.url_name, item.args)
        if access is not None and access.admits(actor):
            yield item, url


@cache
def _door(url_name: str, args: tuple[object, ...]) -> tuple[str, Access | None]:
    """Return where a page is and who may open it; nobody, where this installation does not serve it."""
    try:
        url = reverse(url_name, args=args)
    except NoReverseMatch:
        return "", None
    return url, access_of(resolve(url).func)
