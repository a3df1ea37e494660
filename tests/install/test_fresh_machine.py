"""Both commands of the README on a machine with empty caches, on the oldest and the newest Python here."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.install.fresh_machine import FreshMachine, interpreters, version_of
from tests.install.lock import THIS, Machine, locked, locked_for
from tests.install.wheels import make_wheel
from tests.runtime.platform import free_port

PYTHONS = interpreters()
OLDEST_AND_NEWEST = list(dict.fromkeys([PYTHONS[0], PYTHONS[-1]]))

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("fresh machine")]


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a newer release of everything that is locked."""
    folder = tmp_path_factory.mktemp("newer")
    for entry in locked():
        make_wheel(folder, entry.name, f"{entry.version.major + 1}.0.0", ["broken>=1"])
    return str(folder)


@pytest.mark.parametrize(
    "python", OLDEST_AND_NEWEST, ids=lambda python: ".".join(map(str, version_of(str(python))))
)
def test_set_up_and_demonstration_end_well_though_everything_has_a_newer_release(
    python: Path, newer: str, tmp_path: Path
) -> None:
    machine = FreshMachine(tmp_path, python, find_links=newer)
    machine.set_up()
    version = ".".join(map(str, version_of(str(python))))
    locks = locked_for(Machine(version, THIS.system, THIS.processor))
    found = {canonicalize_name(name): number for name, number in machine.installed().items() if name != "pip"}
    assert found == {name: str(entry.version) for name, entry in locks.items()}
    assert "权衡" in machine.demonstrate(free_port())
