"""`quanheng up`: the whole platform as one foreground process tree.

    up ─┬─ postgres           when DATABASE_URL is not set
        ├─ web ── web workers one per core
        ├─ worker             background jobs
        └─ sealer             acts into the public log

A child that ends is started again, later each time. The order of the end is web, worker, sealer, postgres.
"""

from __future__ import annotations

import argparse
import fcntl
import http.client
import logging
import logging.config
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from quanheng.adapters.log_name import contradiction
from quanheng.adapters.signer.sm2 import LACKING, sm2
from quanheng.config.environment import ConfigurationMissing, Environment, read_environment
from quanheng.config.logging import LOGGING
from quanheng.runtime import sandbox
from quanheng.runtime.account import NotPossible
from quanheng.runtime.children import Backoff, Child, Register
from quanheng.runtime.contents import Kind, has_accounts, refuse_wrong_kind
from quanheng.runtime.database import check, embedded
from quanheng.runtime.postgres import Cluster
from quanheng.runtime.server_log import ServerLog
from quanheng.runtime.unfinished import refuse_unfinished

log = logging.getLogger("quanheng.up")

TICK = 0.25  # seconds
# Seconds; a little more than they give their own work.
WEB_PATIENCE, WORKER_PATIENCE, SEALER_PATIENCE = 25.0, 30.0, 10.0


class Platform:
    """What runs, and how it is kept running."""

    def __init__(self, environment: Environment, *, demo: bool, until: datetime | None = None) -> None:
        self.environment = environment
        self.demo = demo
        self.until = until  # of a sandbox: when it begins anew
        self.stopping = threading.Event()
        self.cluster: Cluster | None = None
        self.server_log: ServerLog | None = None
        self.database_backoff = Backoff()
        self.children = [
            Child("web", "quanheng.runtime.web"),
            Child("worker", "quanheng.runtime.worker"),
            Child("sealer", "quanheng.runtime.sealer"),
        ]
        self.register = Register(environment.data_dir / "processes.json")
        self.announced = False
        self.next_question = 0.0
        self.missing = ""

    def run(self) -> None:
        """Start everything, keep it running until a signal comes, stop everything."""
        warn_of_missing_proxies(self.environment)
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, lambda *_: self.stopping.set())
        self.register.clear_remains()
        check_port(self.environment)
        check_log_name(self.environment)
        say_what_lacks()
        try:
            self._start_database()
            refuse_wrong_kind(os.environ["DATABASE_URL"], self.environment)
            self._run_step("migrations", "quanheng.runtime.migrate")
            if not self.stopping.is_set():
                kind = refuse_wrong_kind(os.environ["DATABASE_URL"], self.environment)
                if self.demo and (kind is Kind.EMPTY or not has_accounts(os.environ["DATABASE_URL"])):
                    self._run_step("demonstration province", "quanheng.cli", "demo")
                if self.until is not None:
                    self._run_step("keys of the sandbox", "quanheng.cli", "sandbox-keys")
            self._watch()
        finally:
            self._stop()

    def _start_database(self) -> None:
        if self.environment.database_url:
            check(self.environment.database_url)
            return
        self.cluster = embedded(self.environment, dies_with_us=True)
        self.cluster.start()
        os.environ["DATABASE_URL"] = self.cluster.url()
        self.server_log = ServerLog(self.cluster.home / "server.log")
        log.info("PostgreSQL is ready")

    def _run_step(self, what: str, module: str, *arguments: str) -> None:
        """Run a command to its end; a signal to us ends it."""
        if self.stopping.is_set():
            return
        log.info("%s", what)
        command = [sys.executable, "-m", module, *arguments]
        step = subprocess.Popen(command, env=os.environ | {"QUANHENG_PROCESS": module.rpartition(".")[2]},
                                start_new_session=True, stdout=sys.stderr)  # fmt: skip
        while step.poll() is None:
            if self.stopping.wait(TICK):
                step.terminate()
                step.wait()
                return
        if step.returncode:
            raise NotPossible(
                f"{what.capitalize()}: failed with exit code {step.returncode}; the reason is above."
            )

    def _watch(self) -> None:
        while not self.stopping.is_set() and not self._is_over():
            now = time.monotonic()
            self._mend_database(now)
            started = [child for child in self.children if child.mend(now)]
            if started:
                self.register.write(self.children)
            if not self.announced and now >= self.next_question:
                self.next_question = now + 0.5
                self._ask_ready()
            self.stopping.wait(TICK)

    def _is_over(self) -> bool:
        return self.until is not None and datetime.now(UTC) >= self.until

    def _mend_database(self, now: float) -> None:
        if self.cluster is None or self.server_log is None:
            return
        for line in self.server_log.news():
            log.warning("postgres: %s", line)
        if now < self.database_backoff.due or self.cluster.postmaster() is not None:
            return
        wait = self.database_backoff.failed(now)
        log.warning("PostgreSQL is gone; it starts again")
        try:
            self.cluster.start()
        except NotPossible as error:
            log.error("%s", error)
            log.warning("the next attempt is in %.1f s", wait)
        else:
            self.database_backoff.started = time.monotonic()
            log.info("PostgreSQL is ready again")

    def _ask_ready(self) -> None:
        """Print the ready line when /readyz says so, and log what it waits for whenever that changes."""
        status, answer = ask_ready(self.environment)
        if status == 200:
            self._announce()
        elif status and answer != self.missing:
            self.missing = answer
            log.info("not ready yet: %s", answer)

    def _announce(self) -> None:
        self.announced = True
        lines = [f"ready: {address(self.environment)}"]
        accounts = self.environment.data_dir / "demo-accounts.txt"
        if self.demo and accounts.exists():
            lines.append(accounts.read_text().rstrip())
        print("\n".join(lines), flush=True)

    def _stop(self) -> None:
        web, worker, sealer = self.children
        web.stop(WEB_PATIENCE)
        worker.stop(WORKER_PATIENCE)
        sealer.stop(SEALER_PATIENCE)
        self.register.write(self.children)
        if self.cluster is not None:
            log.info("stopping PostgreSQL")
            self.cluster.leave()
        log.info("stopped")


