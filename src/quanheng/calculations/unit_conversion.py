"""A value in another unit, exactly, by the factors of the SI Brochure."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.metrology.si_units import convert, parse_unit
from quanheng.packs.rule_pack import RulePacks

Unit = Annotated[str, Field(min_length=1, max_length=200)]


class UnitConversionCase(Case):
    """A value and two units of one quantity."""

    value: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=60)] = Field(description="量值")
    source: Unit = Field(description=r"原单位，D-SI 写法，如 \kilo\watt\hour")
    target: Unit = Field(description=r"目标单位，D-SI 写法，如 \mega\joule")


class UnitConversionResult(Result):
    """The value in the other unit."""

    value: Decimal = Field(description="换算后的量值；除不尽时为 34 位有效数字")
    source_symbol: str = Field(description="原单位的符号")
    target_symbol: str = Field(description="目标单位的符号")


def run(case: UnitConversionCase, packs: RulePacks) -> UnitConversionResult:  # noqa: ARG001 - no pack
    """Convert exactly; units of different quantities are refused."""
    source, target = parse_unit(case.source, "source"), parse_unit(case.target, "target")
    return UnitConversionResult(
        value=convert(case.value, source, target), source_symbol=source.symbol, target_symbol=target.symbol
    )


CALCULATION = Calculation(
    name="unit-conversion",
    title="单位换算",
    case=UnitConversionCase,
    result=UnitConversionResult,
    run=run,
    examples=(
        Example(
            name="energy",
            title="1 kW·h 为 3.6 MJ",
            source="SI 手册第 9 版，表 5、表 8",
            case={"value": "1", "source": r"\kilo\watt\hour", "target": r"\mega\joule"},
        ),
        Example(
            name="temperature",
            title="25.0 °C 为 298.15 K",
            source="SI 手册第 9 版，2.3.1",
            case={"value": "25.0", "source": r"\degreecelsius", "target": r"\kelvin"},
        ),
    ),
)
