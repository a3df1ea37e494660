"""The scan page while strangers send what costs much: 32 send hostile photos, 16 ask for heavy calculations.

    python -m benchmarks.abuse

Idle and attacked turns of the same length follow each other under the product's own server settings. Eight
phones ask for random codes, five times a second each, every request from another address. A photo is 194 KB
and unfolds to fifty million pixels; a calculation is of the heaviest that pass. Every attacker has many
addresses too, and comes back a quarter of a second after a refusal. They take only processor
that nobody wants, as if on other machines: what is measured is what the platform pays. Reach: p99 under
attack at most twice that of the idle turn before it, in the middle turn.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks import common
from benchmarks.scan_page import _codes, _load, _read

MEASURES = ("src/quanheng/kit", "src/quanheng/web/public", "src/quanheng/web/lanes.py")
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
PORT = 8478
PHONES, EACH_SECONDS = 8, 0.2
UPLOADS, CALCULATIONS = 32, 16
TURNS, SECONDS = 8, 8.0
PAUSE = 0.25
SETTLED = 0.5  # seconds that the slowest scan takes once all workers have loaded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instruments", type=int, default=int(100_000 * SCALE))
    parser.add_argument("--home", type=Path, help="keep the data in this directory and use it again")
    parser.add_argument("--attack", metavar="CODE", help="be the attackers until the end of the input")
    options = parser.parse_args()
    if options.attack:
        _attack(options.attack)
        return
    with common.platform(options.home):
        _load(options.instruments)
        _run()


def _run() -> None:
    from django.db import connections

    codes, count = _codes()
    connections.close_all()
    idle: list[list[float]] = []
    attacked: list[list[float]] = []
    answers: Counter[str] = Counter()
    with _server():
        _warm(codes)
        for _ in range(TURNS):
            idle.append(_ask_for(codes, SECONDS))
            with _attackers(codes[0], answers):
                time.sleep(1.0)
                attacked.append(_ask_for(codes, SECONDS))
            time.sleep(2.0)
    ratios = [_p99(after) / _p99(before) for before, after in zip(idle, attacked, strict=True)]
    common.report(
        "abuse",
        instruments=count,
        ratio=round(statistics.median(ratios), 2),
        reach=2.0,
        ratios_of_turns=[round(ratio, 2) for ratio in sorted(ratios)],
        idle_p99_ms=_p99(_all(idle)),
        attacked_p99_ms=_p99(_all(attacked)),
        idle_p50_ms=round(statistics.median(_all(idle)) * 1000, 2),
        attacked_p50_ms=round(statistics.median(_all(attacked)) * 1000, 2),
        scans=sum(map(len, attacked)),
        uploads=UPLOADS,
        calculations=CALCULATIONS,
        answers=dict(sorted(answers.items())),
        processors=len(os.sched_getaffinity(0)),
    )


def _all(turns: list[list[float]]) -> list[float]:
    return [latency for turn in turns for latency in turn]


def _p99(latencies: list[float]) -> float:
    return round(statistics.quantiles(latencies, n=100)[98] * 1000, 2)


@contextmanager
def _server() -> Iterator[None]:
    """Serve with the settings of `runtime.web`."""
    environment = os.environ | {"QUANHENG_TRUSTED_PROXIES": "127.0.0.1", "PORT": str(PORT)}
    server = subprocess.Popen([sys.executable, "-m", "quanheng.runtime.web"], env=environment)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", PORT)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _warm(codes: list[str]) -> None:
    """Ask until nobody waits: a worker holds connections before it has loaded the application."""
    for _ in range(20):
        if max(_ask_for(codes, 2.0)) < SETTLED:
            return


def _ask_for(codes: list[str], seconds: float) -> list[float]:
    """Ask at a steady pace, whatever the answers take; return their latencies."""
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(PHONES) as pool:
        asked = [pool.submit(_phone, codes, until) for _ in range(PHONES)]
        return [latency for each in asked for latency in each.result()]


def _phone(codes: list[str], until: float) -> list[float]:
    chance, latencies = random.Random(), []
    with socket.create_connection(("127.0.0.1", PORT)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        due = time.perf_counter() + chance.random() * EACH_SECONDS
        while due < until:
            time.sleep(max(0.0, due - time.perf_counter()))
            line.sendall(
                f"GET /s/{chance.choice(codes)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"X-Forwarded-For: {_address(chance)}\r\n\r\n".encode()
            )
            _read(line)
            latencies.append(time.perf_counter() - due)  # from when it was due: waiting counts
            due += EACH_SECONDS
    return latencies


def _address(chance: random.Random) -> str:
    number = chance.getrandbits(24)
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


@contextmanager
def _attackers(code: str, answers: Counter[str]) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.abuse", "--attack", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as attackers:
        try:
            yield
        finally:
            told, _ = attackers.communicate()  # closes their input: they stop and tell
            answers.update(json.loads(told or "{}"))


def _attack(code: str) -> None:
    from PIL import Image

    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    out = io.BytesIO()
    Image.new("L", (7071, 7071)).save(out, "JPEG", quality=20)
    photo, over, told = out.getvalue(), threading.Event(), Counter[str]()
    equation = "+".join(f"sin(x{number})" for number in range(20))
    inputs = [{"name": f"x{number}", "estimate": 1, "scale": 0.1} for number in range(20)]
    case = json.dumps({"equation": equation, "inputs": inputs, "trials": 2_000_000})
    threads = [threading.Thread(target=_upload, args=[code, photo, over, told]) for _ in range(UPLOADS)]
    threads += [threading.Thread(target=_calculate, args=[case, over, told]) for _ in range(CALCULATIONS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    print(json.dumps(told))


def _upload(code: str, photo: bytes, over: threading.Event, told: Counter[str]) -> None:
    chance = random.Random()
    while not over.is_set():
        with _line() as line:
            address = _address(chance)
            line.request("GET", f"/s/{code}/report", headers={"X-Forwarded-For": address})
            page = line.getresponse().read().decode()
            token = re.search(r'name="token" value="([^"]+)"', page)
            fields = {"token": token[1] if token else "", "problem": "short_weight"}
            parts = [
                f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
            ]
            head = '--x\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n\r\n'
            body = "".join(parts).encode() + head.encode() + photo + b"\r\n--x--\r\n"
            kind = {"Content-Type": "multipart/form-data; boundary=x", "X-Forwarded-For": address}
            line.request("POST", f"/s/{code}/report", body, kind)
            _tell(line.getresponse(), "photo", told)


def _calculate(case: str, over: threading.Event, told: Counter[str]) -> None:
    chance = random.Random()
    while not over.is_set():
        with _line() as line:
            kind = {"Content-Type": "application/json", "X-Forwarded-For": _address(chance)}
            line.request("POST", "/api/v1/calculations/uncertainty", case.encode(), kind)
            _tell(line.getresponse(), "calculation", told)


@contextmanager
def _line() -> Iterator[http.client.HTTPConnection]:
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    try:
        yield line
    except OSError:
        time.sleep(PAUSE)
    finally:
        line.close()


def _tell(answer: http.client.HTTPResponse, what: str, told: Counter[str]) -> None:
    answer.read()
    told[f"{what} {answer.status}"] += 1
    if answer.status not in {200, 303}:
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
