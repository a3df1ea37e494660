"""From an office's spreadsheet to the ledger: upload, columns, preview, progress, report, undo."""
