"""SM2 by the OpenSSL of the operating system, for machines to which `gmssl-pyx` brings no wheel.

The distribution keeps that library. Linux alone: what macOS has under this name aborts whoever loads it. The
calls are those of OpenSSL 3 (`man EVP_DigestSignInit`, `man EVP_PKEY_CTX_set1_id`). Keys go in and out as
DER, in a frame that is always the same because the curve is.
"""

from __future__ import annotations

import ctypes
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_void_p
from typing import Any

LIBRARY = "libcrypto.so.3"
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123  # of the curve (GB/T 32918.5)
LONGEST = 72  # bytes of a signature: SEQUENCE of two numbers of 256 bits
# SubjectPublicKeyInfo as far as x ‖ y: an EC key on 1.2.156.10197.1.301, then BIT STRING with an open point
PUBLIC = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
# PKCS #8 as far as the number: an EC key on the same curve, then ECPrivateKey without its public half
PRIVATE = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420")

FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "d2i_AutoPrivateKey": (c_void_p, [c_void_p, POINTER(c_char_p), c_long]),
    "d2i_PUBKEY": (c_void_p, [c_void_p, POINTER(c_char_p), c_long]),
    "i2d_PUBKEY": (c_int, [c_void_p, POINTER(c_char_p)]),
    "EVP_PKEY_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_new": (c_void_p, [c_void_p, c_void_p]),
    "EVP_PKEY_CTX_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_set1_id": (c_int, [c_void_p, c_char_p, c_size_t]),
    "EVP_MD_CTX_new": (c_void_p, []),
    "EVP_MD_CTX_free": (None, [c_void_p]),
    "EVP_MD_CTX_set_pkey_ctx": (None, [c_void_p, c_void_p]),
    "EVP_sm3": (c_void_p, []),
    "EVP_DigestSignInit": (c_int, [c_void_p] * 5),
    "EVP_DigestSign": (c_int, [c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t]),
    "EVP_DigestVerifyInit": (c_int, [c_void_p] * 5),
    "EVP_DigestVerify": (c_int, [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t]),
    "ERR_clear_error": (None, []),
}


class OpenSslFault(Exception):
    """OpenSSL refused what it was handed."""


class OpenSslSm2:
    """SM2 over SM3. Private keys: 32 bytes; public keys: x ‖ y, 64 bytes; signatures: DER.

    Args:
        signer: the identity that goes into the digest.

    Raises:
        OSError: there is no such library.
        AttributeError: it was built without SM2.
    """

    def __init__(self, signer: bytes, library: str = LIBRARY) -> None:
        self._signer = signer
        if sys.platform != "linux":
            raise OSError("only Linux brings an OpenSSL for everybody")
        self._lib = ctypes.CDLL(library)
        for name, (answer, arguments) in FUNCTIONS.items():
            function = getattr(self._lib, name)
            function.restype, function.argtypes = answer, arguments

    def make(self) -> tuple[bytes, bytes]:
        private = (secrets.randbelow(ORDER - 2) + 1).to_bytes(32, "big")  # 1 … n − 2, clause 6.1
        with self._key(self._lib.d2i_AutoPrivateKey, PRIVATE + private) as key:
            out = ctypes.create_string_buffer(len(PUBLIC) + 64)
            if self._lib.i2d_PUBKEY(key, byref(ctypes.cast(out, c_char_p))) != len(out):
                raise OpenSslFault("a public key of another length")
            return private, out.raw[len(PUBLIC) :]

    def sign(self, private: bytes, public: bytes, data: bytes) -> bytes:  # noqa: ARG002 - it is computed
        with self._key(self._lib.d2i_AutoPrivateKey, PRIVATE + private) as key, self._digest(key) as context:
            out, length = ctypes.create_string_buffer(LONGEST), c_size_t(LONGEST)
            self._must(self._lib.EVP_DigestSignInit(context, None, self._lib.EVP_sm3(), None, key))
            self._must(self._lib.EVP_DigestSign(context, out, byref(length), data, len(data)))
            return out.raw[: length.value]

    def fits(self, public: bytes, data: bytes, signature: bytes) -> bool:
        try:
            with self._key(self._lib.d2i_PUBKEY, PUBLIC + public) as key, self._digest(key) as context:
                self._must(self._lib.EVP_DigestVerifyInit(context, None, self._lib.EVP_sm3(), None, key))
                said = self._lib.EVP_DigestVerify(context, signature, len(signature), data, len(data))
                return bool(said == 1)
        except OpenSslFault:  # a public key that is none
            return False
        finally:
            self._lib.ERR_clear_error()

    @contextmanager
    def _key(self, read: Any, der: bytes) -> Iterator[c_void_p]:
        whole = len(der) == der[1] + 2  # the frame says how long a key is: nothing follows it
        key = read(None, byref(c_char_p(der)), len(der)) if whole else None
        if not key:
            raise OpenSslFault("this is no key on the curve")
        try:
            yield key
        finally:
            self._lib.EVP_PKEY_free(key)

    @contextmanager
    def _digest(self, key: c_void_p) -> Iterator[c_void_p]:
        """Yield a context that begins with the identity of the signer."""
        context, about = self._lib.EVP_MD_CTX_new(), self._lib.EVP_PKEY_CTX_new(key, None)
        try:
            self._must(self._lib.EVP_PKEY_CTX_set1_id(about, self._signer, len(self._signer)))
            self._lib.EVP_MD_CTX_set_pkey_ctx(context, about)
            yield context
        finally:
            self._lib.EVP_MD_CTX_free(context)
            self._lib.EVP_PKEY_CTX_free(about)

    def _must(self, answer: int) -> None:
        if answer <= 0:
            self._lib.ERR_clear_error()
            raise OpenSslFault("OpenSSL refused")
