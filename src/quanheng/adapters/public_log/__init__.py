"""The public log outside the database: its folder of files, and the key that signs its checkpoints."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from quanheng.adapters.log_name import name_of_log
from quanheng.adapters.public_log.folder import LogFolder
from quanheng.adapters.public_log.key import LogKey, verify
from quanheng.adapters.public_log.witnesses import cosigned, parse_witnesses
from quanheng.apps.audit.log.sealing import Sealed, seal
from quanheng.regulation.transparency.checkpoints import Checkpoint

__all__ = [
    "LogFolder",
    "LogKey",
    "log_folder",
    "log_key",
    "log_key_file",
    "log_name",
    "seal_into_folder",
    "verify",
]


def log_folder() -> LogFolder:
    """Return the folder of this installation's log."""
    return LogFolder(Path(settings.DATA_DIR) / "public-log")


def log_key() -> LogKey:
    """Return the key of this installation's log, made on the first call."""
    return _key(log_key_file(), log_name())


def log_key_file() -> Path:
    """Return where the key is kept."""
    return Path(settings.DATA_DIR) / "keys" / "public-log.key"


def log_name() -> str:
    """Return the name of this installation's log, chosen on the first call."""
    return _name(Path(settings.DATA_DIR), settings.LOG_ORIGIN)


_key, _name = cache(LogKey), cache(name_of_log)  # the files are read once in the life of a process


def seal_into_folder(*, at: datetime) -> Sealed:
    """Seal what waits into this installation's log, and ask its witnesses. Raises as `sealing.seal` does."""
    folder = log_folder()

    def sign(checkpoint: Checkpoint) -> str:
        return cosigned(log_key().sign(checkpoint), _witnesses(settings.LOG_WITNESSES), folder.fetch)

    return seal(folder, sign, origin=log_name(), at=at)


_witnesses = cache(parse_witnesses)  # they remember what they have seen
