"""What an uploaded sheet may cost, and the one refusal."""

from __future__ import annotations

from dataclasses import dataclass


class SheetRefused(Exception):
    """The file was not read; the message says why and what to do about it.

    Args:
        code: stable identifier such as ``encrypted``, ``far_cell``, ``not_a_sheet``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may unpack to, and what its parser may use (ASVS 5.0 5.2.3).

    A sheet of 100,000 rows by 19 columns unpacks to 97 MiB and takes its parser 190 MB and 2 s (measured);
    whoever has more is asked for a csv, which streams.

    Args:
        unpacked_bytes, ratio, members, sheets: of the zip container. Pictures are never unpacked: ledgers
            hold thousands of them, and their bytes do not count.
        columns: of a sheet, from A.
        cells: of the rectangle that a sheet's cells span; the parser reserves all of it.
        memory_bytes, cpu_seconds: of the child process that parses a workbook.
        wall_seconds: that it may keep us waiting for the next rows.
        csv_field: characters in one field; an open quote cannot swallow more.
        csv_line: characters in one line.
        csv_record_lines: lines in one record (breaks inside quotes).
    """

    unpacked_bytes: int = 100 * 2**20
    ratio: int = 100
    members: int = 50_000
    sheets: int = 50
    columns: int = 1_000
    cells: int = 8_000_000
    memory_bytes: int = 512 * 2**20
    cpu_seconds: int = 20
    wall_seconds: float = 40
    csv_field: int = 32_768
    csv_line: int = 1_000_000
    csv_record_lines: int = 1_000


DEFAULT_LIMITS = Limits()
