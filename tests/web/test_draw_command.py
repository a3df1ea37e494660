"""`quanheng draw`: from a table to a proof that holds, on files alone."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quanheng.regulation.draw.proof import proof_text
from tests.regulation.draw.frames import SEED, SIGNATURE
from tests.regulation.draw.test_proof import COMMITMENT, FRAME, INSPECTORS, PROOF, TEXT

NONCES = {"局": "11" * 32, "协会": "22" * 32}
PARTIES = [f"--party={name}={sha256(bytes.fromhex(nonce)).hexdigest()}" for name, nonce in NONCES.items()]
TOLD = [f"--nonce={name}={nonce}" for name, nonce in NONCES.items()]
AT = "--at=2026-11-23T10:00:00+08:00"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "dispensers.csv"
    lines = [
        "id,stratum,cluster,excluded",
        *(f"D{number:02},510104,S{number // 4}," for number in range(30, 0, -1)),
    ]
    file.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", "utf-8", newline="")
    return file


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A folder as `commit` wrote it while the round of the published vector was still to come."""
    (tmp_path / "frame.csv").write_text(FRAME.text, "utf-8", newline="")
    (tmp_path / "inspectors.csv").write_text(INSPECTORS.text, "utf-8", newline="")
    (tmp_path / "commitment.json").write_text(COMMITMENT.text + "\n", "utf-8")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_a_draw_of_parties_from_the_table_to_the_proof(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,strata,conflicts,excluded\n王,,,\n李,,S1,\n", "utf-8")
    folder = str(tmp_path / "q4")
    inspectors = f"--inspectors={people}"
    call_command("draw", "commit", str(table), folder, "--draw-id=Q4-2026", *PARTIES, inspectors, AT)
    assert "510104 6" in said(capsys)
    call_command("draw", "make", folder, *TOLD)
    first = json.loads((tmp_path / "q4" / "proof.json").read_text("utf-8"))
    out = first["strata"][0]["drawn"][0]["key"]
    call_command("draw", "make", folder, *TOLD, f"--replace={out}=已拆除")
    assert "(6 of 30): " in said(capsys)
    call_command("draw", "verify", f"{folder}/proof.json")
    assert "Q4-2026: 6 picks recomputed" in said(capsys)


def test_a_task_that_nobody_may_take_is_told(committed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("draw", "make", str(committed), f"--signature={SIGNATURE.upper()}")
    assert "nobody for 510105-" in said(capsys)
    assert (committed / "proof.json").read_text("utf-8") == TEXT
    assert json.loads(TEXT)["seed"] == SEED


def test_a_round_an_hour_from_now_is_committed_to(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("draw", "commit", str(table), str(tmp_path / "q4"), "--draw-id=Q4-2026", "--total=9", AT)
    assert "published at 2026-11-23T11:00:00+08:00" in said(capsys)
    assert json.loads((tmp_path / "q4" / "commitment.json").read_text("utf-8"))["quotas"] == [
        {"stratum": "510104", "quota": 9}
    ]


def test_a_proof_that_does_not_hold_is_named_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = proof_text({**PROOF, "seed": "00" * 32})
    (tmp_path / "proof.json").write_text(wrong, "utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("draw", "verify", str(tmp_path / "proof.json"))
    assert ended.value.code == 1
    assert "\nseed: 证明写的是" in said(capsys)


def test_frames_beside_the_proof_are_used(committed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lean = committed / "lean.json"
    lean.write_text(proof_text({**PROOF, "frame": None, "inspectors": None}), "utf-8")
    beside = [f"--frame={committed / 'frame.csv'}", f"--inspectors={committed / 'inspectors.csv'}"]
    call_command("draw", "verify", str(lean), *beside)
    assert "nothing differs" in said(capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["commit", "none.csv", "out", "--draw-id=x"], "cannot be read"),
        (["commit", "{table}", "out", "--draw-id=a,b", AT], "draw_id: 抽取编号"),
        (["commit", "{table}", "out", "--draw-id=x", "--quota=510104", AT], "write NAME=VALUE"),
        (["commit", "{table}", "out", "--draw-id=x", "--quota=510104=many", AT], "whole number"),
        (["commit", "{table}", "out", "--draw-id=x", "--quota=510104=5", AT], "不少于 6"),
        (["commit", "{table}", "out", "--draw-id=x", "--at=2001-01-01T00:00:00+00:00"], "没有现行有效的规则"),
        (["commit", "{table}", "out", "--draw-id=x", "--at=2001-01-01"], "--at"),
        (["make", "{folder}"], "give --signature of round 657413"),
        (["make", "{folder}", "--signature=xyz"], "not hexadecimal"),
        (["make", "{folder}", "--signature=" + "00" * 48], "reveal.signature"),
        (["verify", "{binary}"], "not UTF-8"),
        (["verify", "{table}"], "JSON"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], message: str, table: Path, committed: Path
) -> None:
    (committed / "binary").write_bytes(b"\xff\xfe")
    places = {"table": table, "folder": committed, "binary": committed / "binary"}
    with pytest.raises(CommandError, match=message):
        call_command("draw", *(word.format(**places) for word in arguments))


def test_parties_are_asked_for_their_nonces(table: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "q4")
    call_command("draw", "commit", str(table), folder, "--draw-id=x", *PARTIES, AT)
    with pytest.raises(CommandError, match=r"--nonce NAME=HEX of 局, 协会"):
        call_command("draw", "make", folder)


def test_a_commitment_is_never_overwritten(table: Path, committed: Path) -> None:
    before = {name: (committed / name).read_bytes() for name in ("commitment.json", "frame.csv")}
    with pytest.raises(CommandError, match="commitment already"):
        call_command("draw", "commit", str(table), str(committed), "--draw-id=Q4-2026", AT)
    assert {name: (committed / name).read_bytes() for name in before} == before
