"""Secrets of second factors: encrypted texts inside the documents that allauth keeps of them."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from quanheng.kit.fields import decrypt, encrypt, key_number

SECRETS = ("secret", "seed")  # of an authenticator app, and of the recovery codes


def encrypted(text: str) -> str:
    """Return a secret as it is kept."""
    return base64.b64encode(encrypt(text)).decode()


def decrypted(kept: str) -> str:
    """Undo `encrypted`."""
    return decrypt(base64.b64decode(kept))


class SecondFactors:
    """Where they lie, for the rotation of keys (`kit.rewriting.Place`)."""

    def needed(self) -> Counter[int]:
        """Return key → how many secrets need it."""
        return Counter(_key_of(row.data[name]) for row in Authenticator.objects.all() for name in _held(row))

    def rewrite(self, current: int) -> int:
        """Encrypt anew what needs another key; each factor locked, for a sign-in writes into it too."""
        return sum(self._rewrite(pk, current) for pk in Authenticator.objects.values_list("pk", flat=True))

    def _rewrite(self, pk: int, current: int) -> int:
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            old = [name for name in _held(row) if _key_of(row.data[name]) != current] if row else []
            if row and old:
                row.data |= {name: encrypted(decrypted(row.data[name])) for name in old}
                row.save(update_fields=["data"])
        return len(old)


def _held(row: Any) -> Iterator[str]:
    return (name for name in SECRETS if row.data.get(name))


def _key_of(kept: str) -> int:
    return key_number(base64.b64decode(kept))
