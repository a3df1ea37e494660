"""What a calibration certificate must have before it may be issued or relied on.

Sources: the content rules of DCC 3.3 that a schema cannot state (lengths of lists, units, coverage) and those
that it states (at least one item, person, result), so that a fault is told in the words of the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from quanheng.metrology.calibration_certificate.certificate import CalibrationCertificate
from quanheng.metrology.calibration_certificate.quantities import Numbers, Quantity, QuantityList, Uncertainty
from quanheng.metrology.si_units import factor_between, parse_unit
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

VERSION = re.compile(r"3\.[0-4]\.(0|[1-9][0-9]?)(-rc\.[0-9]{1,2})?", re.ASCII)
FIRST_WITH_STANDARD_UNCERTAINTY = (3, 3)  # D-SI 2.2; before it only expandedUnc has a place
LISTS_THAT_MUST_NOT_BE_EMPTY = {
    "items", "persons", "measurements", "results", "software", "languages", "mandatory_languages", "entries",
    "Item.identifications", "Result.data", "InfluenceCondition.data", "values", "units", "Contact.name",
    "Item.name", "Software.name", "Result.name", "MeasurementResult.name", "Equipment.name", "Method.name",
    "InfluenceCondition.name",
}  # fmt: skip
FREE_TEXT = {"content"}  # may be blank; every other string must say something
WORDS = {"labels", "distributions"}  # stand in lists that blanks separate
PATTERNS = {
    "country_code": (re.compile(r"[A-Z]{2}", re.ASCII), "两个大写字母的国家代码，如 CN"),
    "language": (re.compile(r"[a-z]{2}", re.ASCII), "两个小写字母的语言代码，如 zh"),
    "languages": (re.compile(r"[a-z]{2}", re.ASCII), "两个小写字母的语言代码，如 zh"),
    "mandatory_languages": (re.compile(r"[a-z]{2}", re.ASCII), "两个小写字母的语言代码，如 zh"),
    "schema_version": (VERSION, "3.0.0 至 3.4.x 的版本，如 3.3.0"),
}
NOT_XML = re.compile(r"[^\t\n\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
DEEPEST = 24  # levels of lists within lists


def check(certificate: CalibrationCertificate) -> None:
    """Refuse a certificate that must not be issued.

    Raises:
        CaseFault: the first fault, with the field as the case names it.
    """
    for fault in faults(certificate):
        raise fault


def faults(certificate: CalibrationCertificate) -> Iterator[CaseFault]:
    """Yield every fault of a certificate, in the order of its fields."""
    yield from _of(certificate, "", 0)
    core = certificate.core
    if core.begin_performance_date > core.end_performance_date:
        yield CaseFault("core.end_performance_date", "end_before_begin", "校准结束日期不得早于开始日期。")
    languages = {text for text in core.mandatory_languages if text not in core.languages}
    if languages:
        yield CaseFault(
            "core.mandatory_languages",
            "language_not_used",
            tell("必备语言 {languages} 必须同时列入使用的语言。", languages=[*sorted(languages)]),
        )
    if version_of(certificate.schema_version) < FIRST_WITH_STANDARD_UNCERTAINTY:
        for field, uncertainty in _uncertainties(certificate, ""):
            if uncertainty.kind == "standard":
                yield CaseFault(
                    field,
                    "no_standard_uncertainty",
                    "DCC 3.3 以前不能书写标准不确定度：请给出扩展不确定度和 k。",
                )


def version_of(text: str) -> tuple[int, int]:
    """Return major and minor number of a schema version; (0, 0) when it is none of 3.0 to 3.4."""
    if not VERSION.fullmatch(text):
        return 0, 0
    major, minor, *_ = text.split(".")
    return int(major), int(minor)


def _of(part: Any, path: str, depth: int) -> Iterator[CaseFault]:
    if isinstance(part, QuantityList):
        depth += 1
        if depth > DEEPEST:
            yield CaseFault(path, "too_deep", tell("列表嵌套不得超过 {deepest} 层。", deepest=DEEPEST))
            return
    for one in fields(part):
        value, field = getattr(part, one.name), f"{path}.{one.name}".lstrip(".")
        if value == () and not {one.name, f"{type(part).__name__}.{one.name}"}.isdisjoint(
            LISTS_THAT_MUST_NOT_BE_EMPTY
        ):
            yield CaseFault(field, "empty", "至少需要一项。")
        for place, member in _members(value, field):
            if isinstance(member, str):
                yield from _string(one.name, member, place)
            elif is_dataclass(member):
                yield from _of(member, place, depth)
    match part:
        case Numbers():
            yield from _numbers(part, path)
        case Quantity():
            yield from _quantity(part, path)


def _members(value: Any, field: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, tuple):
        return ((f"{field}[{index}]", member) for index, member in enumerate(value))
    return ((field, value),)


def _string(name: str, text: str, field: str) -> Iterator[CaseFault]:
    if NOT_XML.search(text):
        yield CaseFault(field, "bad_character", "含有证书不能书写的控制字符：请删除。")
    elif name not in FREE_TEXT and (not text or text != text.strip()):
        yield CaseFault(field, "blank", "不得为空白，首尾不得有空格。")
    elif name in WORDS and len(text.split()) > 1:
        yield CaseFault(field, "blank_inside", "列表中的标签和分布不得含有空格。")
    elif name in PATTERNS and not PATTERNS[name][0].fullmatch(text):
        yield CaseFault(field, "bad_code", tell("请填写{form}。", form=PATTERNS[name][1]))


def _quantity(quantity: Quantity, path: str) -> Iterator[CaseFault]:
    if bool(quantity.numbers) == bool(quantity.text):
        yield CaseFault(path, "numbers_or_text", "一个量要么有数值，要么有文字：请填写其中一项。")
    counts = {(len(one.values), one.is_list) for one in quantity.numbers}
    if len(counts) > 1:
        yield CaseFault(f"{path}.numbers", "counts_differ", "不同单位的数值个数必须相同。")
        return
    for index, one in enumerate(quantity.numbers[1:], 1):
        field = f"{path}.numbers[{index}].units"
        try:
            for mine, first in zip(one.units, quantity.numbers[0].units, strict=False):
                factor_between(parse_unit(mine), parse_unit(first))
        except CaseFault as fault:
            if fault.code == "units_do_not_match":  # a bad unit is told where it stands
                yield CaseFault(field, fault.code, fault.message)


def _numbers(numbers: Numbers, path: str) -> Iterator[CaseFault]:
    count = len(numbers.values)
    if not numbers.is_list and count > 1:
        yield CaseFault(f"{path}.values", "not_a_list", "多个数值必须以列表书写：请将 is_list 设为 true。")
    for index, unit in enumerate(numbers.units):
        try:
            parse_unit(unit, f"{path}.units[{index}]")
        except CaseFault as fault:
            yield fault
    for index, value in enumerate(numbers.values):
        if not value.is_finite():
            yield CaseFault(f"{path}.values[{index}]", "not_finite", "数值必须是有限的十进制数。")
    yield from _lengths({"units": numbers.units}, count, path)
    if numbers.labels and len(numbers.labels) != count:
        yield CaseFault(f"{path}.labels", "counts_differ", tell("标签应有 {count} 个。", count=count))
    if numbers.uncertainty:
        yield from _uncertainty(numbers.uncertainty, count, f"{path}.uncertainty")


def _uncertainty(uncertainty: Uncertainty, count: int, path: str) -> Iterator[CaseFault]:
    lists = {
        "values": uncertainty.values,
        "coverage_factors": uncertainty.coverage_factors,
        "coverage_probabilities": uncertainty.coverage_probabilities,
        "distributions": uncertainty.distributions,
    }
    yield from _lengths(lists, count, path)
    if uncertainty.kind == "standard":
        for name in ("coverage_factors", "coverage_probabilities"):
            if lists[name]:
                yield CaseFault(f"{path}.{name}", "not_for_standard", "标准不确定度没有包含因子和包含概率。")
    else:
        for name in ("coverage_factors", "coverage_probabilities"):
            if not lists[name]:
                yield CaseFault(f"{path}.{name}", "coverage_missing", "扩展不确定度必须给出 k 和包含概率。")
    if any(not one.is_finite() or one < 0 for one in uncertainty.values):
        yield CaseFault(f"{path}.values", "negative_uncertainty", "不确定度不得为负。")
    if any(not one.is_finite() or one <= 0 for one in uncertainty.coverage_factors):
        yield CaseFault(f"{path}.coverage_factors", "bad_coverage_factor", "包含因子 k 必须大于 0。")
    if any(not one.is_finite() or not 0 < one <= 1 for one in uncertainty.coverage_probabilities):
        yield CaseFault(
            f"{path}.coverage_probabilities", "bad_coverage_probability", "包含概率必须大于 0 且不超过 1。"
        )


def _lengths(lists: dict[str, tuple[Any, ...]], count: int, path: str) -> Iterator[CaseFault]:
    for name, values in lists.items():
        if len(values) not in {0, 1, count}:
            yield CaseFault(
                f"{path}.{name}",
                "counts_differ",
                tell("应为 1 项或 {count} 项，与数值个数一致。", count=count),
            )


def _uncertainties(part: Any, path: str) -> Iterator[tuple[str, Uncertainty]]:
    if isinstance(part, Uncertainty):
        yield path, part
        return
    for one in fields(part):
        for place, member in _members(getattr(part, one.name), f"{path}.{one.name}".lstrip(".")):
            if is_dataclass(member):
                yield from _uncertainties(member, place)
