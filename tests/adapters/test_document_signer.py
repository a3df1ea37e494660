"""Documents are signed by each algorithm that is there; who changes one byte, or the key, is found out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.adapters.signer import documents
from quanheng.adapters.signer.documents import DocumentSigner, algorithms, check_document, key_id_of

DAY = date(2026, 11, 23)
DATA = "检定证书".encode()


@pytest.fixture
def signer(tmp_path: Path) -> DocumentSigner:
    return DocumentSigner(tmp_path / "keys")


def test_every_signature_fits_and_no_other_byte_does(signer: DocumentSigner) -> None:
    signed = signer.sign(DATA, DAY)
    assert [one.algorithm for one in signed] == list(algorithms())
    for one in signed:
        assert signer.check(one.algorithm, one.key_id, DATA, one.signature)
        assert not signer.check(one.algorithm, one.key_id, DATA + b" ", one.signature)
        assert not signer.check(one.algorithm, "0" * 16, DATA, one.signature)
        assert not signer.check("RSA", one.key_id, DATA, one.signature)


@given(noise=st.binary(max_size=200), name=st.sampled_from(sorted(algorithms())))
def test_noise_is_never_a_signature_nor_a_key(noise: bytes, name: str) -> None:
    public = algorithms()[name].make()[1]
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
    signer.rotate(DAY)
    signer.sign(DATA, DAY)
    first, second, *_ = sorted(signer.folder.iterdir())
    first.write_text(second.read_text())
    with pytest.raises(ValueError, match="id of its bytes"):
        signer.check("Ed25519", first.stem, DATA, b"")


def test_without_sm2_documents_carry_ed25519_and_a_foreign_sm2_signature_is_neither_right_nor_wrong(
    signer: DocumentSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signer.sign(DATA, DAY)
    monkeypatch.setattr(documents, "sm2", lambda: None)
    assert [one.algorithm for one in signer.sign(DATA, DAY)] == ["Ed25519"]
    for one in before:
        said = signer.check(one.algorithm, one.key_id, DATA, one.signature)
        assert said is (None if one.algorithm == "SM2" else True)
        assert signer.check(one.algorithm, "0" * 16, DATA, one.signature) is False
    assert check_document("RSA", bytes(64), DATA, bytes(64)) is False
