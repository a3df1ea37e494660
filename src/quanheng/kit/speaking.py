"""What the pure rooms say in Chinese, said in the language of whoever reads it: at the door, in one place."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quanheng.packs.sentence import Sentence, put_in

HAN = re.compile("[\u4e00-\u9fff]")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def spoken(text: str) -> str:
    """Return a sentence or word of ours in the language of this thread; a text that is not ours, as it is."""
    if isinstance(text, Sentence):
        return put_in(_(text.words), {name: _fact(fact) for name, fact in text.facts.items()}, _("、"))
    return _(text) if HAN.search(text) else text  # the catalogues of libraries would translate `name`


def long_day(value: Any) -> str:
    """Write a day as a sentence has it: 2026年3月15日, in English 2026-03-15; what is no day, as it is."""
    found = DAY.fullmatch(str(value))
    if found is None or not (get_language() or "zh").startswith("zh"):
        return str(value)
    year, month, day = found.groups()
    return f"{year}年{int(month)}月{int(day)}日"


def _fact(fact: Any) -> Any:
    if isinstance(fact, Sentence):
        return spoken(fact)
    return [_fact(one) for one in fact] if isinstance(fact, list | tuple) else fact
