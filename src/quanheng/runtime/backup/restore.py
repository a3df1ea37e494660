"""`quanheng restore DIR`: a platform from a copy, where none is yet; checked before, during and after."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from quanheng.config.environment import ConfigurationMissing, Environment, read_environment
from quanheng.kit.durable_files import write_secret
from quanheng.runtime.account import NotPossible
from quanheng.runtime.backup import dump, keys
from quanheng.runtime.backup.folder import DUMP, FILES, KEYS, Manifest, copy_file, read_manifest
from quanheng.runtime.backup.make import KEY_FILE, check
from quanheng.runtime.database import database
from quanheng.runtime.unfinished import unfinished

# What waited to be sent when the copy was made was sent since, or is not true any more: a person decides.
HOLD_BACK = """
UPDATE outbox_message SET given_up_at = now(), last_error = '由备份恢复，未自动发送'
WHERE delivered_at IS NULL AND given_up_at IS NULL
"""
# What changed is told by another database from here on: every cursor of before ends (ADR 0034).
END_CURSORS = """
DO $$ BEGIN
  IF to_regclass('changes_feedepoch') IS NOT NULL THEN
    UPDATE changes_feedepoch SET database = 'a backup';
  END IF;
END $$
"""


def main(arguments: list[str]) -> int:
    """Restore a backup; return 0, 1 when the log does not agree, or 2 when it is not possible."""
    parser = argparse.ArgumentParser(
        prog="quanheng restore", description="Make the platform again from a backup, where there is none yet."
    )
    parser.add_argument("folder", type=Path, help="what `quanheng backup` wrote")
    parser.add_argument("--passphrase-file", type=Path, help=f"else {keys.VARIABLE}, else it is asked for")
    chosen = parser.parse_args(arguments)
    os.umask(0o077)
    try:
        return restore(chosen.folder, keys.ask_passphrase(chosen.passphrase_file, twice=False))
    except (ConfigurationMissing, NotPossible) as refusal:
        print(f"quanheng: {refusal}", file=sys.stderr)
        return 2


def restore(folder: Path, passphrase: str) -> int:
    """Restore a backup into an empty data directory and an empty database.

    Raises:
        NotPossible: the copy is damaged, the passphrase another, the target not empty, or it did not come
            to its end; then the target is marked, and `quanheng up` does not start on it.
    """
    manifest = read_manifest(folder)
    check(folder, manifest, passphrase)
    secrets = keys.unseal((folder / KEYS).read_text(), passphrase)
    _refuse_other_secret(secrets)
    _refuse_used_folder(Path(os.environ.get("QUANHENG_DATA_DIR", "var")).resolve())
    environment = read_environment()
    mark = unfinished(environment.data_dir)
    write_secret(mark, f"{manifest.made_at}\n")
    with database(environment):
        url = os.environ["DATABASE_URL"]
        if not dump.is_empty(url):
            mark.unlink()
            raise NotPossible("The database is not empty: restore into a new one, and compare.")
        _fill(folder, manifest, secrets, environment, url)
        mark.unlink()
        rows = sum(manifest.rows.values())
        print(f"{rows} rows and {len(manifest.files)} files of {manifest.made_at} restored.", flush=True)
        return _agrees(manifest, url)


def _refuse_other_secret(secrets: dict[str, bytes]) -> None:
    """With another key every name and telephone would be lost, and nobody would notice for a while."""
    kept = secrets[KEY_FILE].decode()
    if os.environ.setdefault("QUANHENG_SECRET_KEY", kept) != kept:
        raise NotPossible(
            "QUANHENG_SECRET_KEY is not the key of the backup: set it to the one of then, or unset it to "
            "have the backup's kept in the data directory."
        )


def _refuse_used_folder(data_dir: Path) -> None:
    if data_dir.exists() and any(data_dir.iterdir()):
        raise NotPossible(
            f"{data_dir} is not empty: set QUANHENG_DATA_DIR to a folder that is not there yet."
        )


def _fill(
    folder: Path, manifest: Manifest, secrets: dict[str, bytes], environment: Environment, url: str
) -> None:
    dump.load(url, folder / DUMP)
    with psycopg.connect(url, options=dump.EVERYTHING) as connection:
        found = dump.count_rows(connection)
        connection.execute(HOLD_BACK)
        connection.execute(END_CURSORS)
    if found != manifest.rows:
        wrong = sorted(
            name for name in found.keys() | manifest.rows if found.get(name) != manifest.rows.get(name)
        )
        raise NotPossible(
            f"The database has {found.get(wrong[0], 0)} rows of {wrong[0]}, the backup "
            f"{manifest.rows.get(wrong[0], 0)}."
        )
    for path in manifest.files:
        if path.startswith(f"{FILES}/"):
            copy_file(folder / path, environment.data_dir / path.removeprefix(f"{FILES}/"))
    for name, data in secrets.items():
        write_secret(environment.data_dir / name, data.decode())


def _agrees(manifest: Manifest, url: str) -> int:
    """Hold the restored ledger against the restored log; say so, and return the exit code."""
    if not manifest.log["entries"]:
        print("The public log has no entries yet: there is nothing to hold the ledger against.")
        return 0
    environment = os.environ | {"DATABASE_URL": url}
    for words in (("migrate", "--verbosity=0"), ("log", "fsck")):  # the copy may be of an earlier version
        command = [sys.executable, "-m", "quanheng.cli", *words]
        if failed := subprocess.run(command, env=environment, check=False).returncode:
            return failed
    return 0
