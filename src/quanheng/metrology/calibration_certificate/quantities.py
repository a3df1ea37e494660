"""D-SI quantities (D-SI 2.x: real, realListXMLList, hybrid), their uncertainty, what is stated of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from quanheng.metrology.calibration_certificate.parts import Contact, Texts, Written, says
from quanheng.packs.case_fault import CaseFault

Value = TypeVar("Value")
Conformity = Literal["pass", "fail", "conditionalPass", "conditionalFail", "noPass", "noFail"]


@dataclass(frozen=True, slots=True)
class Uncertainty(Written):
    """The uncertainty of one value or of each value of a list.

    A tuple of one element holds for all values of a list. A standard uncertainty has no coverage factor.
    """

    kind: Literal["expanded", "standard"] = field(
        metadata=says("扩展不确定度 expanded 或标准不确定度 standard")
    )
    values: tuple[Decimal, ...] = field(metadata=says("不确定度，与数值同单位"))
    coverage_factors: tuple[Decimal, ...] = field(metadata=says("包含因子 k"), default=())
    coverage_probabilities: tuple[Decimal, ...] = field(metadata=says("包含概率 p"), default=())
    distributions: tuple[str, ...] = field(metadata=says("分布"), default=())

    def standard(self, index: int = 0) -> Decimal:
        """Return the standard uncertainty u = U/k of the value at index (GUM 6.2.1).

        Raises:
            CaseFault: ``no_coverage_factor`` when k is missing or not positive: U alone says nothing.
        """
        uncertainty = at(self.values, index)
        if self.kind == "standard":
            return uncertainty
        if not self.coverage_factors or at(self.coverage_factors, index) <= 0:
            raise CaseFault("coverage_factors", "no_coverage_factor", "扩展不确定度缺少大于 0 的包含因子 k。")
        return uncertainty / at(self.coverage_factors, index)


@dataclass(frozen=True, slots=True)
class Numbers(Written):
    """Values of one quantity: a single one (si:real) or a list (si:realListXMLList)."""

    values: tuple[Decimal, ...] = field(metadata=says("数值，按证书书写的位数保留"))
    units: tuple[str, ...] = field(metadata=says(r"D-SI 单位，如 \kelvin；一个单位适用于全部数值"))
    uncertainty: Uncertainty | None = field(metadata=says("测量不确定度"), default=None)
    labels: tuple[str, ...] = field(metadata=says("标签"), default=())
    is_list: bool = field(metadata=says("是否列表"), default=False)


@dataclass(frozen=True, slots=True)
class Quantity(Written):
    """A quantity. Several `numbers` say the same in different units (si:hybrid); none: a text."""

    numbers: tuple[Numbers, ...] = field(metadata=says("数值；多项表示同一组量以不同单位表示"), default=())
    name: Texts = field(metadata=says("名称"), default=())
    reference_type: str | None = field(metadata=says("引用类型 refType"), default=None)
    text: Texts = field(metadata=says("没有数值时的文字"), default=())
    statements: tuple[Statement, ...] = field(metadata=says("与该量有关的声明，如符合性"), default=())


@dataclass(frozen=True, slots=True)
class QuantityList(Written):
    """A table or a structure of quantities."""

    entries: tuple[Quantity | QuantityList, ...] = field(metadata=says("其中的量或列表"))
    name: Texts = field(metadata=says("名称"), default=())
    reference_type: str | None = field(metadata=says("引用类型 refType"), default=None)
    statements: tuple[Statement, ...] = field(metadata=says("与该列表有关的声明"), default=())


Data = tuple[Quantity | QuantityList, ...]


@dataclass(frozen=True, slots=True)
class Statement(Written):
    """A statement on the certificate, a result or a quantity, such as conformity or traceability."""

    name: Texts = field(metadata=says("名称"), default=())
    reference_type: str | None = field(metadata=says("引用类型 refType"), default=None)
    is_traceable: bool | None = field(metadata=says("是否可溯源"), default=None)
    norms: tuple[str, ...] = field(metadata=says("依据"), default=())
    references: tuple[str, ...] = field(metadata=says("条款"), default=())
    declaration: Texts = field(metadata=says("声明内容"), default=())
    is_valid: bool | None = field(metadata=says("声明是否有效"), default=None)
    stated_date: date | None = field(metadata=says("日期，如建议的下次校准日期"), default=None)
    authority: Contact | None = field(metadata=says("作出规定的机构"), default=None)
    conformity: tuple[Conformity, ...] = field(metadata=says("符合性结论；列表时逐点或全部"), default=())
    data: tuple[Quantity | QuantityList, ...] = field(metadata=says("相关的量"), default=())


def at(values: Sequence[Value], index: int) -> Value:
    """Return the value at index of a list in which one element may stand for all."""
    return values[0] if len(values) == 1 else values[index]
