"""`quanheng backup DIR`: database, files, public log and keys into a new folder, and read again at once."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import ExitStack
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from quanheng.config.environment import ConfigurationMissing, Environment, read_environment
from quanheng.kit.durable_files import write_secret
from quanheng.regulation.transparency.checkpoints import parse_checkpoint
from quanheng.regulation.transparency.notes import parse_note
from quanheng.runtime.account import NotPossible
from quanheng.runtime.backup import dump, keys
from quanheng.runtime.backup.folder import (
    DUMP,
    FILES,
    KEYS,
    Manifest,
    check_files,
    copy_file,
    describe,
    kept_files,
    secret_files,
)
from quanheng.runtime.database import database

LOG = "public-log"
NOTHING = (
    "There is nothing to copy: the database has no areas. Is DATABASE_URL the right one, and may its user "
    "read every row? docs/how-to/back-up-and-restore.md says what it needs."
)
KEY_FILE = "secret-key"  # where the environment has the key, the backup keeps it under this name


def main(arguments: list[str]) -> int:
    """Make a backup; return 0, or 2 with one sentence when it is not possible."""
    parser = argparse.ArgumentParser(
        prog="quanheng backup", description="Copy everything that the platform keeps into a new folder."
    )
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet, or is empty")
    parser.add_argument("--passphrase-file", type=Path, help=f"else {keys.VARIABLE}, else it is asked for")
    chosen = parser.parse_args(arguments)
    os.umask(0o077)
    try:
        passphrase = keys.ask_passphrase(chosen.passphrase_file, twice=True)
        environment = read_environment()
        with database(environment):
            manifest = make(environment, os.environ["DATABASE_URL"], chosen.folder, passphrase)
    except (ConfigurationMissing, NotPossible) as refusal:
        print(f"quanheng: {refusal}", file=sys.stderr)
        return 2
    rows, size = sum(manifest.rows.values()), sum(size for _digest, size in manifest.files.values())
    print(
        f"{rows} rows of {len(manifest.rows)} tables, {len(manifest.files)} files, {size} bytes, "
        f"{manifest.log['entries']} entries of the public log: written to {chosen.folder} and read again."
    )
    return 0


def make(environment: Environment, url: str, folder: Path, passphrase: str) -> Manifest:
    """Make a backup in a new folder.

    Raises:
        NotPossible: the folder is not empty, there is nothing to copy, or what was written is not what was
            read. The folder then holds no manifest and is refused by `restore`.
    """
    if dump.is_empty(url):
        raise NotPossible(NOTHING)
    _take_folder(folder, environment.data_dir)
    with ExitStack() as held:
        held.enter_context(dump.sealing_paused(url))
        moment = held.enter_context(dump.snapshot(url))
        _refuse_nothing(moment)
        log = [path for path in kept_files(environment.data_dir) if path.parts[0] == LOG]
        for path in log:  # while the sealer waits: the files are those of the snapshot
            copy_file(environment.data_dir / path, folder / FILES / path)
        dump.dump(url, moment.name, folder / DUMP)
        for path in kept_files(environment.data_dir):
            if path.parts[0] != LOG:
                copy_file(environment.data_dir / path, folder / FILES / path)
    write_secret(folder / KEYS, keys.seal(_secrets(environment), passphrase))
    manifest = Manifest(
        datetime.now().astimezone().isoformat(timespec="seconds"), version("quanheng"), moment.server,
        _log_of(folder), moment.rows, describe(folder),
    )  # fmt: skip
    check(folder, manifest, passphrase)
    manifest.write(folder)
    return manifest


def check(folder: Path, manifest: Manifest, passphrase: str) -> None:
    """Read a copy as `restore` would: every byte, every row, the keys.

    Raises:
        NotPossible: says what is missing.
    """
    check_files(folder, manifest)
    found = dump.rows_in_dump(folder / DUMP)
    for table, rows in manifest.rows.items():
        if found.get(table) != rows:
            raise NotPossible(f"The dump holds {found.get(table, 0)} rows of {table}, the database {rows}.")
    sealed = keys.unseal((folder / KEYS).read_text(), passphrase)
    if manifest.log["entries"] and "keys/public-log.key" not in sealed:
        raise NotPossible("The key of the public log is missing from the data directory.")


def _take_folder(folder: Path, data_dir: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise NotPossible(f"{folder} is not empty: name a folder that does not exist yet.")
    except OSError as error:
        raise NotPossible(f"Cannot write to {folder}: {error.strerror}.") from None
    if data_dir in [folder.resolve(), *folder.resolve().parents]:
        raise NotPossible(f"{folder} lies inside {data_dir}: a backup belongs on another disk.")
    free = shutil.disk_usage(folder).free
    needed = sum((data_dir / path).stat().st_size for path in kept_files(data_dir))
    if needed > free:
        raise NotPossible(f"{folder} has {free} bytes free; the files alone are {needed}.")


def _refuse_nothing(moment: dump.Snapshot) -> None:
    """An empty copy looks like a copy until the day on which it is needed."""
    if not moment.rows.get("accounts_area") or not moment.rows.get("django_migrations"):
        raise NotPossible(NOTHING)


def _secrets(environment: Environment) -> dict[str, bytes]:
    found = {
        path.as_posix(): (environment.data_dir / path).read_bytes()
        for path in secret_files(environment.data_dir)
    }
    return found | {KEY_FILE: environment.secret_key.encode()}


def _log_of(folder: Path) -> dict[str, object]:
    checkpoint = folder / FILES / LOG / "checkpoint"
    if not checkpoint.exists():
        return {"name": "", "entries": 0}
    head = parse_checkpoint(parse_note(checkpoint.read_text()).text)
    return {"name": head.origin, "entries": head.size}
