"""The parts of a certificate as elements, each in the order that the schema wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from quanheng.adapters.dcc.documents import NAMESPACES
from quanheng.metrology.calibration_certificate.parts import (
    Contact,
    Equipment,
    Identification,
    Item,
    Location,
    Method,
    ResponsiblePerson,
    Texts,
)
from quanheng.metrology.calibration_certificate.quantities import (
    Data,
    Numbers,
    Quantity,
    QuantityList,
    Statement,
    Uncertainty,
)

Written = str | bool | date | None
_STRUCTURE = object()


def add(parent: Any, name: str, value: Any = _STRUCTURE) -> Any:
    """Append an element ``dcc:name``; with a value, a text element, left out when the value is None."""
    if value is None:
        return None
    prefix, local = name.split(":")
    element = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}")
    if value is not _STRUCTURE:
        element.text = _text(value)
    return element


def typed(parent: Any, name: str, reference_type: str | None) -> Any:
    """Append an element with its refType, when it has one."""
    element = add(parent, name)
    if reference_type is not None:
        element.set("refType", reference_type)
    return element


def add_texts(parent: Any, name: str, texts: Texts) -> None:
    if texts:
        _contents(add(parent, name), texts)


def add_identifications(parent: Any, identifications: Iterable[Identification]) -> None:
    identifications = tuple(identifications)
    if not identifications:
        return
    group = add(parent, "dcc:identifications")
    for one in identifications:
        element = add(group, "dcc:identification")
        add(element, "dcc:issuer", one.issuer)
        add(element, "dcc:value", one.value)
        add_texts(element, "dcc:name", one.name)


def add_contact(parent: Any, name: str, contact: Contact | None) -> None:
    if contact is None:
        return
    element = add(parent, name)
    add_texts(element, "dcc:name", contact.name)
    add(element, "dcc:eMail", contact.email)
    add(element, "dcc:phone", contact.phone)
    add(element, "dcc:fax", contact.fax)
    add(element, "dcc:link", contact.link)
    if contact.location is not None:
        _location(add(element, "dcc:location"), contact.location)


def _location(parent: Any, location: Location) -> None:
    add(parent, "dcc:city", location.city)
    add(parent, "dcc:countryCode", location.country_code)
    add(parent, "dcc:postCode", location.post_code)
    add(parent, "dcc:postOfficeBox", location.post_office_box)
    add(parent, "dcc:state", location.state)
    add(parent, "dcc:street", location.street)
    add(parent, "dcc:streetNo", location.street_number)
    add_texts(parent, "dcc:further", location.further)


def add_person(parent: Any, person: ResponsiblePerson) -> None:
    element = add(parent, "dcc:respPerson")
    add_contact(element, "dcc:person", person.contact)
    add(element, "dcc:role", person.role)
    add(element, "dcc:mainSigner", person.is_main_signer)


def add_item(parent: Any, item: Item) -> None:
    element = add(parent, "dcc:item")
    add_texts(element, "dcc:name", item.name)
    add_texts(element, "dcc:description", item.description)
    add_contact(element, "dcc:manufacturer", item.manufacturer)
    add(element, "dcc:model", item.model)
    add_identifications(element, item.identifications)


def add_equipment(parent: Any, equipment: Equipment) -> None:
    element = typed(parent, "dcc:measuringEquipment", equipment.reference_type)
    add_texts(element, "dcc:name", equipment.name)
    add_texts(element, "dcc:description", equipment.description)
    add_contact(element, "dcc:manufacturer", equipment.manufacturer)
    add(element, "dcc:model", equipment.model)
    add_identifications(element, equipment.identifications)


def add_method(parent: Any, method: Method) -> None:
    element = typed(parent, "dcc:usedMethod", method.reference_type)
    add_texts(element, "dcc:name", method.name)
    add_texts(element, "dcc:description", method.description)
    for name, values in (("norm", method.norms), ("reference", method.references), ("link", method.links)):
        for value in values:
            add(element, f"dcc:{name}", value)


def add_quantities(parent: Any, data: Data) -> None:
    for one in data:
        if isinstance(one, QuantityList):
            _list(typed(parent, "dcc:list", one.reference_type), one)
        else:
            _quantity(typed(parent, "dcc:quantity", one.reference_type), one)


def _list(parent: Any, one: QuantityList) -> None:
    add_texts(parent, "dcc:name", one.name)
    add_quantities(parent, one.entries)
    add_statements(parent, "dcc:measurementMetaData", "dcc:metaData", one.statements)


def _quantity(parent: Any, quantity: Quantity) -> None:
    add_texts(parent, "dcc:name", quantity.name)
    if quantity.text:
        _contents(add(parent, "dcc:noQuantity"), quantity.text)
    within = add(parent, "si:hybrid") if len(quantity.numbers) > 1 else parent
    for numbers in quantity.numbers:
        _numbers(within, numbers)
    add_statements(parent, "dcc:measurementMetaData", "dcc:metaData", quantity.statements)


def _numbers(parent: Any, numbers: Numbers) -> None:
    suffix = "XMLList" if numbers.is_list else ""
    element = add(parent, "si:realListXMLList" if numbers.is_list else "si:real")
    add(element, f"si:label{suffix}", numbers.labels or None)
    add(element, f"si:value{suffix}", numbers.values)
    add(element, f"si:unit{suffix}", numbers.units)
    if numbers.uncertainty is not None:
        _uncertainty(element, numbers.uncertainty, suffix)


def _uncertainty(parent: Any, uncertainty: Uncertainty, suffix: str) -> None:
    if uncertainty.kind == "standard":
        univariate = add(parent, f"si:measurementUncertaintyUnivariate{suffix}")
        element = add(univariate, f"si:standardMU{suffix}")
        add(element, f"si:valueStandardMU{suffix}", uncertainty.values)
    else:
        element = add(parent, f"si:expandedUnc{suffix}")
        add(element, f"si:uncertainty{suffix}", uncertainty.values)
        add(element, f"si:coverageFactor{suffix}", uncertainty.coverage_factors)
        add(element, f"si:coverageProbability{suffix}", uncertainty.coverage_probabilities)
    add(element, f"si:distribution{suffix}", uncertainty.distributions or None)


def add_statements(parent: Any, group: str, name: str, statements: Sequence[Statement]) -> None:
    if not statements:
        return
    element = add(parent, group)
    for one in statements:
        _statement(typed(element, name, one.reference_type), one)


def _statement(parent: Any, one: Statement) -> None:
    add_texts(parent, "dcc:name", one.name)
    add(parent, "dcc:traceable", one.is_traceable)
    for name, values in (("norm", one.norms), ("reference", one.references)):
        for value in values:
            add(parent, f"dcc:{name}", value)
    add_texts(parent, "dcc:declaration", one.declaration)
    add(parent, "dcc:valid", one.is_valid)
    add(parent, "dcc:date", one.stated_date)
    add_contact(parent, "dcc:respAuthority", one.authority)
    if one.conformity:
        is_list = len(one.conformity) > 1
        add(parent, f"dcc:conformity{'XMLList' if is_list else ''}", one.conformity)
    if one.data:
        add_quantities(add(parent, "dcc:data"), one.data)


def _contents(parent: Any, texts: Texts) -> None:
    for text in texts:
        element = add(parent, "dcc:content", text.content)
        if text.language is not None:
            element.set("lang", text.language)


def _text(value: Written | Decimal | Sequence[Any]) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case tuple():
            return " ".join(map(_text, value))
        case date():
            return value.isoformat()
    return str(value)
