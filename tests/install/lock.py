"""requirements.lock read as pip reads it: what is locked, for which machine, with which hashes."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")  # the oldest that we run on, to the newest there is
SYSTEMS = {"linux": ("x86_64", "aarch64"), "darwin": ("x86_64", "arm64")}


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine on which `make setup` has to succeed."""

    python: str
    system: str
    processor: str

    def __str__(self) -> str:
        return f"{self.python}-{self.system}-{self.processor}"

    def marks(self) -> dict[str, str]:
        """Return what environment markers ask about (PEP 508)."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": "posix",
            "platform_machine": self.processor,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": self.system.capitalize(),
            "platform_version": "",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": self.system,
        }


MACHINES = [
    Machine(python, system, processor)
    for python in PYTHONS
    for system, processors in SYSTEMS.items()
    for processor in processors
]
THIS = Machine(f"{sys.version_info.major}.{sys.version_info.minor}", sys.platform, platform.machine())


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of the lock."""

    name: NormalizedName
    version: Version
    marker: Marker | None
    hashes: tuple[str, ...]

    def is_for(self, machine: Machine) -> bool:
        return self.marker is None or self.marker.evaluate({**machine.marks(), "extra": ""})


def locked() -> list[Locked]:
    """Read the whole lock."""
    entries = re.split(r"\n(?=[a-z])", re.sub(r"\n *#.*", "", "\n" + LOCK.read_text("utf-8")).strip())
    return [_entry(text) for text in entries]


def _entry(text: str) -> Locked:
    words, *hashes = re.split(r"\s*\\\n\s*--hash=", text.strip())
    requirement = Requirement(words)
    (pin,) = requirement.specifier
    assert pin.operator == "==", text
    return Locked(
        canonicalize_name(requirement.name), Version(pin.version), requirement.marker, tuple(hashes)
    )


def locked_for(machine: Machine) -> dict[NormalizedName, Locked]:
    """Return what is installed on a machine, by name."""
    found: dict[NormalizedName, Locked] = {}
    for entry in locked():
        if entry.is_for(machine):
            assert entry.name not in found, f"{entry.name} is locked twice for {machine}"
            found[entry.name] = entry
    return found
