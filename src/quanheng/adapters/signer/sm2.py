"""SM2 (GB/T 32918.2 with SM3), by whatever this machine has for it.

First the wheel `gmssl-pyx` around GmSSL, which exists for x86-64; on Linux without it, which is Linux on Arm,
the OpenSSL of the operating system; else nothing. A stand-in in pure Python would sign some hundred times a
second and tell its key by its timing: whoever has neither signs with Ed25519 alone, and is told so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from quanheng.adapters.signer.openssl import OpenSslFault, OpenSslSm2

SIGNER = b"1234567812345678"  # the identity that GM/T 0009 sets where none was agreed upon
LACKING = (
    "Certificates are signed with Ed25519 alone: this machine has neither gmssl-pyx (wheels for x86-64) "
    "nor an OpenSSL 3 with SM2 (libcrypto.so.3). SM2 signatures made elsewhere are shown as not checked."
)
# GB/T 32918.5-2017, annex A.2: whoever cannot verify the standard's own example is not believed.
EXAMPLE_KEY = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
EXAMPLE_DATA = b"message digest"
EXAMPLE_SIGNATURE = bytes.fromhex(
    "3046022100F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "022100B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)


class Algorithm(Protocol):
    """What a key of one algorithm can do. Public keys: Ed25519 32 bytes; SM2 x ‖ y, 64 bytes."""

    def make(self) -> tuple[bytes, bytes]:
        """Return private and public key."""

    def sign(self, private: bytes, public: bytes, data: bytes) -> bytes: ...
    def fits(self, public: bytes, data: bytes, signature: bytes) -> bool: ...


class GmsslSm2:
    """SM2 by GmSSL. Raises ImportError where its wheel is not installed."""

    def __init__(self) -> None:
        import gmssl_pyx  # noqa: PLC0415  it may not be there

        self._gmssl = gmssl_pyx

    def make(self) -> tuple[bytes, bytes]:
        public, private = self._gmssl.sm2_key_generate()
        return private, public

    def sign(self, private: bytes, public: bytes, data: bytes) -> bytes:
        return bytes(self._gmssl.sm2_sign(private, public, data, signer_id=SIGNER))

    def fits(self, public: bytes, data: bytes, signature: bytes) -> bool:
        try:
            return bool(self._gmssl.sm2_verify(public, data, signature, signer_id=SIGNER))
        except self._gmssl.GmsslInnerError:  # a public key or a signature that is none
            return False


def openssl() -> Algorithm:
    """Return the operating system's OpenSSL. Raises OSError or AttributeError where it has no SM2."""
    return OpenSslSm2(SIGNER)


@lru_cache(maxsize=1)
def sm2() -> Algorithm | None:
    """Return what does SM2 on this machine; None when nothing does."""
    for engine in (GmsslSm2, openssl):
        try:
            found: Algorithm = engine()
            if found.fits(EXAMPLE_KEY, EXAMPLE_DATA, EXAMPLE_SIGNATURE):
                return found
        except (ImportError, OSError, AttributeError, OpenSslFault):
            continue
    return None
