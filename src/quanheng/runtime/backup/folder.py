"""What lies in a copy: a manifest, the dump of the database, files as they were, and the sealed keys."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from quanheng.kit.durable_files import sync_folder, write_secret
from quanheng.runtime.account import NotPossible

FORMAT = 1
MANIFEST, DUMP, KEYS, FILES = "manifest.json", "database.dump", "keys.sealed", "files"
BLOCK = 1 << 20

# Below the data directory: PostgreSQL's own files come as a dump, and what belongs to running processes
# means nothing elsewhere.
NOT_KEPT = frozenset({"postgres", "processes.json", "up.lock", "up.out", "up.err"})
# These are kept under the passphrase, not beside the other files.
SECRET = ("secret-key", "keys", "demo-accounts.txt")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy holds.

    Args:
        made_at: ISO 8601; version: of the platform; server: PostgreSQL's major version.
        log: name and number of entries of the public log, as its checkpoint says.
        rows: table → rows, counted in the snapshot that was dumped.
        files: path in the copy → SHA-256 and size.
    """

    made_at: str
    version: str
    server: int
    log: dict[str, Any]
    rows: dict[str, int]
    files: dict[str, list[Any]]
    format: int = field(default=FORMAT)

    def write(self, folder: Path) -> None:
        """Write it last: a copy without a manifest is none."""
        write_secret(folder / MANIFEST, json.dumps(asdict(self), ensure_ascii=False, indent=1))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a copy.

    Raises:
        NotPossible: there is none, it cannot be read, or its format is not known.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
        manifest = Manifest(**found)
    except FileNotFoundError:
        raise NotPossible(f"{folder} holds no {MANIFEST}: it is no backup, or it was cut off.") from None
    except (OSError, ValueError, TypeError) as error:
        raise NotPossible(f"{folder / MANIFEST} cannot be read: {error}") from None
    if manifest.format != FORMAT:
        raise NotPossible(
            f"The backup in {folder} has format {manifest.format}; this version reads {FORMAT}."
        )
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Read every file of a copy again.

    Raises:
        NotPossible: names the first file that is missing, too many, or not as it was written.
    """
    there = {path.relative_to(folder).as_posix() for path in _files(folder)} - {MANIFEST}
    if missing := sorted(manifest.files.keys() - there):
        raise NotPossible(f"The backup in {folder} is damaged: {missing[0]} is missing.")
    if strange := sorted(there - manifest.files.keys()):
        raise NotPossible(f"The backup in {folder} is damaged: {strange[0]} does not belong to it.")
    for path, (digest, _size) in manifest.files.items():
        if digest_of(folder / path) != digest:
            raise NotPossible(f"The backup in {folder} is damaged: {path} is not as it was written.")


def describe(folder: Path) -> dict[str, list[Any]]:
    """Return digest and size of every file in a copy, read back from the disk."""
    return {
        path.relative_to(folder).as_posix(): [digest_of(path), path.stat().st_size] for path in _files(folder)
    }


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept_files(data_dir: Path) -> Iterator[PurePosixPath]:
    """Yield what is copied from the data directory, relative to it: everything that is not left out."""
    for path in _files(data_dir):
        relative = PurePosixPath(path.relative_to(data_dir).as_posix())
        if relative.parts[0] not in NOT_KEPT and relative.parts[0] not in SECRET:
            yield relative


def secret_files(data_dir: Path) -> Iterator[PurePosixPath]:
    """Yield the files that only the passphrase opens."""
    for path in _files(data_dir):
        relative = PurePosixPath(path.relative_to(data_dir).as_posix())
        if relative.parts[0] in SECRET:
            yield relative


def copy_file(source: Path, target: Path) -> None:
    """Copy a file durably; readable by its owner alone. One that is gone meanwhile is left out.

    Uploads are deleted by a term: a backup does not hold them up.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with source.open("rb") as reading, target.open("xb") as writing:
            os.fchmod(writing.fileno(), 0o600)
            shutil.copyfileobj(reading, writing, BLOCK)
            writing.flush()
            os.fsync(writing.fileno())
    except FileNotFoundError:
        return
    sync_folder(target.parent)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name not in NOT_KEPT]
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if path.is_file() and not path.is_symlink():
                yield path
