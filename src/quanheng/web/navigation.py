"""The left navigation, by subject, cut down to what a role may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.web.parts import Text

ACCOUNT_KEEPERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})
WATCHERS = frozenset({Role.AUDITOR, Role.AUDIT_ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: an address by name, and the roles that may open it."""

    text: Text
    url_name: str
    icon: str
    roles: frozenset[Role]


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


EVERYBODY = frozenset(Role)
LEDGER_READERS = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF  # an auditor reads acts and figures, no rows

NAVIGATION = (
    Group(_("工作台"), (Item(_("待办"), "desk", "home", EVERYBODY),)),
    Group(_("主体"), (Item(_("主体档案"), "entity_list", "building-store", OFFICERS | ENTITY_ROLES),)),
    Group(
        _("器具台账"),
        (
            Item(_("计量器具"), "instrument_list", "scale", LEDGER_READERS),
            Item(_("强制管理目录"), "catalogue_list", "table", LEDGER_READERS | {Role.AUDITOR}),
        ),
    ),
    Group(
        _("备案审核"),
        (
            Item(_("备案"), "filing_list", "file-check", OFFICERS | ENTITY_ROLES),
            Item(_("变更申请"), "proposal_list", "clipboard-check", OFFICERS | ENTITY_ROLES),
        ),
    ),
    Group(
        _("检定"),
        (
            Item(_("到期与超期"), "due_list", "hourglass", OFFICERS | ENTITY_ROLES),
            Item(_("检定记录"), "record_list", "history", OFFICERS),
            Item(_("到期提醒"), "reminder_list", "bell", OFFICERS),
            Item(_("约检申请"), "application_list", "list-check", LEDGER_READERS),
            Item(_("检定"), "examination_list", "clipboard-check", INSTITUTE_STAFF),
            Item(_("检定机构"), "institute_list", "building-bank", OFFICERS | INSTITUTE_STAFF),
        ),
    ),
    Group(
        _("导入"),
        (
            Item(_("台账导入"), "import_list", "file-import", OFFICERS | ENTITY_ROLES),
            Item(_("建档进度"), "import_campaign", "flag", OFFICERS),
        ),
    ),
    Group(
        _("标签与二维码"),
        (
            Item(_("标签与二维码"), "label_choose", "qrcode", OFFICERS | ENTITY_ROLES),
            Item(_("器具码"), "code_list", "table", OFFICERS),
            Item(_("现场绑码"), "code_bind", "scale", OFFICERS | INSTITUTE_STAFF | {Role.MARKET_OPERATOR}),
        ),
    ),
    Group(
        _("国家平台"),
        (
            Item(_("国家平台交换"), "exchange_page", "share", OFFICERS | {Role.SYSTEM_ADMINISTRATOR}),
            Item(_("国家平台报警"), "platform_alarm_list", "bell", OFFICERS),
            Item(_("e-CQS 数据交换"), "ecqs_run_list", "file-spreadsheet", OFFICERS),
        ),
    ),
    Group(_("指标"), (Item(_("受检率"), "indicator_rate", "chart-bar", OFFICERS | {Role.AUDITOR}),)),
    Group(_("日志"), (Item(_("操作日志"), "act_list", "history", OFFICERS | WATCHERS),)),
    Group(
        _("系统"),
        (
            Item(_("导出文件"), "export_list", "download", EVERYBODY),
            Item(_("外发消息"), "message_list", "bell", frozenset({Role.SYSTEM_ADMINISTRATOR})),
            Item(_("账号与岗位"), "account_list", "users", ACCOUNT_KEEPERS),
            Item(_("机构"), "agency_list", "building-bank", ACCOUNT_KEEPERS),
            Item(_("行政区划"), "area_list", "map-pin", ACCOUNT_KEEPERS | OFFICERS),
            Item(_("接口密钥"), "key_list", "lock", EVERYBODY),
        ),
    ),
)


def groups_for(actor: Actor | None, path: str) -> tuple[ShownGroup, ...]:
    """Return what this actor may open, and where they are: the page whose address is most of the path."""
    if actor is None or actor.role is None:
        return ()
    groups = [(group.text, list(_addresses(group, actor.role))) for group in NAVIGATION]
    addresses = [url for _text, items in groups for _item, url in items if path.startswith(url)]
    here = max(addresses, key=len, default="")
    return tuple(
        ShownGroup(
            text, tuple(ShownItem(item.text, url, item.icon, current=url == here) for item, url in items)
        )
        for text, items in groups
        if items
    )


def _addresses(group: Group, role: Role) -> Iterator[tuple[Item, str]]:
    for item in group.items:
        if role not in item.roles:
            continue
        try:
            yield item, reverse(item.url_name)
        except NoReverseMatch:
            continue  # the page belongs to a part that this installation does not serve
