"""Every locked distribution comes as a wheel for every machine that the README promises: nothing is built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.install.lock import LOCK, MACHINES, ROOT, Machine, locked, locked_for

# As uv calls them; glibc 2.28 is that of RHEL 8, macOS 13 what uv takes for the oldest.
PLATFORMS = {
    ("linux", "x86_64"): "x86_64-manylinux_2_28",
    ("linux", "aarch64"): "aarch64-manylinux_2_28",
    ("darwin", "x86_64"): "x86_64-apple-darwin",
    ("darwin", "arm64"): "aarch64-apple-darwin",
}
# What a machine may lack, and where the code says what it then does without.
LACKING = {
    "gmssl-pyx": "src/quanheng/adapters/signer/sm2.py",  # the system's OpenSSL, or Ed25519 alone
    "metrolopy": "scripts/peers.py",  # one of two second opinions on Monte Carlo
}


@pytest.mark.long
@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_the_index_has_a_wheel_of_everything_locked_and_nothing_more_is_wanted(
    machine: Machine, tmp_path: Path
) -> None:
    """Asks the index. Dependencies are resolved from what it says of each version, also of those not here."""
    command = [
        str(Path(sys.executable).with_name("uv")), "pip", "install", "--dry-run", "--no-config",
        "--require-hashes", "--only-binary", ":all:", "--python", sys.executable,
        "--target", str(tmp_path), "--python-version", machine.python,
        "--python-platform", PLATFORMS[machine.system, machine.processor], "--requirements", str(LOCK),
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    told = {line.removeprefix(" + ") for line in said.stderr.splitlines() if line.startswith(" + ")}
    assert told == {f"{entry.name}=={entry.version}" for entry in locked_for(machine).values()}


def test_what_some_machines_lack_is_said_where_it_is_needed() -> None:
    everywhere = set.intersection(*({*locked_for(machine)} for machine in MACHINES))
    wanted = {entry.name for entry in locked() if any(entry.is_for(machine) for machine in MACHINES)}
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    named = {name for name in wanted - everywhere if f'"{name}' in project}
    assert named == set(LACKING), "what comes with these is theirs"
    for name, place in LACKING.items():
        assert name.replace("-", "_") in (ROOT / place).read_text("utf-8").replace("-", "_")
