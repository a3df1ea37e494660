"""The mark of a restore that did not come to its end."""

from __future__ import annotations

from pathlib import Path

from quanheng.runtime.account import NotPossible


def unfinished(data_dir: Path) -> Path:
    """Where the mark lies."""
    return data_dir / "restore-unfinished"


def refuse_unfinished(data_dir: Path) -> None:
    """Refuse to work on half of a copy.

    Raises:
        NotPossible: says what to do.
    """
    if unfinished(data_dir).exists():
        raise NotPossible(
            f"{data_dir} was not restored to its end: empty it (and the database of DATABASE_URL), and run "
            "`quanheng restore` again."
        )
