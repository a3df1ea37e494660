"""Personal data at rest: AES-256-GCM in the column, a keyed hash beside it for searching.

GB/T 39786-2021 8.4 e asks for the confidentiality of important stored data (phone, identity numbers).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from quanheng.kit.key_ring import key_ring

WITHOUT_NUMBER, NUMBERED = b"\x01", b"\x02"  # the first byte of a value: how it is written


def encrypt(text: str) -> bytes:
    """Return version byte, two bytes of the key's number, 12-byte nonce and ciphertext with tag."""
    key, nonce = key_ring().current, os.urandom(12)
    head = NUMBERED + key.number.to_bytes(2)
    return head + nonce + AESGCM(key.secret or b"").encrypt(nonce, text.encode(), head)


def decrypt(data: bytes) -> str:
    """Undo `encrypt`.

    Raises:
        InvalidTag: (of cryptography.exceptions) the bytes were changed, or it is another installation's key.
        KeyNotHeld: its key is retired, or unknown here.
    """
    body = 1 if data[:1] == WITHOUT_NUMBER else 3
    cipher = AESGCM(key_ring().secret(key_number(data)))
    return cipher.decrypt(data[body : body + 12], data[body + 12 :], data[:body]).decode()


def key_number(data: bytes) -> int:
    """Return the number of the key that a value is encrypted with; before there were numbers it was key 0."""
    return 0 if data[:1] == WITHOUT_NUMBER else int.from_bytes(data[1:3])


@lru_cache(maxsize=2)
def _search_key(secret: str) -> bytes:
    return hashlib.blake2b(b"search", key=secret.encode()[:64], digest_size=32).digest()


def keyed_hash(text: str) -> str:
    """Return the 32-character hash by which an encrypted value is found again."""
    digest = hmac.new(_search_key(settings.SECRET_KEY), text.encode(), hashlib.sha256).digest()[:20]
    return base64.b32encode(digest).decode()


if TYPE_CHECKING:
    BinaryColumn = models.BinaryField[Any, Any]
else:
    BinaryColumn = models.BinaryField


class EncryptedTextField(BinaryColumn):
    """Text that is encrypted in the database and plain in Python. Cannot be filtered on."""

    description = "Encrypted text"

    def _check_str_default_value(self) -> list[Any]:
        return []  # the default is text: it is encrypted on its way to the column

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else b""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return decrypt(bytes(value)) if value else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return connection.Database.Binary(value if prepared else self.get_prep_value(value))


def mask_name(name: str) -> str:
    """张三丰 → 张**: what everybody but the case's officer sees."""
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)


def mask_mail(address: str) -> str:
    """office@example.cn → o***@example.cn."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"
