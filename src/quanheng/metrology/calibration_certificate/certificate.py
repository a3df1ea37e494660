"""A digital calibration certificate as a whole (PTB DCC 3.3: digitalCalibrationCertificate)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from quanheng.metrology.calibration_certificate.parts import (
    Contact,
    Equipment,
    Identification,
    Item,
    Laboratory,
    Method,
    ResponsiblePerson,
    Software,
    Texts,
    Written,
    says,
)
from quanheng.metrology.calibration_certificate.quantities import Data, Statement

Place = Literal["laboratory", "customer", "laboratoryBranch", "customerBranch", "other"]


@dataclass(frozen=True, slots=True)
class Core(Written):
    """What identifies the certificate."""

    country_code: str = field(metadata=says("国家代码（ISO 3166-1，两个大写字母）"))
    languages: tuple[str, ...] = field(metadata=says("使用的语言（ISO 639-1）"))
    mandatory_languages: tuple[str, ...] = field(metadata=says("必备语言（ISO 639-1）"))
    unique_identifier: str = field(metadata=says("证书编号"))
    begin_performance_date: date = field(metadata=says("校准开始日期"))
    end_performance_date: date = field(metadata=says("校准结束日期"))
    performance_location: Place = field(metadata=says("校准地点"))
    identifications: tuple[Identification, ...] = field(metadata=says("其他编号"), default=())
    receipt_date: date | None = field(metadata=says("收样日期"), default=None)
    issue_date: date | None = field(metadata=says("签发日期"), default=None)


@dataclass(frozen=True, slots=True)
class InfluenceCondition(Written):
    """A condition under which it was measured."""

    name: Texts = field(metadata=says("名称"))
    data: Data = field(metadata=says("量"))
    reference_type: str | None = field(metadata=says("引用类型 refType"), default=None)
    description: Texts = field(metadata=says("说明"), default=())
    status: Literal["beforeAdjustment", "afterAdjustment", "beforeRepair", "afterRepair"] | None = field(
        metadata=says("调整或修理前后"), default=None
    )


@dataclass(frozen=True, slots=True)
class Result(Written):
    """One result: a name and its quantities."""

    name: Texts = field(metadata=says("名称"))
    data: Data = field(metadata=says("量"))
    reference_type: str | None = field(metadata=says("引用类型 refType"), default=None)
    description: Texts = field(metadata=says("说明"), default=())


@dataclass(frozen=True, slots=True)
class MeasurementResult(Written):
    """A measurement: how, with what, under which conditions, and what came out."""

    name: Texts = field(metadata=says("名称"))
    results: tuple[Result, ...] = field(metadata=says("结果"))
    description: Texts = field(metadata=says("说明"), default=())
    methods: tuple[Method, ...] = field(metadata=says("方法"), default=())
    equipment: tuple[Equipment, ...] = field(metadata=says("使用的计量标准器和设备"), default=())
    influence_conditions: tuple[InfluenceCondition, ...] = field(metadata=says("影响条件"), default=())
    statements: tuple[Statement, ...] = field(metadata=says("声明"), default=())


@dataclass(frozen=True, slots=True)
class CalibrationCertificate(Written):
    """A calibration certificate."""

    schema_version: str = field(metadata=says("DCC 版本，如 3.3.0"))
    software: tuple[Software, ...] = field(metadata=says("生成证书的软件"))
    core: Core = field(metadata=says("核心数据"))
    items: tuple[Item, ...] = field(metadata=says("被校对象"))
    laboratory: Laboratory = field(metadata=says("校准实验室"))
    persons: tuple[ResponsiblePerson, ...] = field(metadata=says("责任人"))
    customer: Contact = field(metadata=says("客户"))
    measurements: tuple[MeasurementResult, ...] = field(metadata=says("测量结果"))
    statements: tuple[Statement, ...] = field(metadata=says("对整份证书的声明"), default=())