def warn_of_missing_proxies(environment: Environment) -> None:
    """Say at the start what nobody would notice: behind a proxy everybody has the proxy's address."""
    if environment.production and not environment.trusted_proxies:
        log.warning(
            "no trusted proxy: QUANHENG_TRUSTED_PROXIES is not set. Behind a TLS proxy everybody has the "
            "proxy's address, in the log of sign-ins too, and all share one allowance. Set it to the "
            "addresses of your proxies, such as 127.0.0.1."
        )


def check_port(environment: Environment) -> None:
    """Bind the port for a moment: the web server shares ports and would not notice a stranger on it."""
    family = socket.AF_INET6 if ":" in environment.listen else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.listen, environment.port))
        except OSError as error:
            raise NotPossible(
                f"Cannot listen on {environment.listen}:{environment.port}: {os.strerror(error.errno or 0)}. "
                "Set PORT to a free port."
            ) from None


def check_log_name(environment: Environment) -> None:
    """Refuse to call a log otherwise that has its name; what the address suggests is for a new log only."""
    if wrong := contradiction(environment.data_dir, os.environ.get("QUANHENG_LOG_ORIGIN", "")):
        raise NotPossible(wrong)


def address(environment: Environment) -> str:
    """Return where a browser on this machine finds the platform."""
    host = "127.0.0.1" if environment.listen in {"0.0.0.0", "::"} else environment.listen  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{environment.port}"


def say_what_lacks() -> None:
    """Say what this machine cannot do, where an operator looks first."""
    if sm2() is None:
        log.warning(LACKING)


def ask_ready(environment: Environment) -> tuple[int, str]:
    """Ask /readyz, as a load balancer would; status 0 says that nobody answers yet."""
    host = address(environment).removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status, response.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data directory; the lock ends with the process, however it ends."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        holder = (data_dir / "up.lock").open("a+")
    except OSError as error:
        raise NotPossible(f"Cannot write to {data_dir}: {error.strerror}. Set QUANHENG_DATA_DIR.") from None
    with holder:
        try:
            fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder.seek(0)
            raise NotPossible(
                f"`quanheng up` runs already on {data_dir} (process {holder.read().strip() or 'unknown'}). "
                "Stop it, or set QUANHENG_DATA_DIR and PORT for a second installation."
            ) from None
        holder.truncate(0)
        holder.write(str(os.getpid()))
        holder.flush()
        yield


def run_sandbox(environment: Environment) -> None:
    """Run a demonstration until the night, delete it, and begin anew, until a signal comes."""
    sandbox.claim(environment.data_dir, environment.database_url)
    while True:
        platform = Platform(environment, demo=True, until=sandbox.next_night(datetime.now(UTC)))
        platform.run()
        if not platform.stopping.is_set():
            log.info("the sandbox begins anew")
            sandbox.empty(environment.data_dir)
        if platform.stopping.is_set():  # also while it was emptied
            return


def main(arguments: list[str]) -> int:
    """Run the platform in the foreground; return 0 after a clean stop and 2 when it cannot start."""
    parser = argparse.ArgumentParser(
        prog="quanheng up", description="Run the whole platform in the foreground."
    )
    parser.add_argument(
        "--demo", action="store_true", help="make a demonstration province when the ledger is empty"
    )
    parser.add_argument(
        "--sandbox", action="store_true",
        help="a demonstration for programs, with keys of its own, that begins anew every night",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    demo = options.demo or options.sandbox
    if demo:
        os.environ["QUANHENG_DEMO"] = "1"
    os.environ["QUANHENG_PROCESS"] = "up"
    logging.config.dictConfig(LOGGING)
    try:
        environment = read_environment()
        refuse_unfinished(environment.data_dir)
        with only_one(environment.data_dir):
            if options.sandbox:
                run_sandbox(environment)
            else:
                Platform(environment, demo=demo).run()
    except (ConfigurationMissing, NotPossible) as refusal:
        print(f"quanheng: {refusal}", file=sys.stderr)
        return 2
    return 0
