"""PostgreSQL's own tools, run so that they write every row or fail.

The tables are under row-level security, and FORCE puts their owner under it too. `pg_dump` as the owner
stops; with `--enable-row-security` alone it writes empty tables and says that all is well. It has to say
`quanheng.everything` as well, and what it wrote has to be counted.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from quanheng.runtime import engine
from quanheng.runtime.account import NotPossible

EVERYTHING = "-c quanheng.everything=1"
ROLE = "quanheng_app"
COPIED = re.compile(rb'^COPY public\.("?)(.+?)\1 \(')
DEFAULTS = (
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
)
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of the database that stays while it is looked at.

    Args:
        name: by which other sessions see the same; rows: table → rows; server: major version.
    """

    name: str
    rows: dict[str, int]
    server: int


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Hold the database still for reading, every row in sight, and count them.

    Raises:
        NotPossible: the user of the database does not see every row.
    """
    with psycopg.connect(url, options=EVERYTHING) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        name = str(_one(connection, "SELECT pg_export_snapshot()"))
        yield Snapshot(name, count_rows(connection), connection.info.server_version // 10_000)


@contextmanager
def sealing_paused(url: str) -> Iterator[None]:
    """Keep the sealer from adding to the public log: its files and the database agree meanwhile.

    Acts go on; they wait for the log as they do between two rounds of the sealer.
    """
    with psycopg.connect(url, options=EVERYTHING) as connection:
        connection.execute("SELECT FROM audit_loghead WHERE id = 1 FOR UPDATE")
        yield


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Return the rows of every table."""
    tables = [row[0] for row in connection.execute(TABLES)]
    return {
        table: int(str(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))))
        for table in tables
    }


def dump(url: str, snapshot_name: str, target: Path) -> None:
    """Write the dump of a snapshot, in pg_dump's custom format."""
    _run(
        "pg_dump", url, "--format=custom", "--compress=gzip:3", "--no-owner", "--enable-row-security",
        f"--snapshot={snapshot_name}", f"--file={target}",
    )  # fmt: skip
    with target.open("rb") as file:
        os.fsync(file.fileno())


def rows_in_dump(target: Path) -> dict[str, int]:
    """Read a dump from its first byte to its last and count the rows of every table in it."""
    command = [_tool("pg_restore"), "--data-only", "--file=-", str(target)]
    found: dict[str, int] = {}
    table = ""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
    ) as reading:
        for line in reading.stdout or ():
            if table:
                if line == b"\\.\n":
                    table = ""
                else:
                    found[table] += 1
            elif begins := COPIED.match(line):
                table = begins[2].decode()
                found[table] = 0
        said = reading.stderr.read().decode(errors="replace") if reading.stderr else ""
    if reading.returncode:
        raise NotPossible(f"The dump {target} cannot be read: {said.strip()[:500]}")
    return found


def load(url: str, source: Path) -> None:
    """Bring a dump into an empty database, in one transaction; the role of the pages is made when missing."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).fetchall():
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(ROLE)))
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(ROLE)))
    with tempfile.NamedTemporaryFile("w", suffix=".list") as contents:
        contents.write(_contents(source))
        contents.flush()
        _run(
            "pg_restore", url, "--no-owner", "--no-comments", "--single-transaction", "--exit-on-error",
            "--enable-row-security", f"--use-list={contents.name}", str(source),
        )  # fmt: skip
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in DEFAULTS:
            connection.execute(sql.SQL(statement).format(sql.Identifier(ROLE)))
        connection.execute("ANALYZE")


def _contents(source: Path) -> str:
    """What is restored of a dump: all but rights on what will be made later, which name the owner of then."""
    command = [_tool("pg_restore"), "--list", str(source)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, env=_environment()).stdout
    return "".join(line for line in listed.splitlines(keepends=True) if " DEFAULT ACL " not in line)


def is_empty(url: str) -> bool:
    """Say whether a database has no table yet."""
    with psycopg.connect(url) as connection:
        return not connection.execute(TABLES).fetchall()


def _one(connection: psycopg.Connection, query: str | sql.Composed) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _run(tool: str, url: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL on a database; the password goes by the environment: others see arguments."""
    said = conninfo_to_dict(url)
    password = str(said.pop("password", "") or "")
    command: Sequence[str] = [_tool(tool), f"--dbname={make_conninfo(**said)}", *arguments]  # type: ignore[arg-type]
    environment = _environment() | {"PGOPTIONS": EVERYTHING} | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise NotPossible(f"{tool} failed: {done.stderr.strip()[:1_000]}")


def _tool(name: str) -> str:
    """The wheel's tools serve every server up to their own version; QUANHENG_PG_BIN names newer ones."""
    place = os.environ.get("QUANHENG_PG_BIN", "")
    return str((Path(place) if place else engine.installed() / "bin") / name)


def _environment() -> dict[str, str]:
    own = {name: os.environ[name] for name in ("HOME", "PGPASSFILE", "PGSSLROOTCERT") if name in os.environ}
    return {**engine.ENVIRONMENT, **own}
