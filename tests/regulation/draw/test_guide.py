"""The script that the guide gives to everybody: it needs nothing of ours, and agrees."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from quanheng.regulation.draw.commitment import commit
from quanheng.regulation.draw.proof import make_proof, proof_text
from quanheng.regulation.draw.quotas import quotas
from quanheng.regulation.draw.seed import Nonces
from quanheng.regulation.draw.tickets import Replacement
from tests.regulation.draw.frames import BEFORE, OPENED, RULE, frame
from tests.regulation.draw.test_proof import FRAME, NONCES, PARTIES, TEXT, verify
from tests.regulation.draw.test_sealed import TEXT as SEALED_TEXT

GUIDE = Path("docs/how-to/check-a-draw.md")


@pytest.fixture(scope="module")
def script() -> str:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert found is not None
    return found.group(1)


def run(script: str, proof: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "check_draw.py").write_text(script, "utf-8")
    (folder / "proof.json").write_text(proof, "utf-8")
    command = [sys.executable, "-I", "check_draw.py", "proof.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def of_parties(selection: str, *, withheld: str = "") -> str:
    """Return a proof of the other kinds: a seed of parties, and a replacement."""
    held = frame({"510104": 33, "510105": 9}, per_cluster=3)
    asked = {"510104": 8, "510105": 2}
    commitment = commit(
        draw_id="Q2-2026", committed_at=BEFORE, frame=held, quotas=asked, source=PARTIES, selection=selection
    )
    told = Nonces({name: nonce for name, nonce in NONCES.items() if name != withheld})
    out = make_proof(commitment, held, told, verify)["strata"][0]["drawn"][1]["key"]
    return proof_text(
        make_proof(commitment, held, told, verify, replacements=[Replacement(out, "停业，已拆除")])
    )


def test_the_script_is_short_and_needs_the_standard_library_only(script: str) -> None:
    lines = [line for line in script.splitlines() if line]
    assert len(lines) <= 30
    imported = re.findall(r"^(?:import|from) ([\w, ]+?)(?: import .*)?$", script, re.M)
    assert set(", ".join(imported).split(", ")) <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "proof",
    [TEXT, of_parties("unit"), of_parties("cluster"), SEALED_TEXT],
    ids=["beacon", "parties", "clusters", "sealed"],
)
def test_the_script_agrees_with_a_proof_that_holds(script: str, proof: str, tmp_path: Path) -> None:
    ran = run(script, proof, tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "DIFFERS" not in ran.stdout
    assert ran.stdout.count("ok ") == 6 + len(quotas(FRAME, RULE))


def test_the_script_tells_of_a_number_that_was_kept_back(script: str, tmp_path: Path) -> None:
    ran = run(script, of_parties("unit", withheld="协会"), tmp_path)
    assert (ran.returncode, ran.stdout.count("DIFFERS")) == (1, 1)
    assert "DIFFERS nonces" in ran.stdout


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("510104-0001", "510104-9999", "frame"),
        ('"selection":"unit"', '"selection": "unit"', None),
        ('"draw_id":"Q1-2026"', '"draw_id":"Q1-2027"', "commitment"),
        ('"round":657413,"signature"', '"round":657414,"signature"', "round"),
        ('"signature":"b7', '"signature":"b8', "seed"),
    ],
)
def test_the_script_names_what_was_changed(
    script: str, old: str, new: str, told: str | None, tmp_path: Path
) -> None:
    assert old in TEXT
    ran = run(script, TEXT.replace(old, new), tmp_path)
    assert ran.returncode == (told is not None)
    assert (f"DIFFERS {told}" in ran.stdout) == (told is not None)


def test_the_script_names_the_stratum_of_a_changed_pick(script: str, tmp_path: Path) -> None:
    proof = json.loads(TEXT)
    proof["strata"][1]["drawn"][0]["key"] = "510105-0001"
    ran = run(script, json.dumps(proof), tmp_path)
    assert re.findall(r"DIFFERS (\S+)", ran.stdout) == ["510105"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (OPENED, "00" * 32, "secret"),
        (f',"secret":"{OPENED}"', "", "secret"),
        ('"seed":"', '"seed":"00', "seed"),
        ("510104-0007,510104,510104-S1,\\n", "", "frame"),
        ("510104-0007,", "510104-9007,", "frame"),
    ],
)
def test_the_script_names_what_was_changed_in_a_sealed_draw(
    script: str, old: str, new: str, told: str, tmp_path: Path
) -> None:
    assert old in SEALED_TEXT
    ran = run(script, SEALED_TEXT.replace(old, new), tmp_path)
    assert ran.returncode == 1
    assert f"DIFFERS {told}" in ran.stdout


def test_the_frame_may_lie_beside_the_proof(script: str, tmp_path: Path) -> None:
    proof = json.loads(TEXT)
    (tmp_path / "frame.csv").write_text(proof.pop("frame"), "utf-8")
    (tmp_path / "proof.json").write_text(json.dumps({**proof, "frame": None}), "utf-8")
    (tmp_path / "check_draw.py").write_text(script, "utf-8")
    command = [sys.executable, "-I", "check_draw.py", "proof.json", "frame.csv"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False).returncode == 0
