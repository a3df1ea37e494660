"""A platform for scales of our own: its rules once, in memory and behind a socket.

`test_national_scales.py` holds both to one contract, so that a test may use the one in memory and mean both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from quanheng.adapters.national_scales import NotFetched
from quanheng.apps.outbox.services import NotDelivered
from quanheng.kit.signed_calls import SIGNATURE, STAMP, is_genuine

SECRET = "a secret of both sides"
EVENTS = {"BIND", "VERIFY", "SEAL", "UNSEAL", "LOCK", "UNLOCK", "STOP", "RESUME"}
PAGE = 3


@dataclass
class Rules:
    """What the platform has taken, by key, what it has for us, and how it answers next.

    Args:
        answers: statuses to answer with before it looks at anything; `rest` goes with each as Retry-After.
        cut: how many bytes of an answer are sent before the line breaks; None for all.
    """

    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    outgoing: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    rest: int | None = None
    cut: int | None = None
    before: Callable[[], None] = lambda: None

    def push(self, key: str, told: Mapping[str, Any]) -> int:
        """Take an event once for each key; refuse what names no event or no scale."""
        self.calls.append(key)
        self.before()
        if self.answers:
            return self.answers.pop(0)
        if key in self.taken:
            return 409
        if told.get("eventType") not in EVENTS or not (
            told.get("instrumentCode") or told.get("serialNumber")
        ):
            return 422
        self.taken[key] = dict(told)
        return 202

    def headers(self, status: int) -> dict[str, str]:
        """Return what goes with an answer: where a redirect leads, how long to wait."""
        rest = {} if self.rest is None else {"Retry-After": str(self.rest)}
        return rest | ({"Location": "/elsewhere"} if status in (302, 307) else {})

    def fetch(self, after: str) -> tuple[int, bytes]:
        """Hand out what comes after a place, a few at a time."""
        self.before()
        if self.answers:
            return self.answers.pop(0), b""
        start = int(after or 0)
        page = self.outgoing[start : start + PAGE]
        body = json.dumps({"events": page, "next": str(start + len(page))}, ensure_ascii=False).encode()
        return 200, body


@dataclass
class ScalePlatformInMemory:
    """The rules without a wire."""

    rules: Rules

    def push(self, *, key: str, told: Mapping[str, Any]) -> None:
        status = self.rules.push(key, json.loads(json.dumps(told)))
        if status not in (202, 409):
            rest = timedelta(seconds=self.rules.rest or 0)
            raise NotDelivered(
                f"国家计价秤平台答复 {status}", for_good=status in (400, 413, 415, 422), not_before=rest
            )

    def fetch(self, *, after: str) -> bytes:
        status, body = self.rules.fetch(after)
        if status != 200:
            raise NotFetched(f"国家计价秤平台答复 {status}")
        if self.rules.cut is not None:
            raise NotFetched("国家计价秤平台的答复不完整")
        return body


class Handler(BaseHTTPRequestHandler):
    """The rules behind a socket: here it is checked who calls."""

    rules: Rules

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/events":
            self.say(404)
        elif not self.is_ours(body):
            self.say(401)
        else:
            self.say(self.rules.push(self.headers["Idempotency-Key"], json.loads(body)))

    def do_GET(self) -> None:
        if not self.is_ours(self.path.encode()):
            return self.say(401)
        status, body = self.rules.fetch(parse_qs(urlsplit(self.path).query).get("after", [""])[0])
        return self.say(status, body)

    def is_ours(self, content: bytes) -> bool:
        stamp, signed = self.headers.get(STAMP, ""), self.headers.get(SIGNATURE, "")
        return is_genuine(SECRET, stamp, signed, content, datetime.now(UTC))

    def say(self, status: int, body: bytes = b"{}") -> None:
        self.send_response(status)
        for name, value in self.rules.headers(status).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.rules.cut])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def scale_platform_of(rules: Rules) -> type[BaseHTTPRequestHandler]:
    """Return the handler of a server that keeps to these rules."""
    return type("Platform", (Handler,), {"rules": rules})
