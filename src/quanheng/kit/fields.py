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

VERSION = b"\x01"


@lru_cache(maxsize=8)
def _key(purpose: str, secret: str) -> bytes:
    return hashlib.blake2b(purpose.encode(), key=secret.encode()[:64], digest_size=32).digest()


def encrypt(text: str) -> bytes:
    """Return version byte, 12-byte nonce and ciphertext with tag."""
    nonce = os.urandom(12)
    return (
        VERSION + nonce + AESGCM(_key("personal", settings.SECRET_KEY)).encrypt(nonce, text.encode(), VERSION)
    )


def decrypt(data: bytes) -> str:
    """Undo `encrypt`; raises cryptography.exceptions.InvalidTag when the bytes were changed."""
    return AESGCM(_key("personal", settings.SECRET_KEY)).decrypt(data[1:13], data[13:], data[:1]).decode()


def keyed_hash(text: str) -> str:
    """Return the 32-character hash by which an encrypted value is found again."""
    digest = hmac.new(_key("search", settings.SECRET_KEY), text.encode(), hashlib.sha256).digest()[:20]
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
