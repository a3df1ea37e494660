"""Signed notes, checkpoints, cosignatures and proofs as text, with the examples of the formats themselves."""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from quanheng.regulation.transparency.evidence import Evidence, check_evidence, parse_evidence
from quanheng.regulation.transparency.frontier import leaf_hashes
from quanheng.regulation.transparency.notes import (
    COSIGNATURE,
    Key,
    Note,
    Signature,
    Signed,
    check_note,
    cosign,
    cosigned_message,
    parse_note,
    sign_note,
)
from quanheng.regulation.transparency.tree import EMPTY_ROOT, inclusion_proof, root_of
from tests.fuzz import fuzzed

ORIGIN = "log.example.gov.cn/sichuan"
LOG = Ed25519PrivateKey.from_private_bytes(bytes(32))
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
LOG_KEY = Key(ORIGIN, LOG.public_key().public_bytes_raw())
WITNESS_KEY = Key("witness.example.org/w1", WITNESS.public_key().public_bytes_raw(), COSIGNATURE)
ENTRIES = [b"act 0", b"act 1", b"act 2"]
LEAVES = leaf_hashes(ENTRIES)
CHECKPOINT = Checkpoint(ORIGIN, 3, root_of(LEAVES))
NOTE = Note(CHECKPOINT.to_text()).with_signatures(sign_note(CHECKPOINT.to_text(), LOG_KEY, LOG.sign))
COSIGNED = NOTE.with_signatures(cosign(NOTE.text, WITNESS_KEY, 1_795_000_000, WITNESS.sign))

PUBLISHED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # C2SP tlog-cosignature; fmt: skip  # noqa: E501


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_the_published_checkpoint_is_read_as_it_is_meant() -> None:
    note = parse_note(PUBLISHED)
    checkpoint = parse_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root == b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    log, witness = note.signatures
    assert (log.key_id.hex(), len(log.blob)) == ("033de0ae", 64)
    assert (witness.key_id.hex(), int.from_bytes(witness.blob[:8], "big")) == ("8d66cf3f", 1679315147)
    assert (note.to_text(), checkpoint.to_text()) == (PUBLISHED, note.text)


def test_a_key_as_it_is_published_elsewhere() -> None:
    """The key of the Go checksum database, as every Go toolchain carries it."""
    text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    key = Key.from_text(text)
    assert (key.name, key.key_id.hex(), key.to_text()) == ("sum.golang.org", "033de0ae", text)


def test_log_and_witness_sign_and_are_believed() -> None:
    checkpoint, note, signed = open_checkpoint(COSIGNED.to_text(), ORIGIN, [LOG_KEY, WITNESS_KEY], verify)
    assert checkpoint == CHECKPOINT
    assert note == COSIGNED
    assert signed == (Signed(LOG_KEY), Signed(WITNESS_KEY, 1_795_000_000))


def test_what_a_witness_signs_begins_with_its_own_word() -> None:
    assert cosigned_message("a\n1\nb\n", 1679315147) == b"cosignature/v1\ntime 1679315147\na\n1\nb\n"


def test_signatures_of_strangers_are_ignored_and_doubles_are_not_repeated() -> None:
    stranger = Signature("stranger.example", b"\0\0\0\1", b"\0")
    note = COSIGNED.with_signatures(stranger, stranger, COSIGNED.signatures[0])
    assert len(note.signatures) == 3
    assert [one.key for one in check_note(note, [LOG_KEY], verify)] == [LOG_KEY]


@pytest.mark.parametrize("keys", [[], [Key(ORIGIN, bytes(32))], [Key("other", LOG_KEY.public_key)]])
def test_a_note_that_nobody_known_signed_is_refused(keys: list[Key]) -> None:
    with pytest.raises(CaseFault, match="没有可信密钥"):
        check_note(NOTE, keys, verify)


def test_a_checkpoint_that_only_a_witness_signed_is_refused() -> None:
    witnessed = Note(NOTE.text, COSIGNED.signatures[1:])
    with pytest.raises(CaseFault, match="日志本身的签名"):
        open_checkpoint(witnessed.to_text(), ORIGIN, [LOG_KEY, WITNESS_KEY], verify)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(CaseFault, match=r"另一个日志.*sichuan"):
        open_checkpoint(NOTE.to_text(), "log.example.gov.cn/hubei", [LOG_KEY], verify)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("change", ["text", "bit", "short", "long"])
