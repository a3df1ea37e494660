"""Quantities, lists and statements from XML.

D-SI 2.1 writes an expanded uncertainty as `si:expandedUnc`, D-SI 2.2 also as `si:expandedMU`, and a standard
one as `si:standardMU`, both within `si:measurementUncertaintyUnivariate`. Lists say `XMLList` behind.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast, get_args

from quanheng.adapters.dcc.elements import Element
from quanheng.adapters.dcc.reading_parts import contents, read_contact, read_texts, reference_type
from quanheng.metrology.calibration_certificate.quantities import (
    Conformity,
    Data,
    Numbers,
    Quantity,
    QuantityList,
    Statement,
    Uncertainty,
)
from quanheng.packs.case_fault import CaseFault

REAL, REAL_LIST = "si:real", "si:realListXMLList"


def read_data(parent: Element | None) -> Data:
    """Read the quantities and lists of an element of type data; texts, formulas and files are left out."""
    if parent is None:
        return ()
    return tuple(
        _quantity(one) if one.name == "quantity" else _list(one)
        for one in parent.each("dcc:quantity", "dcc:list")
    )


def _list(one: Element) -> QuantityList:
    return QuantityList(
        entries=read_data(one),
        name=read_texts(one, "dcc:name"),
        reference_type=reference_type(one),
        statements=read_statements(one.maybe("dcc:measurementMetaData"), "dcc:metaData"),
    )


def _quantity(one: Element) -> Quantity:
    hybrid, text = one.maybe("si:hybrid"), one.maybe("dcc:noQuantity")
    return Quantity(
        numbers=tuple(_numbers(number) for number in (hybrid or one).each(REAL, REAL_LIST)),
        name=read_texts(one, "dcc:name"),
        reference_type=reference_type(one),
        text=contents(text) if text else (),
        statements=read_statements(one.maybe("dcc:measurementMetaData"), "dcc:metaData"),
    )


def _numbers(one: Element) -> Numbers:
    is_list = one.name == "realListXMLList"
    suffix = "XMLList" if is_list else ""
    values = one.decimals(f"si:value{suffix}")
    if not values or (not is_list and len(values) > 1):
        raise CaseFault(f"{one.path}/value{suffix}", "bad_value", "数值缺失，或单个数值处有多个数。")
    units = one.words(f"si:unit{suffix}")
    if not units:
        raise CaseFault(f"{one.path}/unit{suffix}", "element_missing", "数值没有单位；无量纲请写 \\one。")
    label = one.maybe_string("si:label")
    return Numbers(
        values=values,
        units=units,
        uncertainty=_uncertainty(one, suffix),
        labels=one.words("si:labelXMLList")
        if is_list
        else ()
        if label is None
        else ("_".join(label.split()),),
        is_list=is_list,
    )


def _uncertainty(one: Element, suffix: str) -> Uncertainty | None:
    old = one.maybe(f"si:expandedUnc{suffix}")
    if old:
        return _expanded(old, f"si:uncertainty{suffix}", suffix)
    univariate = one.maybe(f"si:measurementUncertaintyUnivariate{suffix}")
    if univariate is None:
        return None
    expanded = univariate.maybe(f"si:expandedMU{suffix}")
    if expanded:
        return _expanded(expanded, f"si:valueExpandedMU{suffix}", suffix)
    standard = univariate.maybe(f"si:standardMU{suffix}")
    if standard:
        return Uncertainty(
            kind="standard",
            values=_some(standard, f"si:valueStandardMU{suffix}"),
            distributions=standard.words(f"si:distribution{suffix}"),
        )
    return None  # a coverage interval; told as left out


def _expanded(one: Element, name: str, suffix: str) -> Uncertainty:
    return Uncertainty(
        kind="expanded",
        values=_some(one, name),
        coverage_factors=one.decimals(f"si:coverageFactor{suffix}"),
        coverage_probabilities=one.decimals(f"si:coverageProbability{suffix}"),
        distributions=one.words(f"si:distribution{suffix}"),
    )


def _some(one: Element, name: str) -> tuple[Decimal, ...]:
    values = one.decimals(name)
    if not values:
        raise CaseFault(f"{one.path}/{name[3:]}", "element_missing", "不确定度没有数值。")
    return values


def read_statements(parent: Element | None, name: str) -> tuple[Statement, ...]:
    """Read the statements of a list of them; none when there is no list."""
    return tuple(_statement(one) for one in parent.each(name)) if parent else ()


def _statement(one: Element) -> Statement:
    authority = one.maybe("dcc:respAuthority")
    return Statement(
        name=read_texts(one, "dcc:name"),
        reference_type=reference_type(one),
        is_traceable=one.boolean("dcc:traceable"),
        norms=one.strings("dcc:norm"),
        references=one.strings("dcc:reference"),
        declaration=read_texts(one, "dcc:declaration"),
        is_valid=one.boolean("dcc:valid"),
        stated_date=one.date("dcc:date"),
        authority=read_contact(authority) if authority else None,
        conformity=_conformity(one),
        data=read_data(one.maybe("dcc:data")),
    )


def _conformity(one: Element) -> tuple[Conformity, ...]:
    words = one.words("dcc:conformity") or one.words("dcc:conformityXMLList")
    for word in words:
        if word not in get_args(Conformity):
            raise CaseFault(
                f"{one.path}/conformity", "bad_value", f"符合性结论“{word[:40]}”不在 DCC 的取值内。"
            )
    return cast(tuple[Conformity, ...], words)
