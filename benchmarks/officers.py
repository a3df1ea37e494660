"""Officers at work over HTTP: what one asks for, and how long the answer takes."""

from __future__ import annotations

import http.client
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

LISTS = ("", "state=in_use", "due=30", "sort=-valid_until", "grade=red", "page=last")
CSRF = "benchmark" + "0" * 23


@dataclass
class Officer:
    """One person with a session: what they look at, find and save.

    Args:
        instruments: id, entity and serial number of instruments of theirs.
        words: what they type into the search of the header, by kind.
    """

    role: str
    session: str
    address: str
    instruments: list[tuple[int, int, str]]
    words: dict[str, list[str]] = field(default_factory=dict)

    def request(self, kind: str, chance: random.Random, which: int | None = None) -> tuple[str, str, str]:
        """Return method, address and body of one request of a kind."""
        number, entity, serial = self.instruments[
            chance.randrange(len(self.instruments)) if which is None else which % len(self.instruments)
        ]
        if kind == "save":
            fields = {
                "entity": entity, "entity_text": "", "place": f"{time.time_ns() // 1000 % 10**9} 号位",
                "on": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600)),
                "csrfmiddlewaretoken": CSRF,
            }  # fmt: skip
            return "POST", f"/instruments/{number}/move/", urlencode(fields)
        if kind.startswith("search "):
            typed = self.words[kind.removeprefix("search ")]
            number = chance.randrange(len(typed)) if which is None else which % len(typed)
            return "GET", f"/search/?{urlencode({'q': typed[number], 'all': '1'})}", ""
        question = LISTS[chance.randrange(len(LISTS)) if which is None else which % len(LISTS)]
        address = {
            "list": f"/instruments/?{question}",
            "detail": f"/instruments/{number}/",
            "search": f"/instruments/?{urlencode({'q': serial[:6]})}",
            "desk": "/desk/",
        }[kind]
        return "GET", address, ""


@dataclass
class Visit:
    """A connection of one officer."""

    port: int
    officer: Officer
    errors: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, kind: str, chance: random.Random, which: int | None = None) -> float:
        """Ask once and return the milliseconds until the last byte; what is no answer is noted."""
        method, address, body = self.officer.request(kind, chance, which)
        headers = {
            "Cookie": f"sessionid={self.officer.session}; csrftoken={CSRF}",
            "X-Forwarded-For": self.officer.address,  # each at a desk of their own
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        try:
            answer = self._answer(method, address, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.line.close()
            self.errors[f"{kind}: {type(error).__name__}"] += 1
        else:
            expected = 302 if kind == "save" else 200
            if answer.status != expected:
                self.errors[f"{kind}: {answer.status} instead of {expected}"] += 1
        return (time.perf_counter() - started) * 1000

    def _answer(
        self, method: str, address: str, body: str, headers: dict[str, str], *, again: bool = True
    ) -> http.client.HTTPResponse:
        """Return an answer, read to its end; as browsers do, over a new connection where the server left."""
        try:
            self.line.request(method, address, body or None, headers)
            answer = self.line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.line.close()
            if not again:
                raise
            return self._answer(method, address, body, headers, again=False)
        answer.read()
        return answer
