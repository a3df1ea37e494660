"""Bureaus, stations, institutes, departments; the demonstration's accounts: one a role, two approvers."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from quanheng.apps.accounts.enums import AgencyKind, AreaLevel, Role
from quanheng.apps.accounts.models import Agency, Appointment, Area, User
from quanheng.apps.registry.enums import EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.models import Entity
from quanheng.demo.credit_codes import credit_code
from quanheng.demo.province import HOME
from quanheng.kit.scope import EVERYTHING, acting_in

PROVINCE = 510_000_000_000
CITY = 510_100_000_000
DEPARTMENTS = ("卫生健康委员会", "商务厅", "交通运输厅", "发展和改革委员会", "经济和信息化厅", "大数据中心")
SINCE = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Account:
    """One demonstration account.

    Args:
        seat: what it belongs to: province, city, county, station, institute, department, a kind of premises,
            or nothing.
    """

    username: str
    name: str
    role: Role
    seat: str
    hint: str


ACCOUNTS = (
    Account("sheng", "周省兰", Role.PROVINCE_OFFICER, "province", "看全省受检率，从地图点到县、到器具"),
    Account("shi", "何市平", Role.CITY_OFFICER, "city", "看成都市各区县的建档进度和缺口"),
    Account("xian", "唐县宁", Role.COUNTY_OFFICER, "county", "审核备案，打印标签，导入台账"),
    Account("suo", "罗所勇", Role.INSPECTOR, "station", "扫码核对一台秤，登记铅封破损"),
    Account(
        "shouli", "彭受云", Role.INSTITUTE_CLERK, "institute", "受理检定申请，安排半天，扫预约单接收器具"
    ),
    Account("jianding", "曾检明", Role.VERIFIER, "institute", "现场或实验室录入检定结果"),
    Account("heyan", "萧核敏", Role.CHECKER, "institute", "核验检定记录"),
    Account("pizhun", "董批准", Role.APPROVER, "institute", "批准发证，更正或注销证书"),
    # A change of a certificate takes two: whoever asks for it does not approve it.
    Account("pizhun2", "程准之", Role.APPROVER, "institute", "批准董批准提出的证书更正、换发或注销"),
    Account("jigou", "袁机芳", Role.INSTITUTE_MANAGER, "institute", "查看机构的器具"),
    Account(
        "shichang",
        "邓场丽",
        Role.MARKET_OPERATOR,
        PremisesKind.MARKET,
        "用表格登记十台秤，提交备案；申请检定",
    ),
    Account("yiyuan", "许院洁", Role.INSTRUMENT_USER, PremisesKind.HOSPITAL, "查看本院器具和到期提醒"),
    Account("weixiu", "傅修刚", Role.REPAIRER, PremisesKind.REPAIRER, "查看维修业务"),
    Account("rexian", "沈线红", Role.HOTLINE_AGENT, "county", "12315 坐席"),
    Account("zhuanjia", "韩家文", Role.EXPERT, "county", "计量专家、调解员"),
    Account("dingliang", "冯装静", Role.PREPACKAGE_LAB, "institute", "定量包装检验"),
    Account("nengyuan", "于能军", Role.ENERGY_REVIEWER, "province", "能源计量审查"),
    Account("bumen", "蒋部卫", Role.DEPARTMENT_USER, "department", "协同部门"),
    Account("shenji", "蔡审清", Role.AUDITOR, "province", "查看操作日志"),
    Account("xitong", "贾系统", Role.SYSTEM_ADMINISTRATOR, "province", "系统管理员（三员之一）"),
    Account("anquan", "丁安全", Role.SECURITY_ADMINISTRATOR, "province", "安全管理员（三员之二）"),
    Account("rizhi", "魏日志", Role.AUDIT_ADMINISTRATOR, "province", "审计管理员（三员之三）"),
)


def open_offices(file: Path, *, at: datetime) -> int:
    """Make agencies and accounts, once; write the accounts and their password to a file that only we read.

    Returns:
        How many accounts were made; 0 when they are there.
    """
    with acting_in(EVERYTHING), transaction.atomic():
        if User.objects.filter(username=ACCOUNTS[0].username).exists():
            return 0
        Agency.objects.bulk_create(_agencies(), ignore_conflicts=True)
        _join_parents()
        _repairer(at)
        password = f"quan-{secrets.token_hex(2)}-{secrets.token_hex(2)}"
        for account in ACCOUNTS:
            _open(account, make_password(password), at)
    _write(file, password)
    return len(ACCOUNTS)


def _agencies() -> Iterator[Agency]:
    yield Agency(name="四川省市场监督管理局", kind=AgencyKind.BUREAU, area_id=PROVINCE)
    yield Agency(
        name="四川省计量检定测试院",
        kind=AgencyKind.INSTITUTE,
        area_id=PROVINCE,
        authorisation="（川）法计（演示）001号",
    )
    for name in DEPARTMENTS:
        yield Agency(name=f"四川省{name}", kind=AgencyKind.DEPARTMENT, area_id=PROVINCE)
    areas = Area.objects.filter(valid_to=None).order_by("id")
    for number, city in enumerate(areas.filter(level=AreaLevel.CITY), start=2):
        yield Agency(name=f"{city.full_name}市场监督管理局", kind=AgencyKind.BUREAU, area=city)
        authorisation = f"（川）法计（演示）{number:03d}号"
        yield Agency(
            name=f"{city.name}计量检定测试所",
            kind=AgencyKind.INSTITUTE,
            area=city,
            authorisation=authorisation,
        )
    for county in areas.filter(level=AreaLevel.COUNTY):
        yield Agency(name=f"{county.full_name}市场监督管理局", kind=AgencyKind.BUREAU, area=county)
    for street in areas.filter(level=AreaLevel.STREET):
        yield Agency(name=f"{street.full_name}市场监督管理所", kind=AgencyKind.STATION, area=street)


def _join_parents() -> None:
    """A bureau or station reports to the bureau one area above, others to the bureau of their own."""
    bureaus = dict(Agency.objects.filter(kind=AgencyKind.BUREAU).values_list("area_id", "id"))
    agencies = list(Agency.objects.select_related("area").exclude(area_id=PROVINCE, kind=AgencyKind.BUREAU))
    for agency in agencies:
        own = agency.kind in {AgencyKind.INSTITUTE, AgencyKind.DEPARTMENT}
        agency.parent_id = bureaus.get(agency.area_id if own else agency.area.parent_id or 0)
    Agency.objects.bulk_update(agencies, ["parent_id"], batch_size=1_000)


def _repairer(at: datetime) -> None:
    entity = Entity(
        kind=EntityKind.COMPANY, premises=PremisesKind.REPAIRER, name="武侯区川准衡器维修服务有限公司",
        credit_code=credit_code(31**6 - 1), area_id=HOME, address="成都市武侯区（演示）",
        state=EntityState.CONFIRMED, registered_at=at,
    )  # fmt: skip
    entity.save()
    entity.root = entity
    entity.save(update_fields=["root"])


def _open(account: Account, password: str, at: datetime) -> None:
    user = User.objects.create(
        username=account.username,
        name=account.name,
        password=password,
        password_changed_at=at,
        is_demonstration=True,
    )
    Appointment.objects.create(user=user, role=account.role, valid_from=SINCE, **_seat(account.seat))


def _seat(seat: str) -> dict[str, object]:
    areas = {"province": PROVINCE, "city": CITY, "county": HOME}
    if seat in areas:
        return {"agency": Agency.objects.get(kind=AgencyKind.BUREAU, area_id=areas[seat])}
    if seat == "station":
        stations = Agency.objects.filter(
            kind=AgencyKind.STATION, area_id__gt=HOME, area_id__lt=HOME + 1_000_000
        )
        return {"agency": stations.order_by("area_id").first()}
    if seat == "institute":
        return {"agency": Agency.objects.get(kind=AgencyKind.INSTITUTE, area_id=CITY)}
    if seat == "department":
        return {"agency": Agency.objects.filter(kind=AgencyKind.DEPARTMENT).order_by("id").first()}
    owners = Entity.objects.unscoped().filter(
        premises=seat,
        parent=None,
        state=EntityState.CONFIRMED,
        area_id__gte=HOME,
        area_id__lt=HOME + 1_000_000,
    )
    return {"entity": owners.order_by("id").first()}


def _write(file: Path, password: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{account.role.label}  {account.username}  {password}  {account.hint}\n" for account in ACCOUNTS
    ]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.writelines(lines)
