"""What a new cluster gets: files, an owner, a database; and what every cluster is asked at its start."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from quanheng.kit.durable_files import sync_folder, write_secret
from quanheng.runtime import engine
from quanheng.runtime.account import Account, NotPossible

SUPERUSER = "postgres"  # provisions; nothing else ever connects as it
OWNER = "quanheng"  # owns the database and runs the migrations; not a superuser
DATABASE = "quanheng"
DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")


def create_files(data: Path, password: Path, handed_in: Path, account: Account) -> None:
    """Create the data directory: UTF-8, C locale, checksums, a password for everybody.

    Args:
        data: gets its name when it is complete, because a first start may be cut off.
        password: written here, readable by us alone.
        handed_in: a private directory of the account, through which initdb gets the password.
    """
    new = data.with_name("new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    account.own(new)
    write_secret(password, secrets.token_urlsafe(32))
    copy = handed_in / "password"
    copy.touch(mode=0o600)
    copy.write_bytes(password.read_bytes())
    account.own(copy)
    try:
        with engine.opened(new, account) as (place, descriptors):
            made = subprocess.run(
                [engine.binary("initdb", account), "-D", place, f"--username={SUPERUSER}", f"--pwfile={copy}",
                 "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C",
                 "--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions"],
                capture_output=True, text=True, check=False, cwd="/", env=engine.ENVIRONMENT,
                pass_fds=descriptors, **account.popen_options(),
            )  # fmt: skip
    finally:
        copy.unlink()
    if made.returncode:
        raise NotPossible(f"PostgreSQL cannot create its data directory: {made.stderr.strip()}")
    new.rename(data)
    sync_folder(data.parent)


def ensure_owner_and_database(connection: psycopg.Connection, password: str) -> None:
    """Make the owner and its database when they are missing."""
    owner = sql.Identifier(OWNER)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                owner, sql.Literal(password)
            )
        )
    # Functions of the migrations carry it in their SET clause (kit.database.how_to_grant).
    connection.execute(sql.SQL("GRANT SET ON PARAMETER quanheng.everything TO {}").format(owner))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner))


def check_durable(connection: psycopg.Connection, chosen: Mapping[str, str]) -> None:
    """Make sure that a commit survives a power cut, unless a setting was switched off on purpose (tests).

    Raises:
        NotPossible: names the setting.
    """
    for name in DURABLE:
        row = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone()
        if row != ("on",) and chosen.get(name) != "off":
            raise NotPossible(f"PostgreSQL runs with {name} off: acknowledged acts could be lost.")
