"""Parties, items, equipment and methods from XML."""

from __future__ import annotations

from typing import cast, get_args

from quanheng.adapters.dcc.elements import Element
from quanheng.metrology.calibration_certificate.parts import (
    Contact,
    Equipment,
    Identification,
    Issuer,
    Item,
    Location,
    Method,
    ResponsiblePerson,
    Text,
    Texts,
)


def read_texts(parent: Element, name: str) -> Texts:
    """Return the contents of a text or rich text; none when it is not there."""
    found = parent.maybe(name)
    return contents(found) if found else ()


def contents(found: Element) -> Texts:
    """Return the contents of an element of type text."""
    return tuple(Text(one.text, one.attribute("lang")) for one in found.each("dcc:content"))


def reference_type(element: Element) -> str | None:
    return element.attribute("refType")


def read_contact(one: Element) -> Contact:
    """Read a contact, strict or not."""
    location = one.maybe("dcc:location")
    return Contact(
        name=read_texts(one, "dcc:name"),
        email=one.maybe_string("dcc:eMail"),
        phone=one.maybe_string("dcc:phone"),
        fax=one.maybe_string("dcc:fax"),
        link=one.maybe_string("dcc:link"),
        location=_location(location) if location else None,
    )


def _location(one: Element) -> Location:
    return Location(
        city=one.maybe_string("dcc:city"),
        country_code=one.maybe_string("dcc:countryCode"),
        post_code=one.maybe_string("dcc:postCode"),
        post_office_box=one.maybe_string("dcc:postOfficeBox"),
        state=one.maybe_string("dcc:state"),
        street=one.maybe_string("dcc:street"),
        street_number=one.maybe_string("dcc:streetNo"),
        further=read_texts(one, "dcc:further"),
    )


def read_identifications(parent: Element) -> tuple[Identification, ...]:
    """Read the identifications of an item, an equipment or the certificate."""
    found = parent.maybe("dcc:identifications")
    return tuple(
        Identification(
            issuer=cast(Issuer, one.one("dcc:issuer").one_of(get_args(Issuer))),
            value=one.string("dcc:value"),
            name=read_texts(one, "dcc:name"),
        )
        for one in (found.each("dcc:identification") if found else ())
    )


def read_person(one: Element) -> ResponsiblePerson:
    """Read a responsible person."""
    return ResponsiblePerson(
        contact=read_contact(one.one("dcc:person")),
        role=one.maybe_string("dcc:role"),
        is_main_signer=one.boolean("dcc:mainSigner"),
    )


def read_item(one: Element) -> Item:
    """Read a calibrated item."""
    manufacturer = one.maybe("dcc:manufacturer")
    return Item(
        name=read_texts(one, "dcc:name"),
        description=read_texts(one, "dcc:description"),
        manufacturer=read_contact(manufacturer) if manufacturer else None,
        model=one.maybe_string("dcc:model"),
        identifications=read_identifications(one),
    )


def read_equipment(one: Element) -> Equipment:
    """Read a measuring equipment."""
    manufacturer = one.maybe("dcc:manufacturer")
    return Equipment(
        name=read_texts(one, "dcc:name"),
        reference_type=reference_type(one),
        description=read_texts(one, "dcc:description"),
        manufacturer=read_contact(manufacturer) if manufacturer else None,
        model=one.maybe_string("dcc:model"),
        identifications=read_identifications(one),
    )


def read_method(one: Element) -> Method:
    """Read a method."""
    return Method(
        name=read_texts(one, "dcc:name"),
        reference_type=reference_type(one),
        description=read_texts(one, "dcc:description"),
        norms=one.strings("dcc:norm"),
        references=one.strings("dcc:reference"),
        links=one.strings("dcc:link"),
    )