def test_a_wrong_signature_in_a_known_name_spoils_the_note(number: int, change: str) -> None:
    old = COSIGNED.signatures[number]
    blob = {
        "text": old.blob,
        "bit": old.blob[:-1] + bytes([old.blob[-1] ^ 1]),
        "short": old.blob[:-1],
        "long": old.blob + b"\0",
    }[change]
    signatures = list(COSIGNED.signatures)
    signatures[number] = Signature(old.name, old.key_id, blob)
    text = COSIGNED.text.replace("\n3\n", "\n4\n") if change == "text" else COSIGNED.text
    with pytest.raises(CaseFault, match="签名不正确"):
        check_note(Note(text, tuple(signatures)), [LOG_KEY, WITNESS_KEY], verify)


def test_a_time_beyond_the_format_is_a_wrong_signature() -> None:
    old = COSIGNED.signatures[1]
    late = Signature(old.name, old.key_id, b"\xff" * 8 + old.blob[8:])
    with pytest.raises(CaseFault, match="签名不正确"):
        check_note(Note(NOTE.text, (late,)), [WITNESS_KEY], verify)
    with pytest.raises(CaseFault, match="秒数"):
        cosign(NOTE.text, WITNESS_KEY, 2**63, WITNESS.sign)


@pytest.mark.parametrize(
    "text",
    [
        "", "text\n", "text\n\n", "text\n\n— name YWJjZGU=", "text\n— name YWJjZGU=\n",
        "text\n\nname YWJjZGU=\n",
        "text\n\n— name YWJjZGU\n", "text\n\n— name YWJjZA==\n", "text\n\n— na+me YWJjZGU=\n",
        "text\n\n— \u3000 YWJjZGU=\n", "text\n\n—  YWJjZGU=\n", "te\txt\n\n— name YWJjZGU=\n",
        "te\x00xt\n\n— name YWJjZGU=\n", "text\n\n— name YWJjZGU= \n", "text\n\n— name ＹＷ==\n",
        "te\ud800xt\n\n— name YWJjZGU=\n", "text\n\n" + "— name YWJjZGU=\n" * 101, "x" * 2**20 + "\n\n\n",
    ],
)  # fmt: skip
def test_a_text_that_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(CaseFault):
        parse_note(text)


def test_a_note_may_hold_empty_lines_and_chinese() -> None:
    text = "第一行\n\n第三行\n\n"
    note = Note(text, (sign_note(text, LOG_KEY, LOG.sign),))
    assert parse_note(note.to_text()) == note
    assert check_note(note, [LOG_KEY], verify) == (Signed(LOG_KEY),)


@pytest.mark.parametrize("text", ["no line feed", "tab\t\n", "x" * 2**20 + "\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(CaseFault, match="换行"):
        sign_note(text, LOG_KEY, LOG.sign)
    with pytest.raises(CaseFault, match="换行"):
        cosign(text, LOG_KEY, 0, LOG.sign)


def test_a_signer_that_returns_no_signature_is_found_out() -> None:
    with pytest.raises(CaseFault, match="64 字节"):
        sign_note("text\n", LOG_KEY, lambda message: message)


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+033de0ae", "name+033de0ae+", "name+00000000+" + LOG_KEY.to_text().split("+", 2)[2],
        LOG_KEY.to_text().upper(), "na me" + LOG_KEY.to_text(), "name+033de0ae+AQ==",
        "name+033de0ae+" + b64encode(b"\x02" + bytes(32)).decode(),
    ],
)  # fmt: skip
def test_a_text_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(CaseFault):
        Key.from_text(text)


@pytest.mark.parametrize("key", [LOG_KEY, WITNESS_KEY])
def test_a_key_is_read_as_it_was_written(key: Key) -> None:
    assert Key.from_text(key.to_text()) == key


