"""Documents are signed twice; whoever changes one byte, or the key, is found out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.adapters.signer.documents import ALGORITHMS, DocumentSigner, check_document, key_id_of

DAY = date(2026, 11, 23)
DATA = "检定证书".encode()


def der(r: int, s: int) -> bytes:
    def number(value: int) -> bytes:
        raw = value.to_bytes(value.bit_length() // 8 + 1, "big")
        return bytes([2, len(raw)]) + raw

    body = number(r) + number(s)
    return bytes([0x30, len(body)]) + body


@pytest.fixture
def signer(tmp_path: Path) -> DocumentSigner:
    return DocumentSigner(tmp_path / "keys")


def test_the_published_example_of_the_standard_verifies() -> None:
    """GB/T 32918.5-2017, annex A.2: the signature over "message digest" on the recommended curve."""
    public = bytes.fromhex(
        "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    )
    r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    assert check_document("SM2", public, b"message digest", der(r, s))
    assert not check_document("SM2", public, b"message digesT", der(r, s))
    assert not check_document("SM2", public, b"message digest", der(r, s + 1))


def test_both_signatures_fit_and_no_other_byte_does(signer: DocumentSigner) -> None:
    signed = signer.sign(DATA, DAY)
    assert [one.algorithm for one in signed] == ["SM2", "Ed25519"]
    for one in signed:
        assert signer.check(one.algorithm, one.key_id, DATA, one.signature)
        assert not signer.check(one.algorithm, one.key_id, DATA + b" ", one.signature)
        assert not signer.check(one.algorithm, "0" * 16, DATA, one.signature)
        assert not signer.check("RSA", one.key_id, DATA, one.signature)


@given(noise=st.binary(max_size=200), name=st.sampled_from(sorted(ALGORITHMS)))
def test_noise_is_never_a_signature_nor_a_key(noise: bytes, name: str) -> None:
    public = ALGORITHMS[name].make()[1]
    assert not check_document(name, public, DATA, noise)
    assert not check_document(name, noise, DATA, noise)


def test_documents_of_a_retired_key_still_verify(signer: DocumentSigner) -> None:
    old = signer.sign(DATA, DAY)
    signer.rotate(DAY)
    new = signer.sign(DATA, DAY)
    assert {one.key_id for one in old}.isdisjoint(one.key_id for one in new)
    assert all(signer.check(one.algorithm, one.key_id, DATA, one.signature) for one in [*old, *new])


def test_another_process_uses_the_same_keys_and_nobody_else_reads_them(signer: DocumentSigner) -> None:
    signer.sign(DATA, DAY)
    other = DocumentSigner(signer.folder)
    assert [one.key_id for one in other.sign(DATA, DAY)] == [one.key_id for one in signer.sign(DATA, DAY)]
    assert {file.stat().st_mode & 0o777 for file in signer.folder.iterdir()} == {0o600}


def test_what_is_published_is_public(signer: DocumentSigner) -> None:
    signed = signer.sign(DATA, DAY)
    text = signer.published()
    rows = {row["algorithm"]: row for row in json.loads(text)["keys"]}
    for one in signed:
        public = bytes.fromhex(rows[one.algorithm]["public_key"])
        assert key_id_of(public) == rows[one.algorithm]["id"] == one.key_id
        assert check_document(one.algorithm, public, DATA, one.signature)
    for file in signer.folder.iterdir():
        assert json.loads(file.read_text())["private_key"] not in text


def test_a_key_file_that_was_swapped_is_refused(signer: DocumentSigner) -> None:
    signer.sign(DATA, DAY)
    first, second = sorted(signer.folder.iterdir())
    first.write_text(second.read_text())
    with pytest.raises(ValueError, match="id of its bytes"):
        signer.check("SM2", first.stem, DATA, b"")
