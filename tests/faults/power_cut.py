"""The power goes: no acknowledged act is lost, no published entry is unsaid, log and tables agree.

    sudo make power-cut

Needs root, a loop device and xfsprogs, so that it is no part of `make test`. PostgreSQL, the log's folder and
its key lie on an XFS image; writers and the sealer tell this process what was acknowledged; then the file
system is shut down, so that nothing reaches the disk any more, and every process is killed. What is found
after mounting it again is compared with what was acknowledged.

The controls switch off what durability stands on. They have to lose acts: a test whose controls lose nothing
would not notice a loss.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psutil
import psycopg

from quanheng.runtime.account import NotPossible
from quanheng.runtime.postgres import Cluster

ROUNDS = 5
UNDER_LOAD = 4.0  # seconds
CONTROLS = {
    "commits that do not wait": {"synchronous_commit": "off"},
    "no fsync": {"fsync": "off", "full_page_writes": "off"},
}
SEAL = (
    "import django; django.setup(); from quanheng.runtime import sealer; assert sealer.run_once(refresh=True)"
)
PYTHON = sys.executable


@dataclass
class Acknowledged:
    """What was promised before the power went."""

    acts: set[int] = field(default_factory=set)
    entries: int = 0

    def listen(self, writer: subprocess.Popen[str]) -> None:
        for line in writer.stdout or ():
            kind, _, number = line.strip().partition(" ")
            if kind == "act":
                self.acts.add(int(number))
            elif kind == "entries":
                self.entries = max(self.entries, int(number))


class Disk:
    """An XFS image on a loop device."""

    def __init__(self, home: Path) -> None:
        self.mount, image = home / "mnt", home / "disk.img"
        self.mount.mkdir()
        run("truncate", "-s", "2G", str(image))
        run("mkfs.xfs", "-q", str(image))
        self.device = run("losetup", "-f", "--show", str(image)).strip()
        self.attach()

    def attach(self) -> None:
        run("mount", "-t", "xfs", self.device, str(self.mount))
        self.mount.chmod(0o755)

    def lose_power(self, cluster: Cluster) -> None:
        """Nothing reaches the disk from here on; then everything that lives on it is killed."""
        run("xfs_io", "-x", "-c", "shutdown", str(self.mount))
        for process in psutil.process_iter():
            if process.pid != os.getpid() and self._is_home_of(process):
                process.send_signal(signal.SIGKILL)
        if cluster._in_use is not None:
            cluster._in_use.close()  # the one file that this process holds there
        for _ in range(100):
            gone = subprocess.run(["umount", self.mount], stderr=subprocess.DEVNULL, check=False)
            if gone.returncode == 0:
                break
            time.sleep(0.1)
        self.attach()

    def _is_home_of(self, process: psutil.Process) -> bool:
        """PostgreSQL's processes work in their data directory; ours are told where it is."""
        try:
            words = [process.cwd(), *process.cmdline(), *process.environ().values()]
        except psutil.Error:
            return False
        return any(str(self.mount) in word for word in words)

    def detach(self) -> None:
        subprocess.run(["umount", "-l", self.mount], stderr=subprocess.DEVNULL, check=False)
        run("losetup", "-d", self.device)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def disk() -> Iterator[Disk]:
    with tempfile.TemporaryDirectory(prefix="power-cut-") as home:
        Path(home).chmod(0o755)
        made = Disk(Path(home))
        try:
            yield made
        finally:
            made.detach()


def environment(cluster: Cluster, mount: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": cluster.url(),
        "QUANHENG_DATA_DIR": str(mount / "data"),
        "DJANGO_SETTINGS_MODULE": "quanheng.config.settings",
    }


def cut(settings: dict[str, str]) -> tuple[int, int, list[str]]:
    """Lose power once; return acts acknowledged, acts lost, and what else is not as it was promised."""
    with disk() as made:
        cluster = Cluster(made.mount / "postgres", settings)
        cluster.start()
        around = environment(cluster, made.mount)
        subprocess.run(
            [PYTHON, "-m", "quanheng.runtime.migrate"], env=around, check=True, capture_output=True
        )
        promised = Acknowledged()
        writer = subprocess.Popen(
            [PYTHON, "-m", "tests.faults.power_cut_writer"], env=around, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        listening = Thread(target=promised.listen, args=[writer])
        listening.start()
        while len(promised.acts) < 200:
            time.sleep(0.1)
        time.sleep(UNDER_LOAD)
        made.lose_power(cluster)
        writer.wait()
        if cluster.process is not None:
            cluster.process.wait()
        listening.join()
        return len(promised.acts), *compare(Cluster(made.mount / "postgres", settings), made.mount, promised)


def compare(cluster: Cluster, mount: Path, promised: Acknowledged) -> tuple[int, list[str]]:
    """Start again, and hold what is there against what was promised."""
    try:
        cluster.start(patience=60)
    except NotPossible as fault:
        return len(promised.acts), [f"PostgreSQL does not start: {str(fault)[-200:]}"]
    try:
        try:
            with psycopg.connect(cluster.url("quanheng", "postgres")) as connection:
                found = {act for (act,) in connection.execute("SELECT id FROM audit_act")}
                (entries,) = connection.execute("SELECT count(*) FROM audit_leaf").fetchone() or (0,)
        except psycopg.Error as fault:
            return len(promised.acts), [f"the database cannot be read: {str(fault)[:200]}"]
        faults = []
        if entries < promised.entries:
            faults.append(f"{promised.entries} entries were published, the database has {entries}")
        around = environment(cluster, mount)
        for command in (["-c", SEAL], ["-m", "quanheng.cli", "log", "fsck"]):
            done = subprocess.run([PYTHON, *command], env=around, capture_output=True, text=True, check=False)
            if done.returncode:
                faults.append((done.stdout + done.stderr)[-400:])
        return len(promised.acts - found), faults
    finally:
        cluster.leave()


def tell(what: str, acknowledged: int, lost: int, faults: list[str]) -> None:
    print(f"{what}: {acknowledged} acts acknowledged, {lost} lost", *faults, sep="\n  ", flush=True)


def main() -> int:
    if os.geteuid() != 0 or not Path("/dev/loop0").exists():
        print("power-cut: run it as root on a machine with loop devices", file=sys.stderr)
        return 2
    failed = False
    for number in range(ROUNDS):
        acknowledged, lost, faults = cut({})
        failed |= bool(lost or faults)
        tell(f"round {number + 1}", acknowledged, lost, faults)
    for name, settings in CONTROLS.items():
        acknowledged, lost, faults = cut(settings)
        failed |= not lost
        tell(f"control {name}", acknowledged, lost, faults)
    print("the log kept its promises and the controls lost" if not failed else "FAILED")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
