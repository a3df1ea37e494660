"""What a calculator shows: the verdict first, then every number that led to it, then the rules behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quanheng.calculations.calculation import CitationOut
from quanheng.web.parts import Fact, Text, Tone


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the report; `numbers` are the columns that stand to the right, counted from 0."""

    title: Text
    head: Sequence[Text]
    rows: Sequence[Sequence[object]]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one case.

    Args:
        tone: colour of the verdict; `verdict`: the same in words.
        drawing: an SVG that we drew ourselves; empty for none.
    """

    tone: Tone
    verdict: Text
    text: Text = ""
    facts: Sequence[Fact] = ()
    sheets: Sequence[Sheet] = ()
    drawing: SafeString = field(default_factory=SafeString)
    drawing_text: Text = ""
    citations: Sequence[CitationOut] = ()


def yes_no(value: bool | None) -> str:
    """Say a truth value; a dash where it does not apply."""
    return "—" if value is None else _("是") if value else _("否")
