"""Bureaus, stations, institutes, departments; the demonstration's accounts: one a role, some two."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import AgencyKind, AreaLevel, Role
from quanheng.apps.accounts.queries import active_user, agencies, areas
from quanheng.apps.accounts.services.open_demonstration import Office, Seat, found_offices, open_account
from quanheng.apps.registry.enums import EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.queries import entities
from quanheng.apps.registry.services.register_entity import EntityFacts, register_entity
from quanheng.demo.credit_codes import credit_code
from quanheng.demo.province import HOME
from quanheng.kit.scope import EVERYTHING, acting_in

PROVINCE = 510_000_000_000
CITY = 510_100_000_000
DEPARTMENTS = ("卫生健康委员会", "商务厅", "交通运输厅", "发展和改革委员会", "经济和信息化厅", "大数据中心")
SINCE = date(2024, 1, 1)
NO_TELEPHONE = "028-00000000（演示）"


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
    # A campaign takes two: whoever plans it does not approve it.
    Account("shi2", "吕市和", Role.CITY_OFFICER, "city", "批准何市平提出的抽查行动"),
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
    Account("weixiu", "傅修刚", Role.REPAIRER, PremisesKind.REPAIRER, "接收送修的秤，启封，登记修理完成"),
    Account("rexian", "沈线红", Role.HOTLINE_AGENT, "county", "12315 工作人员"),
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
        if active_user(ACCOUNTS[0].username):
            return 0
        found_offices(_offices())
        _repairer(at)
        password = f"quan-{secrets.token_hex(2)}-{secrets.token_hex(2)}"
        for account in ACCOUNTS:
            open_account(
                username=account.username, name=account.name, password=make_password(password),
                role=account.role, seat=_seat(account.seat), since=SINCE, at=at,
            )  # fmt: skip
    _write(file, password)
    return len(ACCOUNTS)


def _offices() -> Iterator[Office]:
    yield Office("四川省市场监督管理局", AgencyKind.BUREAU, PROVINCE)
    yield Office(
        "四川省计量检定测试院",
        AgencyKind.INSTITUTE,
        PROVINCE,
        "（川）法计（演示）001号",
        "四川省（演示地址）",
        NO_TELEPHONE,
    )
    for name in DEPARTMENTS:
        yield Office(f"四川省{name}", AgencyKind.DEPARTMENT, PROVINCE)
    living = areas().filter(valid_to=None).order_by("id")
    for number, city in enumerate(living.filter(level=AreaLevel.CITY), start=2):
        yield Office(f"{city.full_name}市场监督管理局", AgencyKind.BUREAU, city.pk)
        authorisation = f"（川）法计（演示）{number:03d}号"
        yield Office(
            f"{city.name}计量检定测试所",
            AgencyKind.INSTITUTE,
            city.pk,
            authorisation,
            f"{city.full_name}（演示地址）",
            NO_TELEPHONE,
        )
    for county in living.filter(level=AreaLevel.COUNTY):
        yield Office(f"{county.full_name}市场监督管理局", AgencyKind.BUREAU, county.pk)
    for street in living.filter(level=AreaLevel.STREET):
        yield Office(f"{street.full_name}市场监督管理所", AgencyKind.STATION, street.pk)


def _repairer(at: datetime) -> None:
    facts = EntityFacts(
        kind=EntityKind.COMPANY, premises=PremisesKind.REPAIRER, name="武侯区川准衡器维修服务有限公司",
        credit_code=credit_code(31**6 - 1), area_id=HOME, address="成都市武侯区（演示）",
    )  # fmt: skip
    register_entity(facts=facts, by=SYSTEM, at=at)


def _seat(seat: str) -> Seat:
    bureaus = {"province": PROVINCE, "city": CITY, "county": HOME}
    if seat in bureaus:
        return Seat(agencies().get(kind=AgencyKind.BUREAU, area_id=bureaus[seat]).pk)
    if seat == "station":  # of the street where the market is, so that its scales are there to be checked
        street = _owners(PremisesKind.MARKET)[0].area_id
        return Seat(agencies().get(kind=AgencyKind.STATION, area_id=street).pk)
    if seat == "institute":
        return Seat(agencies().get(kind=AgencyKind.INSTITUTE, area_id=CITY).pk)
    if seat == "department":
        return Seat(agencies().filter(kind=AgencyKind.DEPARTMENT).order_by("id")[0].pk)
    return Seat(entity_id=_owners(seat)[0].pk)


def _owners(premises: str) -> QuerySet[Any]:
    """Return the entities of a kind of premises at home, oldest first."""
    return entities(SYSTEM).filter(
        premises=premises, parent=None, state=EntityState.CONFIRMED,
        area_id__gte=HOME, area_id__lt=HOME + 1_000_000,
    ).order_by("id")  # fmt: skip


def _write(file: Path, password: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{account.role.label}  {account.username}  {password}  {account.hint}\n" for account in ACCOUNTS
    ]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.writelines(lines)
