"""Rows of one sheet that say different things of one certificate: neither is taken, both are told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.utils.translation import gettext_lazy as _

from quanheng.apps.exchange.results_sheet import ReportedResult, ResultLine
from quanheng.kit.tones import Text

WORDS: dict[str, Text] = {
    "verified_on": _("检定日期"), "result": _("检定结论"), "valid_until": _("有效期至"),
    "kind": _("检定类别"), "regulation": _("检定依据"), "institute": _("检定机构"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What another row of the sheet says otherwise: the number of that row, and the fields."""

    number: int
    fields: list[Text]


def contradictions(lines: Iterable[ResultLine]) -> dict[int, Contradiction]:
    """Return position → what is wrong, of every row that another row of the sheet contradicts."""
    first: dict[bytes, tuple[int, int, ReportedResult]] = {}
    told: dict[int, Contradiction] = {}
    same: dict[
        ReportedResult, ReportedResult
    ] = {}  # most rows of a sheet share a day, an institute and a conclusion
    for line in lines:
        if line.faults:
            continue
        said = same.setdefault(line.said, line.said)
        position, number, said_first = first.setdefault(_key(line), (line.position, line.number, said))
        if differing := differences(said, said_first):
            told.setdefault(position, Contradiction(line.number, differing))
            told[line.position] = Contradiction(number, differing)
    return told


def differences(one: ReportedResult, other: ReportedResult) -> list[Text]:
    """Return the fields in which two say different things; what one leaves open is none."""
    return [
        WORDS[field.name] for field in fields(ReportedResult)
        if differ(getattr(one, field.name), getattr(other, field.name))
    ]  # fmt: skip


def differ(one: str | date | None, other: str | date | None) -> bool:
    """Say whether both are told, and not the same."""
    return one not in (None, "") and other not in (None, "") and one != other


def _key(line: ResultLine) -> bytes:
    """Return what two rows about one certificate of one instrument have in common, in a few bytes."""
    text = "\x1f".join((line.certificate_number, *line.instrument))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
