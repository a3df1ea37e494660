"""SM2 by each engine: the standard's own example, each other's signatures, and nothing that was changed."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.adapters.signer import sm2 as engines
from quanheng.adapters.signer.openssl import ORDER, OpenSslFault, OpenSslSm2
from quanheng.adapters.signer.sm2 import SIGNER, Algorithm, GmsslSm2, openssl, sm2
from quanheng.runtime import up

DATA = "检定证书".encode()


def here(engine: Callable[[], Algorithm]) -> Algorithm | None:
    try:
        return engine()
    except (ImportError, OSError, AttributeError):
        return None


FOUND = {
    name: found for name, make in {"GmSSL": GmsslSm2, "OpenSSL": openssl}.items() if (found := here(make))
}
each = pytest.mark.parametrize("engine", FOUND.values(), ids=FOUND)
changed = st.tuples(st.integers(0, 10_000), st.integers(0, 7))


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    sm2.cache_clear()


def der(r: int, s: int) -> bytes:
    def number(value: int) -> bytes:
        raw = value.to_bytes(value.bit_length() // 8 + 1, "big")
        return bytes([2, len(raw)]) + raw

    body = number(r) + number(s)
    return bytes([0x30, len(body)]) + body


def flipped(data: bytes, place: tuple[int, int]) -> bytes:
    made = bytearray(data)
    made[place[0] % len(data)] ^= 1 << place[1]
    return bytes(made)


@each
def test_the_published_example_of_the_standard_verifies(engine: Algorithm) -> None:
    """GB/T 32918.5-2017, annex A.2: the signature over "message digest" on the recommended curve."""
    public = bytes.fromhex(
        "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    )
    r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    assert engine.fits(public, b"message digest", der(r, s))
    assert not engine.fits(public, b"message digesT", der(r, s))
    assert not engine.fits(public, b"message digest", der(r, s + 1))
    assert not engine.fits(public, b"message digest", der(r, s + ORDER))


@each
@pytest.mark.parametrize("other", FOUND.values(), ids=FOUND)
def test_what_one_engine_signs_with_its_key_the_other_signs_and_verifies_too(
    engine: Algorithm, other: Algorithm
) -> None:
    private, public = engine.make()
    for data in (b"", DATA, os.urandom(5_000)):
        assert other.fits(public, data, engine.sign(private, public, data))
        assert engine.fits(public, data, other.sign(private, public, data))


@each
@given(place=changed, data=st.binary(min_size=1, max_size=100))
def test_one_bit_of_data_key_or_signature_is_enough(
    engine: Algorithm, place: tuple[int, int], data: bytes
) -> None:
    private, public = engine.make()
    signature = engine.sign(private, public, data)
    assert engine.fits(public, data, signature)
    assert not engine.fits(public, flipped(data, place), signature)
    assert not engine.fits(flipped(public, place), data, signature)
    assert not engine.fits(public, data, flipped(signature, place))
    assert not engine.fits(public, data, signature + b"\0")
    assert not engine.fits(public, data, signature[:-1])


@each
@given(noise=st.binary(max_size=200))
def test_noise_is_no_key_and_no_signature(engine: Algorithm, noise: bytes) -> None:
    private, public = engine.make()
    assert not engine.fits(public, DATA, noise)
    assert not engine.fits(noise, DATA, engine.sign(private, public, DATA))


@pytest.mark.skipif("OpenSSL" not in FOUND, reason="this system has no OpenSSL 3 with SM2")
@pytest.mark.parametrize("private", [b"", bytes(31), bytes(33), b"\xff" * 64])
def test_a_private_key_of_another_length_is_refused_before_openssl_sees_it(private: bytes) -> None:
    with pytest.raises(OpenSslFault):
        FOUND["OpenSSL"].sign(private, bytes(64), DATA)


def test_without_the_wheel_the_operating_system_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "GmsslSm2", missing)
    assert type(sm2()) is type(FOUND.get("OpenSSL"))


def test_an_engine_that_does_not_know_the_standards_example_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "GmsslSm2", lambda: OpenSslSm2(b"8765432187654321"))
    monkeypatch.setattr(engines, "openssl", missing)
    assert sm2() is None


def test_a_library_that_is_not_there_or_knows_no_sm2_is_none() -> None:
    with pytest.raises(OSError, match=r"libcrypto\.so\.9|only Linux"):
        OpenSslSm2(SIGNER, "libcrypto.so.9")
    with pytest.raises((AttributeError, OSError)):
        OpenSslSm2(SIGNER, "libc.so.6")


def test_the_start_says_that_nothing_signs_with_sm2(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(up, "sm2", lambda: None)
    with caplog.at_level(logging.WARNING, "quanheng.up"):
        up.say_what_lacks()
    assert "Ed25519 alone" in caplog.text


def missing() -> Algorithm:
    raise ImportError("no wheel for this machine")
