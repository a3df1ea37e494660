"""What entered in bulk is kept beside its act, so that every column of every row can be proved later."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quanheng.apps.audit.services import Draft
from quanheng.apps.instruments.ledger_lines import columns_today, read_lines
from quanheng.apps.instruments.models import EntryProof

FORMAT = 1
FACT = "entered_sha256"  # in the act


@dataclass(frozen=True, slots=True)
class Entered:
    """What entered: a head of JSON with the names of the columns, then a line for each instrument.

    Args:
        content: UTF-8, compressed by zlib; digest: SHA-256 of what was compressed, hexadecimal.
    """

    instruments: int
    content: bytes
    digest: str

    def facts(self) -> dict[str, Any]:
        """What the act says of it."""
        return {FACT: self.digest}

    def keep(self, act: Draft) -> None:
        """Put it beside the act, in the act's transaction."""
        EntryProof.objects.create(act_id=act.pk, instruments=self.instruments, content=self.content)


def entered(instrument_ids: Sequence[int]) -> Entered:
    """Read the rows as they have just entered. The scope must let everything through."""
    columns = columns_today()
    lines = read_lines(columns, instrument_ids)
    head = json.dumps({"v": FORMAT, "columns": columns}, ensure_ascii=False)
    text = "\n".join([head, *(lines[number] for number in sorted(lines))]).encode()
    return Entered(len(lines), zlib.compress(text, 1), hashlib.sha256(text).hexdigest())
