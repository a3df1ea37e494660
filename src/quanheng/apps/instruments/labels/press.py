"""Printing in a child process. typst keeps what it has set in memory as long as its process lives (64 kB a
label, measured): a child for every file gives it back, so that 100,000 labels take no more than 1,000.

    python -m quanheng.apps.instruments.labels.press < job.json > labels.pdf
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from itertools import islice
from typing import BinaryIO

from quanheng.apps.instruments.labels.layouts import LAYOUTS, Layout, Offset
from quanheng.apps.instruments.labels.sheets import Label, sheet_pdf

LABELS_IN_A_FILE = 960  # forty sheets of 24: what one loads into a printer, and about ten seconds
SECONDS = 300


def print_sheet(
    labels: Sequence[Label], layout: Layout, *, offset: Offset | None = None, skip: int = 0
) -> bytes:
    """Return one PDF of at most a few thousand labels, made in a child process.

    Args:
        skip: places of the first sheet that were used up before.
    """
    moved = offset or Offset()
    job = {
        "layout": layout.slug,
        "offset": [moved.right, moved.down],
        "skip": skip,
        "labels": [asdict(label) for label in labels],
    }
    command = [sys.executable, "-m", "quanheng.apps.instruments.labels.press"]
    done = subprocess.run(  # noqa: S603 our own module
        command, input=json.dumps(job).encode(), stdout=subprocess.PIPE, check=True, timeout=SECONDS
    )
    return done.stdout


def print_sheets(
    labels: Iterable[Label], layout: Layout, out: BinaryIO, *, offset: Offset | None = None,
    told: Callable[[int], None] | None = None,
) -> int:  # fmt: skip
    """Write any number of labels as a ZIP of PDF files; return how many labels.

    Args:
        labels: read as they are printed, never all at once.
        told: called with the running total after each file.
    """
    done = 0
    source = iter(labels)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        while some := list(islice(source, LABELS_IN_A_FILE)):
            name = f"labels-{done + 1:07d}-{done + len(some):07d}.pdf"
            archive.writestr(name, print_sheet(some, layout, offset=offset))
            done += len(some)
            if told:
                told(done)
    return done


def main() -> None:
    """Read a job, write its PDF."""
    job = json.load(sys.stdin.buffer)
    labels = [Label(**fields) for fields in job["labels"]]
    pdf = sheet_pdf(labels, LAYOUTS[job["layout"]], offset=Offset(*job["offset"]), skip=job["skip"])
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