ROOT_LINE = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "checkpoint"),
        ("origin\n1\n", "checkpoint"),
        (f"origin\n1\n{ROOT_LINE}", "checkpoint"),
        (f"origin\n1\n{ROOT_LINE}\n\nmore", "checkpoint"),
        (f"\n1\n{ROOT_LINE}\n", "origin"),
        (f"origin\n01\n{ROOT_LINE}\n", "size"),
        (f"origin\n-1\n{ROOT_LINE}\n", "size"),
        (f"origin\n１\n{ROOT_LINE}\n", "size"),
        (f"origin\n9999999999999999999\n{ROOT_LINE}\n", "size"),
        (f"origin\n{'9' * 5000}\n{ROOT_LINE}\n", "size"),
        (f"origin\n0\n{ROOT_LINE}\n", "root"),
        ("origin\n1\nAAAA\n", "root"),
        ("origin\n1\n====\n", "root"),
        (f"origin\n1\n{ROOT_LINE}\n\n", "extensions"),
        (f"origin\n1\n{ROOT_LINE}\na\tb\n", "extensions"),
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused_by_its_line(text: str, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        parse_checkpoint(text)
    assert refused.value.field == field


def test_an_empty_log_has_a_checkpoint_and_extensions_are_kept() -> None:
    empty = Checkpoint("origin", 0, EMPTY_ROOT, ("one", "two"))
    assert parse_checkpoint(empty.to_text()) == empty


def test_a_checkpoint_that_could_not_be_written_is_refused() -> None:
    with pytest.raises(CaseFault, match="一行"):
        Checkpoint("two\nlines", 0, EMPTY_ROOT)
    with pytest.raises(CaseFault, match="不小于 0"):
        Checkpoint("origin", -1, EMPTY_ROOT)


def evidence(index: int = 1, extra: bytes = b"") -> Evidence:
    return Evidence(index, tuple(inclusion_proof(index, LEAVES)), COSIGNED.to_text(), extra)


@pytest.mark.parametrize("extra", [b"", b"\0 anything"])
def test_a_proof_is_checked_from_its_text_alone(extra: bytes) -> None:
    read = parse_evidence(evidence(1, extra).to_text())
    assert read == evidence(1, extra)
    checkpoint, signed = check_evidence(b"act 1", read, ORIGIN, [LOG_KEY, WITNESS_KEY], verify)
    assert checkpoint == CHECKPOINT
    assert [one.key for one in signed] == [LOG_KEY, WITNESS_KEY]


def test_a_log_of_one_entry_needs_no_hashes() -> None:
    checkpoint = Checkpoint(ORIGIN, 1, LEAVES[0])
    text = checkpoint.to_text()
    note = Note(text, (sign_note(text, LOG_KEY, LOG.sign),))
    read = parse_evidence(Evidence(0, (), note.to_text()).to_text())
    assert check_evidence(b"act 0", read, ORIGIN, [LOG_KEY], verify)[0] == checkpoint


@pytest.mark.parametrize(("entry", "index"), [(b"act 2", 1), (b"act 1 ", 1), (b"act 1", 2)])
def test_another_entry_or_place_is_not_included(entry: bytes, index: int) -> None:
    with pytest.raises(CaseFault, match="不在检查点"):
        check_evidence(entry, evidence(index), ORIGIN, [LOG_KEY], verify)


@pytest.mark.parametrize(
    "text",
    [
        "", "c2sp.org/tlog-proof@v2\nindex 0\n\nx", "c2sp.org/tlog-proof@v1\nindex 0\n",
        "c2sp.org/tlog-proof@v1\n\nx", "c2sp.org/tlog-proof@v1\nextra YQ==\n\nx",
        "c2sp.org/tlog-proof@v1\nextra Y\nindex 0\n\nx", "c2sp.org/tlog-proof@v1\nindex 00\n\nx",
        "c2sp.org/tlog-proof@v1\n0\n\nx", "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + f"{ROOT_LINE}\n" * 64 + "\nx",
        "c2sp.org/tlog-proof@v1\nindex " + "9" * 5000 + "\n\nx",
    ],
)  # fmt: skip
def test_a_text_that_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(CaseFault):
        parse_evidence(text)


SEEDS = [PUBLISHED, COSIGNED.to_text(), evidence(1, b"x").to_text(), LOG_KEY.to_text(), NOTE.text]


@fuzzed()
@given(
    st.sampled_from(SEEDS),
    st.integers(0, 400),
    st.integers(0, 400),
    st.text(max_size=8) | st.text("\n +—=1", max_size=6),
)
def test_no_text_brings_a_reader_down(seed: str, start: int, end: int, inserted: str) -> None:
    text = seed[:start] + inserted + seed[max(start, end) :]
    for read in (parse_note, parse_checkpoint, parse_evidence, Key.from_text):
        with suppress(CaseFault):
            assert read(text).to_text() == text
    with suppress(CaseFault):
        open_checkpoint(text, ORIGIN, [LOG_KEY, WITNESS_KEY], verify)
        assert text.startswith(NOTE.text)
