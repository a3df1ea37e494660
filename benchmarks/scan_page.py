"""The scan page against the barest Django view that does one SELECT, under the same server, in turns.

    python -m benchmarks.scan_page --instruments 1000000

Both answer random codes of the whole ledger over keep-alive connections from loopback; each request comes
from another address (X-Forwarded-For from a trusted proxy), so that nobody is slowed. The peer gets the row
through the ORM without middleware and prints four fields; the scan page answers with the whole history,
rendered. `raw` is the peer with a plain cursor instead of the ORM. Reach: 0.7 of the peer's requests.
`n` is the scan page without its place in the public log; reach: 0.9 of that.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import common

MEASURES = (
    "src/quanheng/web/public",
    "src/quanheng/apps/instruments/queries/scan.py",
    "src/quanheng/apps/instruments/sql",
)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
PORT = 8479
CONNECTIONS = 16
ROUNDS, SECONDS = 15, 1.0  # short turns: what else the machine does weighs on all alike
SAMPLE = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instruments", type=int, default=int(1_000_000 * SCALE))
    parser.add_argument("--home", type=Path, help="keep the data in this directory and use it again")
    parser.add_argument("--database", help="measure a loaded database instead of making one")
    options = parser.parse_args()
    if options.database:
        os.environ["DATABASE_URL"] = options.database
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
        _run()
        return
    with common.platform(options.home):
        _load(options.instruments)
        _run()


def _load(instruments: int) -> None:
    from django.utils import timezone

    from quanheng.demo.province import is_loaded, load_province

    if not is_loaded():
        load_province(instruments, at=timezone.now())


def _run() -> None:
    import django

    django.setup(set_prefix=False)
    from django.db import connections

    codes, count = _codes()
    connections.close_all()
    with _server():
        found = {name: Figures() for name in ("s", "n", "bare", "raw")}
        for name in found:
            _measure(name, codes, seconds=2.0)  # warms caches, connections, compiled templates
        for _ in range(ROUNDS):
            for name, figures in found.items():
                figures.add(*_measure(name, codes, seconds=SECONDS))
    ratio = statistics.median(
        page / peer for page, peer in zip(found["s"].rates, found["bare"].rates, strict=True)
    )
    common.report(
        "scan_page",
        instruments=count,
        ratio=round(ratio, 2),
        reach=0.7,
        ratio_to_raw_cursor=round(
            statistics.median(a / b for a, b in zip(found["s"].rates, found["raw"].rates, strict=True)), 2
        ),
        ratio_to_page_without_proof=round(
            statistics.median(a / b for a, b in zip(found["s"].rates, found["n"].rates, strict=True)), 2
        ),
        scan=found["s"].said(),
        bare_view=found["bare"].said(),
        raw_cursor=found["raw"].said(),
        connections=CONNECTIONS,
        processors=len(os.sched_getaffinity(0)),
    )


class Figures:
    """Rates of the rounds, and every latency."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.latencies: list[float] = []

    def add(self, rate: float, latencies: list[float]) -> None:
        self.rates.append(rate)
        self.latencies += latencies

    def said(self) -> dict[str, Any]:
        cuts = statistics.quantiles(self.latencies, n=100)
        return {
            "requests_per_second": round(statistics.median(self.rates)),
            "p50_ms": round(cuts[49] * 1000, 2),
            "p99_ms": round(cuts[98] * 1000, 2),
        }


def _codes() -> tuple[list[str], int]:
    from quanheng.apps.instruments.models import Instrument
    from quanheng.kit.scope import EVERYTHING, acting_in

    with acting_in(EVERYTHING):
        rows = Instrument.objects.unscoped()
        highest = rows.order_by("-pk").values_list("pk", flat=True)[0]
        ids = random.Random(1).sample(range(1, highest + 1), min(SAMPLE, highest))
        codes = rows.filter(pk__in=ids, code__isnull=False).values_list("code", flat=True)
        return [str(code) for code in codes], rows.count()


@contextmanager
def _server() -> Iterator[None]:
    """Serve product and peer with the product's own settings of the server."""
    divider = "&" if "?" in os.environ["DATABASE_URL"] else "?"
    environment = os.environ | {
        "QUANHENG_TRUSTED_PROXIES": "127.0.0.1",
        # The peer reads the table itself: let row-level security through for it (scan_card does not need it).
        "DATABASE_URL": os.environ["DATABASE_URL"] + divider + "options=-c%20quanheng.everything%3D1",
    }
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT),
        "--workers", str(len(os.sched_getaffinity(0))), "--blocking-threads", "8", "--no-ws",
        "--log-level", "warning", "benchmarks.servers.bare_view:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment)
    try:
        _wait()
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait() -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def _measure(name: str, codes: list[str], *, seconds: float) -> tuple[float, list[float]]:
    """Ask from several connections at once until the time is over; return the rate and the latencies."""
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        asked = [pool.submit(_ask, name, codes, seed, until) for seed in range(CONNECTIONS)]
        latencies = [latency for each in asked for latency in each.result()]
    return len(latencies) / seconds, latencies


def _ask(name: str, codes: list[str], seed: int, until: float) -> list[float]:
    chance = random.Random(seed + time.perf_counter_ns())
    latencies = []
    with socket.create_connection(("127.0.0.1", PORT)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (started := time.perf_counter()) < until:
            number = chance.getrandbits(24)
            line.sendall(
                f"GET /{name}/{chance.choice(codes)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"X-Forwarded-For: 10.{number >> 16}.{number >> 8 & 255}.{number & 255}\r\n\r\n".encode()
            )
            _read(line)
            latencies.append(time.perf_counter() - started)
    return latencies


def _read(line: socket.socket) -> None:
    """Read one answer to its end; anything but 200 stops the benchmark."""
    data = line.recv(65536)
    while b"\r\n\r\n" not in data:
        data += line.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(head.decode())
    lower = head.lower()
    if b"content-length:" in lower:
        length = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += line.recv(65536)
        return
    while not body.endswith(b"0\r\n\r\n"):  # chunked
        body += line.recv(65536)


if __name__ == "__main__":
    main()
