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
    """How much a workbook may unpack to, and what its parser may use (ASVS 5.0 5.2.3).

    Args:
        unpacked_bytes, ratio, members, sheets: of the zip container.
        cells: of the rectangle that a sheet's cells span.
        memory_bytes, cpu_seconds: of the child process that parses it.
    """

    unpacked_bytes: int = 400 * 2**20
    ratio: int = 100
    members: int = 200
    sheets: int = 50
    columns: int = 1_000
    cells: int = 30_000_000
    memory_bytes: int = 1_536 * 2**20
    cpu_seconds: int = 60
    wall_seconds: int = 180
    csv_field: int = 32_768


DEFAULT_LIMITS = Limits()
