"""`quanheng draw`: from a table to a commitment in the public log, and to a proof that holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from quanheng.adapters.public_log import log_folder, log_key
from quanheng.adapters.public_log.commitments import proof_of_act, published_commitment
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.acts import DRAW_COMMITTED
from quanheng.apps.audit.commit_draw import commit_draw
from quanheng.apps.audit.models import Act
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.draw.proof import proof_text
from quanheng.regulation.draw.seed import round_time
from quanheng.web.management.commands import draw as draw_command
from tests.regulation.draw.frames import BEACON, BEFORE, ROUND, SEED, SIGNATURE
from tests.regulation.draw.test_proof import COMMITMENT, FRAME, INSPECTORS, PROOF, TEXT

NONCES = {"局": "11" * 32, "协会": "22" * 32}
PARTIES = [f"--party={name}={sha256(bytes.fromhex(nonce)).hexdigest()}" for name, nonce in NONCES.items()]
TOLD = [f"--nonce={name}={nonce}" for name, nonce in NONCES.items()]
AT = "--at=2026-11-23T10:00:00+08:00"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_log_of_its_own(settings: Settings, tmp_path: Path, at: datetime) -> Iterator[None]:
    """The clock stands at the instant of `AT`; the log has its key, as after the first `quanheng up`."""
    settings.DATA_DIR = tmp_path / "data"
    with time_machine.travel(at, tick=False):
        log_key()
        yield


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
    """A folder as `commit` wrote it while the round of the printed vector was still to come."""
    with acting_in(EVERYTHING):
        act = commit_draw(
            draw_id=COMMITMENT.draw_id, digest=COMMITMENT.digest, known_at=round_time(ROUND, BEACON),
            seed_round=ROUND, by=SYSTEM, at=BEFORE,
        )  # fmt: skip
    with time_machine.travel(BEFORE, tick=False):
        proof = proof_of_act(act.pk, at=BEFORE)
    assert proof is not None
    (tmp_path / "commitment.tlog-proof").write_text(proof, "utf-8")
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
    told = said(capsys)
    assert "Q4-2026: 6 picks recomputed" in told
    assert "entry 0, written 2026-11-23T02:00:00+00:00; when the parties revealed" in told
    assert "nothing differs" in told


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


def test_a_sealed_draw_keeps_its_secret_apart_and_is_made_with_it(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "q4"
    call_command("draw", "commit", str(table), str(folder), "--draw-id=Q4-2026", "--sealed", AT)
    secret = (folder / "secret.hex").read_text("ascii").strip()
    assert (folder / "secret.hex").stat().st_mode & 0o077 == 0
    assert secret not in said(capsys)
    promised = json.loads((folder / "commitment.json").read_text("utf-8"))["seed"]
    assert promised["secret_sha256"] == sha256(bytes.fromhex(secret)).hexdigest()
    monkeypatch.setattr(draw_command, "verify_round", lambda _: lambda *_: True)
    signature = f"--signature={SIGNATURE}"
    with pytest.raises(CommandError, match="秘密数"):
        call_command("draw", "make", str(folder), signature, f"--secret={'00' * 32}")
    call_command("draw", "make", str(folder), signature)
    proof = json.loads((folder / "proof.json").read_text("utf-8"))
    assert proof["reveal"]["secret"] == secret
    call_command("draw", "verify", str(folder / "proof.json"))
    assert "nothing differs" in said(capsys)


def test_a_seal_goes_with_the_beacon_only(table: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--sealed goes with the beacon"):
        call_command(
            "draw", "commit", str(table), str(tmp_path / "q4"), "--draw-id=Q4-2026", "--sealed", *PARTIES, AT
        )
    assert not (tmp_path / "q4").exists()


def acts_in_log() -> list[Act]:
    with acting_in(EVERYTHING):
        return list(Act.objects.unscoped().filter(verb=DRAW_COMMITTED).order_by("pk"))


def test_the_commitment_is_published_by_the_tool_itself(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("draw", "commit", str(table), str(tmp_path / "q4"), "--draw-id=Q4-2026", "--total=9")
    (act,) = acts_in_log()
    text = (tmp_path / "q4" / "commitment.json").read_bytes().rstrip(b"\n")
    assert act.after["digest"] == sha256(text).hexdigest()
    assert "stands in the public log" in said(capsys)
    told = published_commitment("Q4-2026")
    assert told is not None
    assert (told.index, told.digest, told.at) == (0, act.after["digest"], act.at)
    assert told.signed_at == act.at
    assert (tmp_path / "q4" / "commitment.tlog-proof").exists()
    assert log_folder().checkpoint() is not None


def test_a_proof_signed_before_the_round_says_so_and_a_later_one_does_not(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (committed / "proof.json").write_text(TEXT, "utf-8")
    call_command("draw", "verify", str(committed / "proof.json"))
    assert "signed before the seed was known" in said(capsys)
    (act,) = acts_in_log()
    later = proof_of_act(act.pk, at=BEFORE)
    assert later is not None
    (committed / "later").write_text(later, "utf-8")
    call_command("draw", "verify", str(committed / "proof.json"), f"--log={committed / 'later'}")
    assert "compare with an older mirror of the log" in said(capsys)


def test_a_draw_whose_commitment_is_not_in_the_log_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "proof.json").write_text(TEXT, "utf-8")
    with pytest.raises(SystemExit):
        call_command("draw", "verify", str(tmp_path / "proof.json"))
    assert "log: 没有出示承诺在公开记录中的证明" in said(capsys)


def test_a_proof_from_another_log_proves_nothing(committed: Path, tmp_path: Path) -> None:
    (committed / "proof.json").write_text(TEXT, "utf-8")
    other = type(log_key())(tmp_path / "other.key", log_key().origin).public.to_text()
    with pytest.raises(CommandError):
        call_command("draw", "verify", str(committed / "proof.json"), f"--log-key={other}")


def test_who_keeps_no_log_is_asked_for_its_key(committed: Path, settings: Settings, tmp_path: Path) -> None:
    (committed / "proof.json").write_text(TEXT, "utf-8")
    key = log_key().public.to_text()
    settings.DATA_DIR = tmp_path / "elsewhere"
    with pytest.raises(CommandError, match="give --log-key"):
        call_command("draw", "verify", str(committed / "proof.json"))
    call_command("draw", "verify", str(committed / "proof.json"), f"--log-key={key}")


def test_a_draw_is_not_committed_to_twice(table: Path, tmp_path: Path) -> None:
    once = ["draw", "commit", str(table), str(tmp_path / "one"), "--draw-id=Q4-2026", *PARTIES]
    call_command(*once)
    again = ["draw", "commit", str(table), str(tmp_path / "two"), "--draw-id=Q4-2026", "--total=9", *PARTIES]
    with pytest.raises(CommandError, match="不能更换"):
        call_command(*again)
    assert not (tmp_path / "two").exists()
    assert len(acts_in_log()) == 1


def test_what_could_not_be_written_is_not_in_the_log(table: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OSError, match="file"):
        call_command(
            "draw", "commit", str(table), str(tmp_path / "file" / "q4"), "--draw-id=Q4-2026", *PARTIES
        )
    assert acts_in_log() == []


def test_where_the_log_is_kept_elsewhere_the_publication_is_brought_to_its_end_later(
    table: Path, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, settings.DATA_DIR = settings.DATA_DIR, tmp_path / "elsewhere"
    folder = tmp_path / "q4"
    call_command("draw", "commit", str(table), str(folder), "--draw-id=Q4-2026", *PARTIES)
    assert f"run `quanheng draw publish {folder}`" in said(capsys)
    assert published_commitment("Q4-2026") is None
    settings.DATA_DIR = kept
    call_command("draw", "publish", str(folder))
    assert published_commitment("Q4-2026") is not None
    assert (folder / "commitment.tlog-proof").exists()
    assert len(acts_in_log()) == 1


def test_a_round_that_is_known_cannot_be_committed_to_by_stating_an_earlier_time(
    table: Path, tmp_path: Path
) -> None:
    earlier = "--at=2026-11-22T10:00:00+08:00"
    with pytest.raises(CommandError, match="承诺已无意义"):
        call_command("draw", "commit", str(table), str(tmp_path / "q4"), "--draw-id=Q4-2026", earlier)


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
