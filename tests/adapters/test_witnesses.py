"""Witnesses cosign a log that only grew, and nothing else."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quanheng.adapters.public_log import LogFolder, LogKey, verify
from quanheng.adapters.public_log.witnesses import Witness, cosigned, parse_witnesses
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import Checkpoint, open_checkpoint
from quanheng.regulation.transparency.frontier import Frontier
from quanheng.regulation.transparency.notes import COSIGNATURE, ED25519, Key, cosign
from quanheng.regulation.transparency.tiles import tiles_grown
from quanheng.regulation.transparency.tree import is_consistent

ORIGIN = "log.example/quanheng"


class Log:
    """A log that grows in a folder."""

    def __init__(self, home: Path) -> None:
        self.folder = LogFolder(home / "log")
        self.key = LogKey(home / "log.key", ORIGIN)
        self.frontier = Frontier()

    def grow(self, count: int, salt: str = "") -> str:
        """Add leaves and return the checkpoint that the log signs."""
        first = self.frontier.size
        leaves = [sha256(f"{salt}{n}".encode()).digest() for n in range(first, first + count)]
        growth = self.frontier.append(leaves)
        for tile, data in tiles_grown(growth, self.folder.fetch).items():
            self.folder.write(tile.path, data)
        self.frontier = growth.frontier
        return self.key.sign(Checkpoint(ORIGIN, self.frontier.size, self.frontier.root))


class Witnessing(HTTPServer):
    """A witness by the book, in a thread; `behave` makes it misbehave."""

    def __init__(self, log_key: Key) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.private = Ed25519PrivateKey.generate()
        self.key = Key("witness.example/w", self.private.public_key().public_bytes_raw(), COSIGNATURE)
        self.log_key, self.size, self.root, self.behave = log_key, 0, b"", ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Witnessing

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        witness = self.server
        head, _, note = self.rfile.read(int(self.headers["Content-Length"])).decode().partition("\n\n")
        old, *proof = head.split("\n")
        if witness.behave == "broken":
            self.answer(500, "out of order")
            return
        if old != f"old {witness.size}":
            self.answer(409, f"{witness.size}\n")
            return
        head_of_log, parsed, _ = open_checkpoint(note, ORIGIN, [witness.log_key], verify)
        hashes = [b64decode(line) for line in proof]
        if witness.size and not is_consistent(
            witness.size, witness.root, head_of_log.size, head_of_log.root, hashes
        ):
            self.answer(422, "this log was rewritten")
            return
        witness.size, witness.root = head_of_log.size, head_of_log.root
        text = parsed.text if witness.behave != "signs something else" else parsed.text.replace("1", "2")
        self.answer(200, cosign(text, witness.key, 1_800_000_000, witness.private.sign).line())

    def answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


@pytest.fixture
def witness(log: Log) -> Iterator[Witnessing]:
    server = Witnessing(log.key.public)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def signers(text: str, log: Log, witness: Witnessing) -> list[str]:
    _, _, signed = open_checkpoint(text, ORIGIN, [log.key.public, witness.key], verify)
    return [one.key.name for one in signed]


def test_a_log_that_grows_is_cosigned_each_time(log: Log, witness: Witnessing) -> None:
    asked = Witness(witness.key, witness.address)
    for count in (1, 300, 5, 0):
        text = cosigned(log.grow(count), [asked], log.folder.fetch)
        assert signers(text, log, witness) == [ORIGIN, "witness.example/w"]
    assert (witness.size, asked.seen) == (306, 306)


def test_whoever_restarts_learns_from_the_witness_where_it_stands(log: Log, witness: Witnessing) -> None:
    cosigned(log.grow(10), [Witness(witness.key, witness.address)], log.folder.fetch)
    text = cosigned(log.grow(10), [Witness(witness.key, witness.address)], log.folder.fetch)
    assert "witness.example/w" in signers(text, log, witness)


def test_a_rewritten_log_gets_no_cosignature(log: Log, witness: Witnessing, tmp_path: Path) -> None:
    asked = Witness(witness.key, witness.address)
    cosigned(log.grow(10), [asked], log.folder.fetch)
    other = Log(tmp_path / "other")
    other.key = log.key
    text = cosigned(other.grow(12, salt="rewritten"), [asked], other.folder.fetch)
    assert signers(text, log, witness) == [ORIGIN]


@pytest.mark.parametrize("behaviour", ["broken", "signs something else"])
def test_a_witness_that_fails_or_lies_is_left_out(behaviour: str, log: Log, witness: Witnessing) -> None:
    witness.behave = behaviour
    text = cosigned(log.grow(11), [Witness(witness.key, witness.address)], log.folder.fetch)
    assert signers(text, log, witness) == [ORIGIN]


def test_a_witness_that_is_away_is_left_out(log: Log, witness: Witnessing) -> None:
    text = cosigned(log.grow(1), [Witness(witness.key, "http://127.0.0.1:9")], log.folder.fetch)
    assert signers(text, log, witness) == [ORIGIN]


def test_witnesses_are_configured_by_key_and_address(witness: Witnessing) -> None:
    key = witness.key.to_text()
    first, second = parse_witnesses(f"{key} https://one.example/; {key} https://two.example")
    assert (first.address, second.address) == ("https://one.example", "https://two.example")
    assert parse_witnesses("") == []
    with pytest.raises(CaseFault, match="https"):
        parse_witnesses(f"{key} ftp://one.example")
    with pytest.raises(CaseFault, match="联署"):
        parse_witnesses(f"{Key('log', witness.key.public_key, ED25519).to_text()} https://one.example")
