"""A certificate as lines for a person who looks at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from quanheng.adapters.dcc.reading import Reading
from quanheng.metrology.calibration_certificate.certificate import CalibrationCertificate
from quanheng.metrology.calibration_certificate.parts import Contact, Texts
from quanheng.metrology.calibration_certificate.quantities import Data, Numbers, QuantityList, Uncertainty, at
from quanheng.metrology.si_units import parse_unit
from quanheng.packs.case_fault import CaseFault

PREFERRED = ("zh", "en")


def lines(reading: Reading, *, is_signed: bool) -> Iterator[str]:
    """Yield the lines of a certificate; units in symbols, uncertainties with k and p."""
    certificate = reading.certificate
    yield from _head(certificate)
    yield f"signature    {'there is one; `quanheng dcc validate` verifies it' if is_signed else 'none'}"
    for measurement in certificate.measurements:
        yield ""
        yield best(measurement.name)
        for method in measurement.methods:
            yield f"  method     {best(method.name)} {'; '.join(method.norms)}".rstrip()
        for condition in measurement.influence_conditions:
            yield f"  condition  {best(condition.name)}"
            yield from _data(condition.data, 4)
        for result in measurement.results:
            yield f"  result     {best(result.name)}"
            yield from _data(result.data, 4)
    for path in reading.left_out:
        yield f"left out     {path}"


def best(texts: Texts) -> str:
    """Return a text in Chinese, else English, else the first language there is."""
    for language in PREFERRED:
        for text in texts:
            if text.language == language:
                return _plain(text.content)
    return _plain(texts[0].content) if texts else "-"


def _head(certificate: CalibrationCertificate) -> Iterator[str]:
    core = certificate.core
    yield f"certificate  {_plain(core.unique_identifier)} (DCC {certificate.schema_version})"
    period = f"{core.begin_performance_date} to {core.end_performance_date}"
    yield f"performed    {period}, {core.performance_location}"
    yield f"laboratory   {_contact(certificate.laboratory.contact)}"
    yield f"customer     {_contact(certificate.customer)}"
    for person in certificate.persons:
        yield f"person       {_contact(person.contact)}{' (main signer)' if person.is_main_signer else ''}"
    for item in certificate.items:
        numbers = ", ".join(_plain(one.value) for one in item.identifications)
        yield f"item         {best(item.name)} {_plain(item.model or '')} [{numbers}]"
    for statement in certificate.statements:
        conformity = f" ({', '.join(statement.conformity)})" if statement.conformity else ""
        yield f"statement    {best(statement.declaration or statement.name)}{conformity}"


def _contact(contact: Contact) -> str:
    return best(contact.name)


def _data(data: Data, indent: int) -> Iterator[str]:
    for one in data:
        if isinstance(one, QuantityList):
            yield f"{' ' * indent}{best(one.name) if one.name else _plain(one.reference_type or 'list')}"
            yield from _data(one.entries, indent + 2)
            continue
        name = best(one.name) if one.name else _plain(one.reference_type or "quantity")
        told = [_numbers(numbers) for numbers in one.numbers] or [best(one.text)]
        yield f"{' ' * indent}{name}: {' = '.join(told)}"
        for statement in one.statements:
            if statement.conformity:
                yield f"{' ' * (indent + 2)}conformity {', '.join(statement.conformity)}"


def _numbers(numbers: Numbers) -> str:
    symbols = [_symbol(unit) for unit in numbers.units]
    if len(set(symbols)) == 1 or len(symbols) != len(numbers.values):
        told = f"{' '.join(map(str, numbers.values))} {' '.join(dict.fromkeys(symbols))}"
    else:
        told = " ".join(f"{value} {symbol}" for value, symbol in zip(numbers.values, symbols, strict=True))
    return told + (_uncertainty(numbers.uncertainty) if numbers.uncertainty else "")


def _uncertainty(uncertainty: Uncertainty) -> str:
    values = " ".join(map(str, uncertainty.values))
    if uncertainty.kind == "standard":
        return f", u = {values}"
    told = f", U = {values}"
    if uncertainty.coverage_factors:
        told += f" (k = {at(uncertainty.coverage_factors, 0)}"
        if uncertainty.coverage_probabilities:
            told += f", p = {at(uncertainty.coverage_probabilities, 0)}"
        told += ")"
    return told


def _symbol(unit: str) -> str:
    try:
        return parse_unit(unit).symbol
    except CaseFault:
        return _plain(unit)  # as it was written


def _plain(text: str) -> str:
    """One line without control characters: a stranger's file must not steer the terminal."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())
