"""Printing in a child process: typst keeps what it has set in memory as long as its process lives.

python -m quanheng.adapters.papers.press entity MOMENT < data.json > entity.pdf
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst

TEMPLATES: Final = Path(__file__).parent
FONTS: Final = pylopdf_fonts_zh_cn.sans_path().parent
SECONDS: Final = 60


class Document(StrEnum):
    """The documents that there are; each is the name of its template."""

    ENTITY = "entity"
    CAMPAIGN = "campaign"
    HALF_YEAR = "half_year"


def print_document(document: Document, data: dict[str, Any], at: datetime) -> bytes:
    """Return the PDF of a document.

    Args:
        data: what its template reads: JSON values.
        at: the moment that it carries, so that the same data are the same bytes.
    """
    command = [sys.executable, "-m", __name__, document.value, str(int(at.timestamp()))]
    done = subprocess.run(  # noqa: S603 our own module
        command, input=json.dumps(data).encode(), stdout=subprocess.PIPE, check=True, timeout=SECONDS
    )
    return done.stdout


def set_pages(document: Document, data: str, moment: int) -> bytes:
    """Set the pages in this process."""
    made = typst.compile(
        TEMPLATES / f"{document}.typ", format="pdf", sys_inputs={"data": data}, font_paths=[FONTS],
        ignore_system_fonts=True, timestamp=moment,
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("typst returned no single document")
    return made


def main() -> None:
    """Read the data, write the PDF."""
    name, moment = sys.argv[1:]
    sys.stdout.buffer.write(set_pages(Document(name), sys.stdin.read(), int(moment)))


if __name__ == "__main__":
    main()
