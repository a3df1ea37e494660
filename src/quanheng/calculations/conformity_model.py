"""What the calculation `conformity` takes and gives: readings by kind of instrument, rows with verdicts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from quanheng.calculations.calculation import Case, CitationOut, Result, Words
from quanheng.metrology.conformity.decision import DecisionRule
from quanheng.metrology.conformity.fuel_dispensers import Delivery, FlowPoint, Fuel
from quanheng.metrology.conformity.points import Outcome
from quanheng.metrology.conformity.scale_nameplate import PartialRange, Scale, read_class
from quanheng.metrology.conformity.scales import DiscriminationPoint, Stage, WeighingPoint

MOST_POINTS = 500
Number = Annotated[Decimal, Field(max_digits=18, decimal_places=9)]


class WeighingIn(Case):
    """One load on a scale."""

    load_g: Number = Field(description="载荷，g")
    indication_g: Number = Field(description="示值，g")
    added_g: Number | None = Field(None, description="闪变点法所加小砝码 ΔL，g")
    position: str = Field("", max_length=20, description="偏载位置")

    def point(self) -> WeighingPoint:
        return WeighingPoint(self.load_g, self.indication_g, self.added_g, self.position)


class DiscriminationIn(Case):
    """A load, and what the indication did when a small weight was put on top."""

    load_g: Number = Field(description="载荷，g")
    added_g: Number = Field(description="所加小砝码，不大于 1.4 d，g")
    indication_g: Number = Field(description="加小砝码前的示值，g")
    changed_g: Number = Field(description="加小砝码后的示值，g")

    def point(self) -> DiscriminationPoint:
        return DiscriminationPoint(self.load_g, self.added_g, self.indication_g, self.changed_g)


class PartialRangeIn(Case):
    """One partial weighing range of a multi-interval scale."""

    max_g: Number = Field(description="该段最大秤量，g")
    e_g: Number = Field(description="该段检定分度值，g")


class ScaleIn(Case):
    """A digital indicating scale."""

    kind: Literal["scale"] = Field(description="数字指示秤")
    accuracy_class: str = Field(
        max_length=20, description="准确度等级：I、II、III、IIII，也可写 Ⅲ、3 级、中准确度级"
    )
    max_g: Number = Field(description="最大秤量，g")
    e_g: Number = Field(description="检定分度值，g；多分度值秤为第一段的")
    ranges: list[PartialRangeIn] = Field(
        [], max_length=4, description="多分度值秤的各段，如 6/15 kg、2/5 g；单一分度值不填"
    )
    stage: Stage = Field(Stage.VERIFICATION, description="verification 检定；in_service 使用中检查")
    weighing: list[WeighingIn] = Field(max_length=MOST_POINTS, description="称量点")
    zero: WeighingIn | None = Field(None, description="零点误差的测定")
    eccentricity: list[WeighingIn] = Field([], max_length=MOST_POINTS, description="偏载")
    repeatability: list[WeighingIn] = Field([], max_length=MOST_POINTS, description="重复性，同一载荷")
    discrimination: list[DiscriminationIn] = Field([], max_length=MOST_POINTS, description="鉴别阈")

    def scale(self) -> Scale:
        ranges = tuple(PartialRange(part.max_g, part.e_g) for part in self.ranges)
        return Scale(read_class(self.accuracy_class), self.max_g, self.e_g, ranges=ranges)


class DeliveryIn(Case):
    """One delivery into the standard measure."""

    indicated_l: Number = Field(description="加油机示值，L")
    measured_l: Number = Field(description="量器读数，L")
    dispenser_celsius: Number | None = Field(None, description="加油机处油温，℃")
    measure_celsius: Number | None = Field(None, description="量器内油温，℃")


class FlowPointIn(Case):
    """The runs at one flow rate of one nozzle."""

    nozzle: str = Field(max_length=20, description="油枪号")
    flow: str = Field("", max_length=20, description="流量点")
    is_minimum: bool = Field(False, description="是否最小被测量")
    runs: list[DeliveryIn] = Field(min_length=1, max_length=20, description="各次测量")

    def point(self) -> FlowPoint:
        runs = tuple(
            Delivery(run.indicated_l, run.measured_l, run.dispenser_celsius, run.measure_celsius)
            for run in self.runs
        )
        return FlowPoint(self.nozzle, self.flow, runs, self.is_minimum)


class FuelDispenserIn(Case):
    """A fuel dispenser with its nozzles."""

    kind: Literal["fuel_dispenser"] = Field(description="燃油加油机")
    fuels: dict[str, Fuel] = Field(
        max_length=MOST_POINTS, description="各油枪的油品：petrol 汽油；diesel 柴油"
    )
    points: list[FlowPointIn] = Field(max_length=MOST_POINTS, description="流量点")


class PressureIn(Case):
    """A static pressure."""

    reference_kpa: Number = Field(description="标准压力，kPa")
    indication_kpa: Number = Field(description="示值，kPa")


class SphygmomanometerIn(Case):
    """A blood-pressure instrument."""

    kind: Literal["sphygmomanometer", "electronic_sphygmomanometer"] = Field(
        description="血压计（表）；无创自动测量血压计"
    )
    points: list[PressureIn] = Field(max_length=MOST_POINTS, description="压力点")
    zero_kpa: Number | None = Field(None, description="零位，kPa")
    leak_kpa_per_minute: Number | None = Field(None, description="每分钟漏气，kPa")
    repeated_kpa: list[Number] = Field([], max_length=MOST_POINTS, description="重复示值，kPa")


class ReadingIn(Case):
    """A reference value and what was indicated."""

    reference: Number = Field(description="标准值")
    indication: Number = Field(description="示值")


class TableIn(Case):
    """An instrument whose limits are a table."""

    kind: Literal["table"] = Field(description="按允差表判定的器具")
    table: str = Field(max_length=40, description="允差表：pressure-gauge、taximeter")
    accuracy_class: str = Field(max_length=20, description="准确度等级")
    unit: str = Field(max_length=20, description="单位")
    span: Number | None = Field(None, description="量程上限")
    readings: list[ReadingIn] = Field(max_length=MOST_POINTS, description="检定点")


class TestedIn(Case):
    """What was read in one test of the regulation."""

    test: str = Field(max_length=40, description="项目，如 voltage；各规程的项目见规则包")
    indication: Number = Field(description="示值")
    reference: Number | None = Field(None, description="标准值；直接与限值比较的项目不填")
    part: str = Field("", max_length=20, description="通道、导联或探头")


class ListedIn(Case):
    """An instrument whose limits stand in the list of tests of its regulation."""

    kind: Literal["tests"] = Field(description="按规程项目逐项判定的器具")
    item: str = Field(max_length=60, description="目录项标识，如 electrocardiograph")
    regulation: str = Field("", max_length=40, description="检定规程编号；不填取当天有效的最新版")
    accuracy_class: str = Field("", max_length=20, description="准确度等级；允差按等级计算的须填")
    unit: str = Field("", max_length=20, description="测量范围的单位")
    span: Number | None = Field(None, description="测量范围上限；允差按量程计算的须填")
    readings: list[TestedIn] = Field(max_length=MOST_POINTS, description="各项目的数据")


Instrument = ScaleIn | FuelDispenserIn | SphygmomanometerIn | TableIn | ListedIn


class ConformityCase(Case):
    """One examination of one instrument."""

    day: date = Field(description="检定日期：按当天有效的规程判定")
    instrument: Instrument = Field(discriminator="kind", description="器具和检定数据")
    decision_rule: DecisionRule = Field(
        DecisionRule.SIMPLE,
        description="simple 简单判定；jjf_1094 按 JJF 1094；guarded_acceptance 收窄接受限",
    )
    expanded_uncertainty: Number | None = Field(None, description="扩展不确定度 U（k=2），与误差同单位")


class StepOut(Result):
    """A number on the way from the readings to the error."""

    name: Words = Field(description="名称，如 第 1 次 V_Bt")
    value: Decimal = Field(description="数值，未修约")
    unit: str = Field(description="单位")


class PointOut(Result):
    """One row with its verdict."""

    part: str = Field(description="油枪号、偏载位置等")
    quantity: Words = Field(description="项目")
    unit: str = Field(description="标准值和示值的单位")
    nominal: Decimal = Field(description="标准值")
    indication: Decimal = Field(description="示值")
    error: Decimal = Field(description="误差；加油机为正表示少付")
    error_unit: str = Field(description="误差的单位")
    lower_limit: Decimal | None = Field(description="下限；没有下限时为空")
    upper_limit: Decimal | None = Field(description="上限；没有上限时为空")
    outcome: Outcome = Field(description="passed 合格；failed 不合格；undecided 待定")
    steps: tuple[StepOut, ...] = Field((), description="得出误差的各中间值")


class ConformityResult(Result):
    """Every row, and the verdict of the whole."""

    points: tuple[PointOut, ...] = Field(description="各点")
    outcome: Outcome = Field(description="结论")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")
