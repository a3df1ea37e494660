"""Sheets that are made while somebody waits, sent as files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.http import FileResponse, HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_answer(write: Callable[[Path], None], name: str) -> FileResponse:
    """Have a sheet written and send it under this name.

    It is opened last: whatever `write` raises leaves no file open. Its folder is gone before it is sent; the
    open file lives until the answer is closed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write(path)
        file = path.open("rb")
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """Send a PDF under this name (ASCII)."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
