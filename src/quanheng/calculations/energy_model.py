"""What a case of energy metering is made of, and its result."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from quanheng.calculations.calculation import Case, CitationOut, Result, Words
from quanheng.metrology.energy.fitting_rate import MeteringLevel
from quanheng.metrology.energy.standard_coal import CoefficientBasis, Flow
from quanheng.regulation.key_energy_units import KeyUnitClass

MOST_ROWS = 2000
Number = Annotated[Decimal, Field(max_digits=18, decimal_places=9)]
Code = Annotated[str, Field(max_length=40)]


class ConsumptionIn(Case):
    """One carrier over the year."""

    carrier: Code = Field(description="能源：raw_coal、electricity、diesel 等，见规则包 energy/standard-coal")
    quantity: Number = Field(description="数量，已计库存变化")
    unit: str = Field(max_length=8, description="单位：kg、t、m3、万m3、kWh、万kWh、GWh、MJ、GJ 等")
    flow: Flow = Field(Flow.BOUGHT, description="bought 购入；delivered 外供；made_inside 自产")
    calorific_value_kj: Number | None = Field(None, description="实测低位发热量，kJ/kg 或 kJ/m3")
    coefficient: Number | None = Field(None, description="所用折标系数，kgce/单位；与标准不同时须注明来源")
    basis_note: str = Field("", max_length=200, description="所用系数的来源")


class FittingIn(Case):
    """The meters of one carrier at one level."""

    carrier: Code = Field(description="能源：electricity、coal、steam 等，见规则包 energy/fitting-rate")
    level: MeteringLevel = Field(
        description="organisation 用能单位；subunit 主要次级用能单位；equipment 主要用能设备"
    )
    needed: int = Field(ge=0, le=10**6, description="应配数：测量全部能源量值所需")
    fitted: int = Field(ge=0, le=10**6, description="实配数")


class SpanIn(Case):
    """Days, first and last included."""

    first: date = Field(description="首日")
    last: date = Field(description="末日")


class EnergyMeterIn(Case):
    """A meter whose figures count."""

    identifier: Code = Field(description="编号")
    kind: Code = Field(
        description="种类：electricity_meter_1、steam_flow_meter 等，见规则包 energy/fitting-rate"
    )
    accuracy_class: str = Field(max_length=8, description="准确度等级，如 0.5S")
    certificates: list[SpanIn] = Field([], max_length=50, description="各检定（校准）证书的有效期")


class BalanceIn(Case):
    """What went in, what came out, over one period and in one unit."""

    name: Code = Field(description="名称")
    inflow: Number = Field(description="总表用量")
    inflow_uncertainty: Number = Field(ge=0, description="总表用量的标准不确定度")
    outflows: list[Number] = Field(min_length=1, max_length=MOST_ROWS, description="各分表用量")
    outflow_uncertainties: list[Number] = Field(
        min_length=1, max_length=MOST_ROWS, description="各分表用量的标准不确定度，一一对应"
    )
    losses: Number = Field(Decimal(0), description="已知损耗，如变压器损耗")


class MeteringPointIn(Case):
    """A point that should deliver online."""

    unit: Code = Field(description="用能单位")
    identifier: Code = Field(description="点位编号")
    expected: int = Field(le=10**9, description="期内应收读数")
    received: int = Field(le=10**9, description="期内按时收到的有效读数，重复的只计一次")


class EnergyCase(Case):
    """Any of the parts, at least one."""

    day: date = Field(description="核算日期：按当天有效的标准")
    consumption: list[ConsumptionIn] = Field([], max_length=MOST_ROWS, description="综合能耗：各种能源")
    counts_media: bool = Field(False, description="边界是否包括耗能工质（水、压缩空气等）")
    is_designated: bool = Field(False, description="是否经指定为重点用能单位")
    fittings: list[FittingIn] = Field([], max_length=100, description="计量器具配备")
    period: SpanIn | None = Field(None, description="审查的时期，核对器具证书时填写")
    meters: list[EnergyMeterIn] = Field([], max_length=MOST_ROWS, description="能源计量器具")
    balances: list[BalanceIn] = Field([], max_length=100, description="能量平衡")
    points: list[MeteringPointIn] = Field([], max_length=MOST_ROWS, description="应在线采集的点位")


class ConvertedOut(Result):
    """One carrier in standard coal."""

    carrier: str = Field(description="能源")
    name: Words = Field(description="名称")
    quantity: Decimal = Field(description="数量，以标准的单位计")
    unit: str = Field(description="标准的单位")
    coefficient: Decimal = Field(description="折标系数，kgce/单位")
    basis: CoefficientBasis = Field(description="standard 标准系数；measured 实测低位发热量；stated 自报")
    tce: Decimal = Field(description="计入的吨标准煤")
    not_counted: Words = Field(description="不计入的原因")


class StandardCoalOut(Result):
    """Comprehensive consumption."""

    rows: tuple[ConvertedOut, ...] = Field(description="各种能源")
    tce: Decimal = Field(description="综合能耗，吨标准煤")
    unit_class: KeyUnitClass = Field(description="key 重点用能单位；designated 指定的；ordinary 其他")
    is_reviewed: bool = Field(description="是否属于能源计量审查范围")


class FittingOut(Result):
    """One carrier at one level."""

    carrier: str = Field(description="能源")
    name: Words = Field(description="名称")
    level: MeteringLevel = Field(description="级别")
    needed: int = Field(description="应配数")
    fitted: int = Field(description="实配数")
    rate: Decimal | None = Field(description="配备率，%；不需配备的为空")
    least: Decimal | None = Field(description="要求，%；没有要求的为空")
    is_met: bool | None = Field(description="是否达到")


class FittingsOut(Result):
    """Fitting rates."""

    rows: tuple[FittingOut, ...] = Field(description="各行")
    is_met: bool = Field(description="是否全部达到")


class MeterOut(Result):
    """One meter."""

    identifier: str = Field(description="编号")
    name: Words = Field(description="种类")
    accuracy_class: str = Field(description="准确度等级")
    required_class: str = Field(description="要求的等级")
    is_class_met: bool = Field(description="等级是否满足")
    uncovered: tuple[SpanIn, ...] = Field(description="没有有效证书的日期")
    is_met: bool = Field(description="是否合格")


class MetersOut(Result):
    """Accuracy and certificates."""

    rows: tuple[MeterOut, ...] = Field(description="各台")
    is_met: bool = Field(description="是否全部合格")


class BalanceOut(Result):
    """One balance."""

    name: str = Field(description="名称")
    gap: float = Field(description="差额：进 − 出 − 损耗")
    relative_gap: float | None = Field(description="差额与进量之比")
    expanded_uncertainty: float = Field(description="差额的扩展不确定度（k=2）")
    is_open: bool = Field(description="差额是否超出其不确定度")


class RateOut(Result):
    """A share with both of its parts."""

    part: int = Field(description="分子")
    whole: int = Field(description="分母")
    share: Decimal = Field(description="比率，四位小数，向下舍")


class OnlineRateOut(Result):
    """The three ways and the headline."""

    headline: RateOut = Field(description="在线采集率：完整性达标的点位 ÷ 应采点位")
    points: RateOut = Field(description="点位口径：有数据的点位 ÷ 应采点位")
    units: RateOut = Field(description="单位口径：全部点位在线的单位 ÷ 单位数")
    completeness: RateOut = Field(description="完整性：实收读数 ÷ 应收读数")
    target: Decimal = Field(description="目标")
    is_met: bool = Field(description="是否达到目标")


class EnergyResult(Result):
    """The parts that were asked for."""

    standard_coal: StandardCoalOut | None = Field(description="综合能耗")
    fittings: FittingsOut | None = Field(description="计量器具配备")
    meters: MetersOut | None = Field(description="计量器具准确度和证书")
    balances: tuple[BalanceOut, ...] = Field(description="能量平衡")
    online_rate: OnlineRateOut | None = Field(description="在线采集率")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")
