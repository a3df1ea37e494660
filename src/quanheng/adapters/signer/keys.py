"""Keys that sign codes, kept as files in the data directory.

One file per key, `<key id>.json`, readable by its owner only. A key is never deleted: labels outlive it. The
key that signs is the newest one that is not retired; rotation retires it and makes the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quanheng.adapters.signer.checking import KeyList, PublicKey
from quanheng.kit.durable_files import write_secret
from quanheng.regulation.signed_code import Mark, key_id_of, message, pack, serial_digest


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with what is published of it."""

    public: PublicKey
    private: Ed25519PrivateKey


class KeyRing:
    """The keys of one site.

    Args:
        folder: where the key files live; made with mode 0700 when the first key is.
        site: the public address that the labels carry, without a slash at the end.
    """

    def __init__(self, folder: Path, site: str) -> None:
        self.folder = folder
        self.site = site.rstrip("/")
        self._held: tuple[tuple[str, ...], dict[str, SigningKey]] = ((), {})

    def keys(self) -> Mapping[str, PublicKey]:
        """Return every key that ever signed, by id."""
        return {key_id: key.public for key_id, key in self._load().items()}

    def key_list(self) -> KeyList:
        """Return the list that is published."""
        return KeyList(self.site, self.keys())

    def address(self, code: str, *, serial_number: str, on: date) -> str:
        """Return the address that a label's QR code holds, signed on this day."""
        return f"{self.site}/s/{code}.{self.mark(code, serial_number=serial_number, on=on)}"

    def mark(self, code: str, *, serial_number: str, on: date) -> str:
        """Sign a code with the key now in use; the first call makes the first key.

        Args:
            serial_number: as on the nameplate; empty for a blank code.
        """
        key = self.signing_key(on)
        mark = Mark(key.public.key_id, on, serial_digest(code, serial_number))
        signature = key.private.sign(message(code, mark))
        return pack(Mark(mark.key_id, mark.issued_on, mark.serial_digest, signature))

    def signing_key(self, on: date) -> SigningKey:
        """Return the newest key that is not retired, making one when there is none."""
        held = self._load()
        current = [key for key in held.values() if key.public.last_day is None]
        if not current:
            self._make(on)
            return self.signing_key(on)
        return max(current, key=lambda key: (key.public.first_day, key.public.key_id))

    def rotate(self, on: date) -> PublicKey:
        """Retire the key that signs, from this day on, and make the next. Old labels still verify."""
        for key in list(self._load().values()):
            if key.public.last_day is None:
                self._write(key.private, key.public.first_day, last_day=on)
        return self._make(on)

    def _make(self, on: date) -> PublicKey:
        while True:  # two keys with the same 24-bit id would make one of them useless
            private = Ed25519PrivateKey.generate()
            if key_id_of(private.public_key().public_bytes_raw()) not in self._load():
                return self._write(private, on, last_day=None)

    def _write(self, private: Ed25519PrivateKey, first_day: date, *, last_day: date | None) -> PublicKey:
        raw = private.public_key().public_bytes_raw()
        public = PublicKey(key_id_of(raw), raw, first_day, last_day)
        content = {
            "algorithm": "Ed25519",
            "private_key": private.private_bytes_raw().hex(),
            "first_day": first_day.isoformat(),
            "last_day": last_day and last_day.isoformat(),
        }
        write_secret(self.folder / f"{public.key_id}.json", json.dumps(content))
        self._held = ((), {})
        return public

    def _load(self) -> dict[str, SigningKey]:
        """Read the files anew when one came or changed: another process may have rotated."""
        files = sorted(self.folder.glob("*.json"))
        stamp = tuple(f"{file.name} {file.stat().st_mtime_ns}" for file in files)
        if stamp != self._held[0]:
            self._held = (stamp, {key.public.key_id: key for key in map(_read, files)})
        return self._held[1]


def _read(file: Path) -> SigningKey:
    data = json.loads(file.read_text())
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(data["private_key"]))
    last_day = date.fromisoformat(data["last_day"]) if data["last_day"] else None
    raw = private.public_key().public_bytes_raw()
    return SigningKey(PublicKey(file.stem, raw, date.fromisoformat(data["first_day"]), last_day), private)
