"""The lock needs nothing beyond itself: pip may install it without resolving anything (`--no-deps`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tests.install.lock import MACHINES, ROOT, THIS, Locked, Machine, locked, locked_for

Lock = Mapping[NormalizedName, Locked]
each_machine = pytest.mark.parametrize("machine", MACHINES, ids=str)


def of_the_project() -> list[Requirement]:
    """What pyproject.toml asks for, the developers' tools included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return [Requirement(text) for text in asked]


def of_a_distribution(entry: Locked) -> list[Requirement]:
    """What an installed distribution asks for; nothing where another version of it is installed here."""
    try:
        found = distribution(entry.name)
    except PackageNotFoundError:
        return []
    return [Requirement(text) for text in found.requires or [] if Version(found.version) == entry.version]


def asked(requirements: Iterable[Requirement], machine: Machine, extras: set[str]) -> Iterator[Requirement]:
    """Those requirements that count on a machine, with these extras."""
    marks = [{**machine.marks(), "extra": extra} for extra in extras | {""}]
    return (one for one in requirements if one.marker is None or any(map(one.marker.evaluate, marks)))


def walk(machine: Machine, lock: Lock) -> tuple[list[str], set[NormalizedName]]:
    """Follow every requirement from pyproject.toml on: what the lock does not meet, and what was met."""
    waiting = [("pyproject.toml", one) for one in asked(of_the_project(), machine, set())]
    faults: list[str] = []
    seen: set[tuple[NormalizedName, str]] = set()
    while waiting:
        by, requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        entry = lock.get(name)
        if entry is None or not requirement.specifier.contains(entry.version, prereleases=True):
            faults.append(f"{by} asks for {requirement}; locked is {entry and entry.version}")
            continue
        wanted = {(name, extra) for extra in requirement.extras | {""}}
        if not wanted <= seen:
            seen |= wanted
            waiting += [(name, one) for one in asked(of_a_distribution(entry), machine, requirement.extras)]
    return faults, {name for name, _ in seen}


@each_machine
def test_every_requirement_of_every_locked_distribution_is_met_by_the_lock(machine: Machine) -> None:
    faults, _ = walk(machine, locked_for(machine))
    assert faults == []


def test_what_is_locked_for_this_machine_is_installed_as_locked_and_asked_for_by_something() -> None:
    lock = locked_for(THIS)
    installed = {name: Version(distribution(name).version) for name in lock}
    assert installed == {name: entry.version for name, entry in lock.items()}
    assert walk(THIS, lock)[1] == set(lock)


@pytest.mark.parametrize("name", ["coverage", "psycopg-binary", "fido2", "asgiref"])
def test_a_lock_that_lacks_one_is_found_out(name: str) -> None:
    """`coverage` comes with an extra of its own, psycopg-binary and fido2 by extras, asgiref by Django."""
    lock = {one: entry for one, entry in locked_for(THIS).items() if one != name}
    assert any(f"asks for {name}" in fault for fault in walk(THIS, lock)[0])


def test_every_entry_has_hashes_and_each_machine_gets_each_name_once() -> None:
    entries = locked()
    assert [one.name for one in entries if not one.hashes or {len(text) for text in one.hashes} != {71}] == []
    assert all(locked_for(machine) for machine in MACHINES)
