"""What a certificate says, as one plain document: the same for the page, the PDF, the DCC and the signatures.

What is signed is JSON with sorted keys and no spaces; people sign its SHA-256, and the act log keeps it.
Whoever holds the certificate's code may download it, so the names of people stand in it masked, each with a
salted hash that binds the full name, which the paper shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from quanheng.kit.fields import mask_name

SCHEMA = "quanheng/certificate/2"  # of the first edition the names themselves were signed


class Point(TypedDict):
    """One point of the examination. Decimals are text with their digits.

    Args:
        part: the nozzle, the channel or the scale pan; empty for the whole instrument.
        quantity: what was measured, in Chinese, such as ``"称量"``.
        verdict: ``"passed"`` or ``"failed"``.
    """

    part: str
    quantity: str
    unit: str
    nominal: str
    indication: str
    error: str
    error_unit: str
    lower_limit: str
    upper_limit: str
    verdict: str


class Content(TypedDict):
    """The whole document."""

    schema: str
    kind: str
    number: str
    public_code: str
    institute: dict[str, str]
    applicant: dict[str, str]
    instrument: dict[str, str]
    verification: dict[str, str | None]
    conditions: dict[str, str | None]
    standard: dict[str, str | None]
    points: list[Point]
    packs: list[dict[str, Any]]
    seals: list[dict[str, str]]
    people: dict[str, str]
    people_salt: str
    change: NotRequired[dict[str, Any]]  # of a later version: which one, what, why, when
    replaces: NotRequired[str]  # the number of the certificate that this one replaced


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the document as the bytes that are hashed, signed and published.

    Raises:
        TypeError: a value is neither text, whole number, truth value, null, list nor object; a binary float
            has no digits to sign.
    """
    _refuse_floats(content)
    return json.dumps(_published(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def is_published(content: Mapping[str, Any]) -> bool:
    """Say whether the signed bytes may be downloaded: those of the first edition name people in full."""
    return content.get("schema") == SCHEMA


def _published(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Mask the names of people and bind each by a salted hash; the salt stays here."""
    if not is_published(content):
        return content
    bound = {
        duty: {"name": mask_name(name), "digest": _bound(content["people_salt"], duty, name)}
        for duty, name in content["people"].items()
    }
    return {name: value for name, value in content.items() if name != "people_salt"} | {"people": bound}


def _bound(salt: str, duty: str, name: str) -> str:
    return hashlib.sha256(f"{salt}\n{duty}\n{name}".encode()).hexdigest()


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the document in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def text(value: Decimal | date | None) -> str | None:
    """Write a number or a day as the document has it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else format(value, "f")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a binary float; write the decimal as text")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_floats(item)
