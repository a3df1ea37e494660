"""Looking at an element: what was asked for is noted, so that what nobody asked for can be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from lxml import etree

from quanheng.adapters.dcc.documents import NAMESPACES
from quanheng.packs.case_fault import CaseFault

Value = TypeVar("Value")
_DECIMAL = re.compile(
    r"[-+]?(?:[0-9]{1,100}(?:\.[0-9]{0,100})?|\.[0-9]{1,100})(?:[eE][-+]?[0-9]{1,3})?", re.ASCII
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
MOST_NUMBERS = 200_000  # of one list


class Seen:
    """Which elements of a document were looked at."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self._elements: dict[int, Any] = {id(root): root}  # holding them keeps their identities

    def note(self, element: Any) -> None:
        self._elements[id(element)] = element

    def left_out(self) -> tuple[str, ...]:
        """Return the paths that were not read, each with how often: ``…/data/formula (2)``."""
        paths: Counter[str] = Counter()
        for element in tuple(self._elements.values()):
            for child in element:
                if isinstance(child.tag, str) and id(child) not in self._elements:
                    paths[_path(child)] += 1
        return tuple(f"{path} ({count})" for path, count in sorted(paths.items()))


class Element:
    """An element of a certificate without comments."""

    def __init__(self, element: Any, seen: Seen) -> None:
        self._element = element
        self._seen = seen
        seen.note(element)

    @property
    def name(self) -> str:
        return str(etree.QName(self._element).localname)

    @property
    def path(self) -> str:
        return _path(self._element)

    @property
    def text(self) -> str:
        """The text as it stands there."""
        return "" if self._element.text is None else str(self._element.text)

    def attribute(self, name: str) -> str | None:
        found = self._element.get(name)
        return None if found is None else " ".join(found.split())

    def maybe(self, name: str) -> Element | None:
        """Return the first child with a name such as ``dcc:name``; further ones stay unread."""
        found = self._element.find(name, NAMESPACES)
        return None if found is None else Element(found, self._seen)

    def one(self, name: str) -> Element:
        """Return the child with a name.

        Raises:
            CaseFault: ``element_missing``.
        """
        found = self.maybe(name)
        if found is None:
            raise CaseFault(f"{self.path}/{name.partition(':')[2]}", "element_missing", f"缺少元素 {name}。")
        return found

    def each(self, *names: str) -> list[Element]:
        """Return the children with these names, in the order of the document."""
        wanted = {f"{{{NAMESPACES[prefix]}}}{local}" for prefix, local in (name.split(":") for name in names)}
        return [Element(child, self._seen) for child in self._element if child.tag in wanted]

    def one_of(self, allowed: tuple[str, ...]) -> str:
        """Return the text when it is one of those allowed.

        Raises:
            CaseFault: ``bad_value``.
        """
        word = self.text.strip()
        if word not in allowed:
            raise CaseFault(self.path, "bad_value", f"“{word[:40]}”不是 {'、'.join(allowed)} 之一。")
        return word

    def string(self, name: str) -> str:
        return self.one(name).text.strip()

    def maybe_string(self, name: str) -> str | None:
        found = self.maybe(name)
        return None if found is None else found.text.strip()

    def strings(self, name: str) -> tuple[str, ...]:
        return tuple(found.text.strip() for found in self.each(name))

    def words(self, name: str) -> tuple[str, ...]:
        found = self.maybe(name)
        return () if found is None else tuple(found.text.split())

    def date(self, name: str) -> date | None:
        return self._read(name, _date)

    def boolean(self, name: str) -> bool | None:
        return self._read(name, _BOOLEANS.__getitem__)

    def decimals(self, name: str) -> tuple[Decimal, ...]:
        """Return the decimals of a list, with every digit that was written.

        Raises:
            CaseFault: ``bad_value`` or ``too_many_values``.
        """
        words = self.words(name)
        if len(words) > MOST_NUMBERS:
            raise CaseFault(
                f"{self.path}/{name[3:]}", "too_many_values", f"列表的数值超过 {MOST_NUMBERS} 个。"
            )
        return tuple(self._value(name, word, _decimal) for word in words)

    def _read(self, name: str, read: Callable[[str], Value]) -> Value | None:
        text = self.maybe_string(name)
        return None if text is None else self._value(name, text, read)

    def _value(self, name: str, text: str, read: Callable[[str], Value]) -> Value:
        try:
            return read(text)
        except (ValueError, KeyError):
            local = name.partition(":")[2]
            raise CaseFault(
                f"{self.path}/{local}", "bad_value", f"{name} 的内容“{text[:60]}”不符合 DCC 的格式。"
            ) from None


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _path(element: Any) -> str:
    names = [str(etree.QName(one).localname) for one in (element, *element.iterancestors())]
    return "/".join(reversed(names[:-1]))  # without the root
