"""Checking a mark with a published key list: no network, no database, no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from quanheng.regulation.instrument_code import CodeUnreadable, parse_code
from quanheng.regulation.signed_code import Mark, MarkUnreadable, key_id_of, message, unpack


class Answer(StrEnum):
    """What the signature says about a label."""

    VALID = "valid"
    UNKNOWN_KEY = (
        "unknown_key"  # signed with a key that the list does not hold: get a newer list, or a forgery
    )
    ALTERED = "altered"  # one of our keys is named, but the signature does not fit
    NOT_OURS = "not_ours"  # another address, no code, or no mark of ours


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signed labels between two days, both included; `last_day` None while it signs."""

    key_id: str
    raw: bytes
    first_day: date
    last_day: date | None = None
    loaded: Ed25519PublicKey = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if key_id_of(self.raw) != self.key_id:
            raise ValueError(f"key {self.key_id} does not have the id of its bytes")
        object.__setattr__(self, "loaded", Ed25519PublicKey.from_public_bytes(self.raw))

    def signed_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class KeyList:
    """The published list: the site whose labels it vouches for, and every key that ever signed them."""

    site: str
    keys: Mapping[str, PublicKey]

    @classmethod
    def from_json(cls, text: str | bytes) -> KeyList:
        """Read the list as `/s/keys.json` publishes it. Raises ValueError when it is anything else."""
        try:
            data = json.loads(text)
            keys = [_key_from(row) for row in data["keys"]]
            return cls(site=str(data["site"]), keys={key.key_id: key for key in keys})
        except (KeyError, TypeError) as fault:
            raise ValueError(f"this is no key list: {fault!r}") from fault

    def to_json(self) -> str:
        """Write the list, oldest key first."""
        rows = [
            {
                "id": key.key_id,
                "algorithm": "Ed25519",
                "public_key": key.raw.hex(),
                "first_day": key.first_day.isoformat(),
                "last_day": key.last_day and key.last_day.isoformat(),
            }
            for key in sorted(self.keys.values(), key=lambda key: (key.first_day, key.key_id))
        ]
        return json.dumps({"format": 1, "site": self.site, "keys": rows}, indent=1)


def _key_from(row: Mapping[str, Any]) -> PublicKey:
    if row["algorithm"] != "Ed25519":
        raise ValueError(f"algorithm {row['algorithm']!r} is not Ed25519")
    return PublicKey(
        key_id=row["id"],
        raw=bytes.fromhex(row["public_key"]),
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]) if row["last_day"] else None,
    )


def check_mark(code: str, text: str, keys: Mapping[str, PublicKey]) -> tuple[Answer, Mark | None]:
    """Check the mark that was scanned with a code.

    A day outside the key's days counts as altered: the day is signed, so only a stolen old key brings it.
    """
    try:
        mark = unpack(text)
    except MarkUnreadable:
        return Answer.NOT_OURS, None
    key = keys.get(mark.key_id)
    if key is None:
        return Answer.UNKNOWN_KEY, mark
    try:
        key.loaded.verify(mark.signature, message(code, mark))
    except InvalidSignature:
        return Answer.ALTERED, mark
    return (Answer.VALID if key.signed_on(mark.issued_on) else Answer.ALTERED), mark


def check_address(address: str, key_list: KeyList) -> tuple[Answer, str, Mark | None]:
    """Check a whole scanned address: is it the site's, is there a code, does the mark fit. Adds the code."""
    start = key_list.site.rstrip("/") + "/s/"
    if not address.startswith(start):
        return Answer.NOT_OURS, "", None
    typed, _, mark_text = address[len(start) :].partition(".")
    try:
        code = parse_code(typed)
    except CodeUnreadable:
        return Answer.NOT_OURS, "", None
    answer, mark = check_mark(code, mark_text, key_list.keys)
    return answer, code, mark
