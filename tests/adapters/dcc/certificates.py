"""A certificate with everything in it, and strategies for others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from quanheng.metrology.calibration_certificate.certificate import (
    CalibrationCertificate,
    Core,
    InfluenceCondition,
    MeasurementResult,
    Result,
)
from quanheng.metrology.calibration_certificate.parts import (
    Contact,
    Equipment,
    Identification,
    Item,
    Laboratory,
    Location,
    Method,
    ResponsiblePerson,
    Software,
    Text,
)
from quanheng.metrology.calibration_certificate.quantities import (
    Numbers,
    Quantity,
    QuantityList,
    Statement,
    Uncertainty,
)


def texts(*contents: str) -> tuple[Text, ...]:
    return tuple(Text(content, language) for content, language in zip(contents, ("zh", "en"), strict=False))


def numbers(*values: str, unit: str = r"\kilo\gram", uncertainty: Uncertainty | None = None) -> Numbers:
    return Numbers(tuple(map(Decimal, values)), (unit,), uncertainty, is_list=len(values) > 1)


EXPANDED = Uncertainty("expanded", (Decimal("0.0030"),), (Decimal(2),), (Decimal("0.95"),), ("normal",))
STANDARD = Uncertainty("standard", (Decimal("0.0015"), Decimal("0.0016")))
LABORATORY = Contact(
    texts("省计量院", "Provincial Institute"),
    "lab@example.cn",
    "028-1",
    "028-2",
    "https://example.cn",
    Location("成都", "CN", "610000", "1", "四川", "人民路", "9", texts("三楼")),
)
WEIGHING = Quantity(
    numbers=(numbers("1.0000", "2.0000", uncertainty=STANDARD),),
    name=texts("示值"),
    reference_type="basic_indication",
    statements=(Statement(name=texts("符合性"), conformity=("pass", "fail"), norms=("JJG 539-2016",)),),
)
CERTIFICATE = CalibrationCertificate(
    schema_version="3.3.0",
    software=(Software(texts("权衡"), "1.0"),),
    core=Core(
        country_code="CN",
        languages=("zh", "en"),
        mandatory_languages=("zh",),
        unique_identifier="JD-2026-0001",
        begin_performance_date=date(2026, 11, 2),
        end_performance_date=date(2026, 11, 3),
        performance_location="laboratory",
        identifications=(Identification("customer", "K-7", texts("委托单号")),),
        receipt_date=date(2026, 11, 1),
        issue_date=date(2026, 11, 5),
    ),
    items=(
        Item(
            texts("电子天平", "balance"),
            (Identification("manufacturer", "S123", texts("出厂编号")),),
            texts("Ⅱ 级"),
            Contact(texts("某厂")),
            "X-200",
        ),
    ),
    laboratory=Laboratory(LABORATORY, "CNAS L0001"),
    persons=(ResponsiblePerson(Contact(texts("李四")), "approver", True),),
    customer=Contact(texts("某公司")),
    measurements=(
        MeasurementResult(
            name=texts("称量"),
            description=texts("由小到大"),
            methods=(
                Method(
                    texts("比较法"),
                    "basic_method",
                    texts("直接"),
                    ("JJG 1036-2008",),
                    ("5.3",),
                    ("https://x",),
                ),
            ),
            equipment=(
                Equipment(
                    texts("砝码"),
                    "basic_standard",
                    texts("E2"),
                    Contact(texts("厂")),
                    "E2",
                    (Identification("owner", "W-1"),),
                ),
            ),
            influence_conditions=(
                InfluenceCondition(
                    texts("温度"),
                    (Quantity((numbers("20.10", unit=r"\degreecelsius", uncertainty=EXPANDED),)),),
                    "basic_temperature",
                    texts("室内"),
                    "beforeAdjustment",
                ),
            ),
            results=(
                Result(
                    texts("示值误差"),
                    (
                        QuantityList(
                            (WEIGHING, Quantity(text=texts("合格"))),
                            texts("表 1"),
                            "basic_table",
                            (Statement(declaration=texts("随表声明")),),
                        ),
                        Quantity((numbers("1.50"), numbers("1500", unit=r"\gram"))),
                    ),
                    "basic_result",
                    texts("全部"),
                ),
            ),
            statements=(Statement(name=texts("溯源"), is_traceable=True, references=("证书 9",)),),
        ),
    ),
    statements=(
        Statement(
            reference_type="basic_nextDate",
            declaration=texts("建议下次校准日期"),
            is_valid=True,
            stated_date=date(2027, 11, 2),
            authority=LABORATORY,
            conformity=("pass",),
            data=(Quantity((numbers("1"),)),),
        ),
    ),
)

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
TEXTS = st.lists(st.builds(Text, WORDS, st.sampled_from([None, "zh", "en"])), max_size=2).map(tuple)
NAMES = st.lists(st.builds(Text, WORDS, st.sampled_from([None, "zh"])), min_size=1, max_size=2).map(tuple)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**6), max_value=10**6)
POSITIVE = st.decimals(min_value="0.0001", max_value=100, places=4)
UNITS = st.sampled_from([r"\one", r"\kilo\gram", r"\metre\second\tothe{-1}", r"\degreecelsius", r"\volt"])


@st.composite
def numbers_of_any_kind(draw: st.DrawFn) -> Numbers:
    values = draw(st.lists(DECIMALS, min_size=1, max_size=4))
    is_list = len(values) > 1 or draw(st.booleans())
    uncertainty: Any = None
    if draw(st.booleans()):
        size = draw(st.sampled_from([1, len(values)]))
        given = tuple(draw(POSITIVE) for _ in range(size))
        if draw(st.booleans()):
            uncertainty = Uncertainty("standard", given)
        else:
            uncertainty = Uncertainty("expanded", given, (Decimal(2),), (Decimal("0.95"),))
    return Numbers(tuple(values), (draw(UNITS),), uncertainty, is_list=is_list)


QUANTITIES = st.builds(Quantity, numbers=st.tuples(numbers_of_any_kind()), name=TEXTS)
DATA = st.lists(
    QUANTITIES
    | st.builds(QuantityList, entries=st.lists(QUANTITIES, min_size=1, max_size=3).map(tuple), name=TEXTS),
    min_size=1,
    max_size=3,
).map(tuple)
RESULTS = st.lists(st.builds(Result, name=NAMES, data=DATA, description=TEXTS), min_size=1, max_size=2).map(
    tuple
)
