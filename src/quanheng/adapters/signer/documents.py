"""Signing documents: SM2 (GB/T 32918.2 with SM3) for whoever must use it, Ed25519 for everybody else.

Keys are files of the data directory, one a key, as those of codes are (`keys.py`); a key is never deleted,
for documents outlive it. An HSM or 密码服务平台 takes the same place (GB/T 39786).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from quanheng.adapters.signer.sm2 import Algorithm, sm2
from quanheng.kit.durable_files import write_secret


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature with the key that made it.

    Args:
        signature: Ed25519: 64 bytes; SM2: SEQUENCE { r, s } in DER (GM/T 0009).
    """

    algorithm: str
    key_id: str
    signature: bytes


class Ed25519:
    """Ed25519 (RFC 8032)."""

    def make(self) -> tuple[bytes, bytes]:
        private = Ed25519PrivateKey.generate()
        return private.private_bytes_raw(), private.public_key().public_bytes_raw()

    def sign(self, private: bytes, public: bytes, data: bytes) -> bytes:  # noqa: ARG002 - SM2 needs both
        return Ed25519PrivateKey.from_private_bytes(private).sign(data)

    def fits(self, public: bytes, data: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


SM2, ED25519 = "SM2", "Ed25519"


def algorithms() -> Mapping[str, Algorithm]:
    """Return what this machine can sign with: SM2 first, where it has something for it."""
    found = sm2()
    return {ED25519: Ed25519()} if found is None else {SM2: found, ED25519: Ed25519()}


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """A key of one algorithm; `last_day` None while it signs."""

    algorithm: str
    public: bytes
    private: bytes
    first_day: date
    last_day: date | None = None

    @property
    def key_id(self) -> str:
        return key_id_of(self.public)


def key_id_of(public: bytes) -> str:
    """Name a public key: the first 64 bits of its SHA-256, in hexadecimal."""
    return hashlib.sha256(public).hexdigest()[:16]


def check_document(algorithm: str, public: bytes, data: bytes, signature: bytes) -> bool | None:
    """Say whether a signature fits the data; an algorithm that nobody knows fits nothing.

    None: SM2, on a machine that has nothing for it. That is no yes.
    """
    here = algorithms().get(algorithm)
    if here is None:
        return None if algorithm == SM2 else False
    return here.fits(public, data, signature)


class DocumentSigner:
    """The keys by which one site signs its documents.

    Args:
        folder: where the key files live; made with mode 0700 when the first key is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: tuple[tuple[str, ...], dict[str, DocumentKey]] = ((), {})

    def sign(self, data: bytes, on: date) -> list[Signed]:
        """Sign with every algorithm that this machine has; the first call makes the keys."""
        signed = []
        for name, algorithm in algorithms().items():
            key = self._signing(name, on)
            signed.append(Signed(name, key.key_id, algorithm.sign(key.private, key.public, data)))
        return signed

    def check(self, algorithm: str, key_id: str, data: bytes, signature: bytes) -> bool | None:
        """Say whether one of our keys made this signature over the data; None as `check_document`."""
        key = self._load().get(key_id)
        if key is None or key.algorithm != algorithm:
            return False
        return check_document(algorithm, key.public, data, signature)

    def published(self) -> str:
        """Return every public key as the JSON list that anybody may fetch, oldest first."""
        keys = sorted(self._load().values(), key=lambda key: (key.first_day, key.algorithm, key.key_id))
        rows = [
            {
                "id": key.key_id, "algorithm": key.algorithm, "public_key": key.public.hex(),
                "first_day": key.first_day.isoformat(),
                "last_day": key.last_day and key.last_day.isoformat(),
            }
            for key in keys
        ]  # fmt: skip
        return json.dumps({"format": 1, "keys": rows}, indent=1)

    def rotate(self, on: date) -> None:
        """Retire the keys that sign; the next document makes new ones. Old documents still verify."""
        for key in list(self._load().values()):
            if key.last_day is None:
                self._write(DocumentKey(key.algorithm, key.public, key.private, key.first_day, on))

    def _signing(self, algorithm: str, on: date) -> DocumentKey:
        """The oldest key in use: where two processes made the first one at once, both use the same."""
        current = [k for k in self._load().values() if k.algorithm == algorithm and k.last_day is None]
        if not current:
            private, public = algorithms()[algorithm].make()
            self._write(DocumentKey(algorithm, public, private, on))
            return self._signing(algorithm, on)
        return min(current, key=lambda key: (key.first_day, key.key_id))

    def _write(self, key: DocumentKey) -> None:
        content = {
            "algorithm": key.algorithm, "public_key": key.public.hex(), "private_key": key.private.hex(),
            "first_day": key.first_day.isoformat(), "last_day": key.last_day and key.last_day.isoformat(),
        }  # fmt: skip
        write_secret(self.folder / f"{key.key_id}.json", json.dumps(content))
        self._held = ((), {})

    def _load(self) -> dict[str, DocumentKey]:
        """Read the files anew when one came or changed: another process may have made it."""
        files = sorted(self.folder.glob("*.json"))
        stamp = tuple(f"{file.name} {file.stat().st_mtime_ns}" for file in files)
        if stamp != self._held[0]:
            self._held = (stamp, {key.key_id: key for key in map(_read, files)})
        return self._held[1]


def _read(file: Path) -> DocumentKey:
    data = json.loads(file.read_text())
    key = DocumentKey(
        data["algorithm"], bytes.fromhex(data["public_key"]), bytes.fromhex(data["private_key"]),
        date.fromisoformat(data["first_day"]),
        date.fromisoformat(data["last_day"]) if data["last_day"] else None,
    )  # fmt: skip
    if key.key_id != file.stem:
        raise ValueError(f"key {file.stem} does not have the id of its bytes")
    return key
