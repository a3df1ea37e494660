"""The keys that encrypt personal data: one encrypts, those before it still read, a retired one is gone.

Key 0 comes from the installation's secret key; every later one is made by `quanheng field-keys rotate` and
lies in one file of the data directory. A retired key keeps its number and its day, and no secret: what was
encrypted with it is refused by name.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from quanheng.kit.durable_files import write_secret

MOST = 2**16 - 1  # a number is two bytes of every value
PURPOSE = b"personal"


class KeyNotHeld(RuntimeError):
    """A value needs a key that is retired, or that this installation never had."""


@dataclass(frozen=True, slots=True)
class FieldKey:
    """One key.

    Args:
        made_at: None for key 0, which is as old as the installation.
        secret: 32 bytes; None once it is retired.
    """

    number: int
    made_at: datetime | None
    retired_at: datetime | None
    secret: bytes | None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of an installation, by number."""

    file: Path
    keys: dict[int, FieldKey]

    @property
    def current(self) -> FieldKey:
        """The key that encrypts: the newest one."""
        return self.keys[max(self.keys)]

    def secret(self, number: int) -> bytes:
        """Return the secret of a key.

        Raises:
            KeyNotHeld: says which key it was, and how its values are read again.
        """
        key = self.keys.get(number)
        if key is None:
            raise KeyNotHeld(
                f"This value is encrypted with key {number}, which {self.file} does not hold: restore the "
                "file from the backup of the installation that wrote the value."
            )
        if key.secret is None:
            raise KeyNotHeld(
                f"This value is encrypted with key {number}, retired on {key.retired_at:%Y-%m-%d}: only the "
                f"{self.file.name} of a backup from before that day reads it."
            )
        return key.secret

    def rotated(self, at: datetime) -> FieldKey:
        """Make the next key, and have it encrypt from now on.

        Raises:
            KeyNotHeld: there is no number left.
        """
        number = max(self.keys) + 1
        if number > MOST:
            raise KeyNotHeld(f"{MOST} keys are the most.")
        made = FieldKey(number, at, None, secrets.token_bytes(32))
        self._write(self.keys | {number: made})
        return made

    def retire(self, number: int, at: datetime) -> None:
        """Forget the secret of a key. Whoever calls has checked that no value needs it."""
        self._write(self.keys | {number: replace(self.keys[number], secret=None, retired_at=at)})

    def _write(self, keys: dict[int, FieldKey]) -> None:
        rows = [
            {
                "number": key.number, "made_at": _text(key.made_at), "retired_at": _text(key.retired_at),
                "secret": key.secret.hex() if key.secret and key.number else None,  # key 0 lies elsewhere
            }
            for key in keys.values()
        ]  # fmt: skip
        write_secret(self.file, json.dumps(rows, indent=1))


def key_ring() -> KeyRing:
    """Return the keys as they stand; read anew when another process has changed them."""
    file = Path(settings.DATA_DIR) / "keys" / "fields.json"
    try:
        stamp = file.stat()
    except FileNotFoundError:
        return _read(file, settings.SECRET_KEY, None)
    return _read(file, settings.SECRET_KEY, (stamp.st_mtime_ns, stamp.st_ino))


@lru_cache(maxsize=4)
def _read(file: Path, secret_key: str, stamp: tuple[int, int] | None) -> KeyRing:
    own = hashlib.blake2b(PURPOSE, key=secret_key.encode()[:64], digest_size=32).digest()
    keys = {0: FieldKey(0, None, None, own)}
    for row in json.loads(file.read_text("utf-8")) if stamp else ():
        number, retired_at = row["number"], _moment(row["retired_at"])
        held = own if number == 0 else bytes.fromhex(row["secret"] or "")
        keys[number] = FieldKey(number, _moment(row["made_at"]), retired_at, None if retired_at else held)
    return KeyRing(file, keys)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
