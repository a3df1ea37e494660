"""Chinese sentences of rooms that know no translations, which still know what they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self


class Sentence(str):
    """A sentence with its facts in it, as text; and its words and facts apart, so that it can be said again.

    A fact that is a `Sentence` itself is said in the other language too; any other text stays as it is. Lists
    are joined.
    """

    words: str
    facts: Mapping[str, Any]
    __slots__ = ("facts", "words")

    def __new__(cls, words: str, facts: Mapping[str, Any]) -> Self:
        made = super().__new__(cls, put_in(words, facts, "、"))
        made.words, made.facts = words, MappingProxyType(dict(facts))
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, dict[str, Any]]]:
        return type(self), (self.words, dict(self.facts))


def tell(words: str, /, **facts: Any) -> Sentence:
    """Return a sentence: `tell("应有 {count} 次。", count=3)`; the places are those of `str.format`."""
    return Sentence(words, facts)


def put_in(words: str, facts: Mapping[str, Any], comma: str) -> str:
    """Return the words with the facts in their places, lists joined; without facts, as they are."""
    if not facts:
        return words
    return words.format_map(
        {
            name: comma.join(map(str, fact)) if isinstance(fact, list | tuple) else fact
            for name, fact in facts.items()
        }
    )
