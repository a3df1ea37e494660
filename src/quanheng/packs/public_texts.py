"""Texts of public pages and messages that need a legal opinion: dated rows that a province replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from quanheng.packs.rule_pack import RulePacks, Table
from quanheng.packs.shipped import shipped

RULE = "public/texts"


@dataclass(frozen=True, slots=True)
class PublicText:
    """What is said in one case.

    Args:
        word: its title or verdict, in Chinese.
        sentence: in Chinese.
        english: English of both, by the Chinese.
        is_verified: whether a lawyer has confirmed it.
    """

    word: str
    sentence: str
    english: dict[str, str]
    is_verified: bool


@lru_cache(maxsize=64)
def public_text(name: str, day: date) -> PublicText:
    """Return the text in force on a day: `impounded`, `reports` or `text_messages`.

    Raises:
        KeyError: there is no such text.
        NoRuleInForce: no edition is in force on that day.
    """
    return _text(shipped().in_force(RULE, day).table(name))


def signed_message(text: str, day: date) -> str:
    """Put the filed signature before a text message, as operators ask for."""
    return f"【{public_text('text_messages', day).word}】{text}"


def english_of(packs: RulePacks) -> dict[str, str]:
    """Return the English of every text of every edition, by its Chinese."""
    texts = [_text(table) for pack in packs.editions(RULE) for table in pack.tables.values()]
    return {chinese: english for text in texts for chinese, english in text.english.items()}


def _text(table: Table) -> PublicText:
    said = {key: str(value) for key, value in table.values.items()}
    english = {said[key]: said[f"{key}_in_english"] for key in ("word", "sentence")}
    return PublicText(said["word"], said["sentence"], english, table.is_verified)
