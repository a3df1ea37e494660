"""The keys of an installation under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals.

Without them a copy is no copy: one encrypts names and telephones, another signs the public log.
Beside the rest they would open it to whoever finds the disk.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import sys
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from quanheng.runtime.account import NotPossible

VARIABLE = "QUANHENG_BACKUP_PASSPHRASE"
SHORTEST = 12  # characters
N, R, P = 2**17, 8, 1  # 128 MB and some tenths of a second for each guess
PURPOSE = b"quanheng backup keys v1"


def seal(files: dict[str, bytes], passphrase: str) -> str:
    """Return the files, by name, as a text that only the passphrase opens."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    plain = json.dumps({name: b64encode(data).decode() for name, data in files.items()}).encode()
    sealed = AESGCM(_key(passphrase, salt, N, R, P)).encrypt(nonce, plain, PURPOSE)
    values = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return json.dumps({"n": N, "r": R, "p": P} | {name: b64encode(v).decode() for name, v in values.items()})


def unseal(text: str, passphrase: str) -> dict[str, bytes]:
    """Return the files again.

    Raises:
        NotPossible: it is another passphrase, or the text is damaged.
    """
    try:
        found = json.loads(text)
        salt, nonce, sealed = (b64decode(found[name]) for name in ("salt", "nonce", "sealed"))
        key = _key(passphrase, salt, found["n"], found["r"], found["p"])
        plain = AESGCM(key).decrypt(nonce, sealed, PURPOSE)
    except (InvalidTag, ValueError, KeyError, TypeError):
        raise NotPossible("The passphrase does not open the keys of this backup.") from None
    return {name: b64decode(data) for name, data in json.loads(plain).items()}


def _key(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    if n * r > 2**22:  # a damaged or hostile file asks for any memory
        raise ValueError(n, r)
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase.encode())


def ask_passphrase(file: Path | None, *, twice: bool) -> str:
    """Return the passphrase: from a file, the environment, or whoever sits at the terminal.

    Raises:
        NotPossible: there is none, it is too short, or the two that were typed differ.
    """
    if file is not None:
        try:
            found = file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise NotPossible(f"Cannot read the passphrase in {file}: {error}") from None
    elif not (found := os.environ.get(VARIABLE, "")) and sys.stdin.isatty():
        found = getpass.getpass("Passphrase for the keys: ")
        if twice and getpass.getpass("Again: ") != found:
            raise NotPossible("The two passphrases differ.")
    if len(found) < SHORTEST:
        raise NotPossible(
            f"The keys need a passphrase of at least {SHORTEST} characters: --passphrase-file FILE, or "
            f"{VARIABLE}. Keep it apart from the backup; without it names and telephones are lost."
        )
    return found
