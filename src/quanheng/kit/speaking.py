"""What the pure rooms say in Chinese, said in the language of whoever reads it: at the door, in one place."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from quanheng.packs.sentence import Sentence, put_in

HAN = re.compile("[\u4e00-\u9fff]")


def spoken(text: str) -> str:
    """Return a sentence or word of ours in the language of this thread; a text that is not ours, as it is."""
    if isinstance(text, Sentence):
        return put_in(_(text.words), {name: _fact(fact) for name, fact in text.facts.items()}, _("、"))
    return _(text) if HAN.search(text) else text  # the catalogues of libraries would translate `name`


def _fact(fact: Any) -> Any:
    if isinstance(fact, Sentence):
        return spoken(fact)
    return [_fact(one) for one in fact] if isinstance(fact, list | tuple) else fact
