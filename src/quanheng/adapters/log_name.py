"""The public log's own name (its C2SP origin): chosen once, kept beside its key, the same wherever it runs.

The name is part of the key and of every proof. A port, a host or an address that changes later is no reason
to call the log otherwise: it would be another log.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from quanheng.kit.durable_files import read_or_make_secret
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import parse_checkpoint
from quanheng.regulation.transparency.notes import parse_note


def name_file(data_dir: Path) -> Path:
    """Where the name is kept."""
    return data_dir / "keys" / "public-log.name"


def kept_name(data_dir: Path) -> str:
    """Return the name that the log has already, "" before it has one.

    A log from before names were kept is called what its checkpoint says.
    """
    file = name_file(data_dir)
    if file.exists():
        return file.read_text().strip()
    try:
        return parse_checkpoint(parse_note((data_dir / "public-log" / "checkpoint").read_text()).text).origin
    except (OSError, UnicodeDecodeError, CaseFault):
        return ""


def name_of_log(data_dir: Path, wanted: str) -> str:
    """Return the log's name; a log that has none yet gets it here, for ever.

    Args:
        wanted: what the configuration calls a new log; "" for a name that nobody else has.
    """
    kept = kept_name(data_dir)
    return read_or_make_secret(name_file(data_dir), lambda: kept or wanted or _nobodys_name())


def _nobodys_name() -> str:
    """A log without an address is some machine's own; `.invalid` says that nobody can be asked there."""
    return f"{secrets.token_hex(4)}.quanheng.invalid/log"


def contradiction(data_dir: Path, wanted: str) -> str:
    """Say what is wrong when the operator names a log that has another name; "" when nothing is."""
    kept = kept_name(data_dir)
    if not kept or not wanted or kept == wanted:
        return ""
    return (
        f"The public log is called {kept}, not {wanted}: a log keeps its name. Set QUANHENG_LOG_ORIGIN to "
        f"{kept} or unset it; docs/how-to/keep-the-public-log.md says how to begin another log."
    )
