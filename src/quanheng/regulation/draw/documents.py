"""JSON documents of a draw: one canonical form to hash, and reading that names the field at fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

LARGEST_DOCUMENT = 2**26  # characters; a frame of a million units fits
LARGEST_NUMBER = 2**53 - 1  # what every language's JSON reads exactly
HASH_BYTES = 32
HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})+", re.ASCII)


def canonical_json(content: Any) -> str:
    """Return the one form that is hashed: keys sorted, no blanks, UTF-8 as it is, no numbers with a point."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def read_document(text: str) -> dict[str, Any]:
    """Return the object that a JSON text holds.

    Raises:
        CaseFault: not JSON, no object, a key twice, a number with a point, or half a surrogate pair.
    """
    if len(text) > LARGEST_DOCUMENT:
        raise CaseFault("", "too_large", tell("文件不能大于 {size} MB。", size=LARGEST_DOCUMENT // 2**20))
    try:
        content = json.loads(
            text, object_pairs_hook=_no_key_twice, parse_float=_refuse, parse_constant=_refuse
        )
        canonical_json(content).encode()
    except (ValueError, RecursionError) as fault:
        raise CaseFault("", "not_json", tell("不是正确的 JSON：{fault}", fault=str(fault)[:120])) from None
    if not isinstance(content, dict):
        raise CaseFault("", "not_an_object", "应为 JSON 对象，即写在 { } 里。")
    return content


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _refuse(number: str) -> None:
    raise ValueError(f"{number[:20]} is no whole number")


@contextmanager
def within(path: str) -> Iterator[None]:
    """Let a fault raised inside name its field from this path on."""
    try:
        yield
    except CaseFault as fault:
        raise (fault.within(path) if path else fault) from None


class Fields:
    """An object of a document, read field by field; every fault names its path.

    Args:
        content: what JSON gave.
        path: of this object within the document; empty for the document itself.
        names: the fields that it may have; another one is a fault.
    """

    def __init__(self, content: Any, path: str, *names: str) -> None:
        self.path = path
        if not isinstance(content, dict):
            raise CaseFault(path, "not_an_object", "应为对象，即写在 { } 里。")
        self._content = content
        for name in content:
            if name not in names:
                raise CaseFault(self.name(name), "unknown_field", "没有该字段，请核对拼写。")

    def name(self, field: str) -> str:
        return f"{self.path}.{field}" if self.path else field

    def has(self, field: str) -> bool:
        """Is the field there, and not null?"""
        return self._content.get(field) is not None

    def text(self, field: str) -> str:
        """Return a text that is not empty."""
        value = self._content.get(field)
        if not isinstance(value, str) or not value:
            raise CaseFault(self.name(field), "not_a_text", "应为不空的文字。")
        return value

    def one_of(self, field: str, *choices: str) -> str:
        value = self.text(field)
        if value not in choices:
            raise CaseFault(
                self.name(field), "unknown_value", tell("只能是：{choices}。", choices=[*choices])
            )
        return value

    def hexadecimal(self, field: str, length: int) -> str:
        """Return so many bytes in lower-case hexadecimal digits."""
        value = self.text(field)
        if not HEXADECIMAL.fullmatch(value) or len(value) != 2 * length:
            raise CaseFault(
                self.name(field),
                "not_hexadecimal",
                tell("应为小写十六进制数，共 {length} 位。", length=2 * length),
            )
        return value

    def whole(self, field: str, least: int = 0) -> int:
        """Return a whole number."""
        value = self._content.get(field)
        if type(value) is not int or not least <= value <= LARGEST_NUMBER:
            raise CaseFault(
                self.name(field), "not_a_number", tell("应为不小于 {least} 的整数。", least=least)
            )
        return value

    def items(self, field: str) -> list[Any]:
        """Return a list."""
        value = self._content.get(field)
        if not isinstance(value, list):
            raise CaseFault(self.name(field), "not_a_list", "应为列表，即写在 [ ] 里。")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.items(field)
        if not all(isinstance(value, str) for value in values):
            raise CaseFault(self.name(field), "not_texts", "应为文字的列表。")
        return tuple(values)

    def within(self, field: str, *names: str) -> Fields:
        """Return the object in a field."""
        return Fields(self._content.get(field), self.name(field), *names)

    def each(self, field: str, *names: str) -> Iterator[Fields]:
        """Yield the objects of a list."""
        for number, item in enumerate(self.items(field)):
            yield Fields(item, f"{self.name(field)}[{number}]", *names)
