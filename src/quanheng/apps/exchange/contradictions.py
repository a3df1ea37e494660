"""Rows of one sheet that say different things of one certificate: neither is taken, both are told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from quanheng.apps.exchange.results_sheet import ReportedResult, ResultLine

WORDS = {
    "verified_on": "检定日期", "result": "检定结论", "valid_until": "有效期至", "kind": "检定类别",
    "regulation": "检定依据", "institute": "检定机构",
}  # fmt: skip


def contradictions(lines: Iterable[ResultLine]) -> dict[int, str]:
    """Return position → what is wrong, of every row that another row of the sheet contradicts."""
    first: dict[bytes, tuple[int, int, ReportedResult]] = {}
    told: dict[int, str] = {}
    same: dict[
        ReportedResult, ReportedResult
    ] = {}  # most rows of a sheet share a day, an institute and a conclusion
    for line in lines:
        if line.faults:
            continue
        said = same.setdefault(line.said, line.said)
        position, number, said_first = first.setdefault(_key(line), (line.position, line.number, said))
        if differing := differences(said, said_first):
            told.setdefault(position, _reason(line.number, differing))
            told[line.position] = _reason(number, differing)
    return told


def differences(one: ReportedResult, other: ReportedResult) -> list[str]:
    """Return, in Chinese, the fields in which two say different things; what one leaves open is none."""
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


def _reason(number: int, differing: list[str]) -> str:
    return f"与本表第 {number} 行矛盾：同一器具同一证书的{'、'.join(differing)}不同。请核对证书后只留一行。"
