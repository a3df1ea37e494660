"""Reading an office's ledger spreadsheet: header, values, checks. Plain Python: no Django, no clock."""

from quanheng.apps.instruments.ledger_sheet.reader import (
    AreaIndex,
    Fault,
    ImportContext,
    LedgerRow,
    LedgerSheet,
    Notice,
    Question,
)

__all__ = ["AreaIndex", "Fault", "ImportContext", "LedgerRow", "LedgerSheet", "Notice", "Question"]
