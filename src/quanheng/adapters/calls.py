"""A call to somebody else's server: no redirects, one clock, a bounded answer.

A signed call goes to whom it was signed for or to nobody: a redirect is an answer like any other, and no
gateway has taken what it answers with one. The certificates that are believed are the machine's own, where an
office installs its authority. Nothing is asked to be compressed: what arrives is what is counted.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

CHUNK = 64 * 1024
OF_A_NO = 1_000  # bytes that are read of an answer that is none of 2xx


class NotReached(Exception):
    """There is no answer: nobody listens, it does not end, or it is no HTTP. The text names the fault."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Args:
        is_whole: False where the body was longer than was asked for, and is cut.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True

    @property
    def is_good(self) -> bool:
        """Whether it is a yes: 2xx, and no redirect."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer is waited for.

    Args:
        silent: seconds without a byte; whole: seconds for all of it; most: bytes of its body.
    """

    silent: float = 10.0
    whole: float = 60.0
    most: int = 10_000


def call(
    method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None,
    patience: Patience, at: str = "",
) -> Answer:  # fmt: skip
    """Ask once.

    Args:
        at: the IP address to go to, where the name was looked up before; certificate and Host stay its own.

    Raises:
        NotReached: also for a 2xx answer that drips, or that ends before its announced end.
    """
    sent = {"Accept-Encoding": "identity", **(headers or {})}
    until = time.monotonic() + patience.whole
    try:
        place, named = _pinned(httpx.URL(url), at)
        with (
            httpx.Client(
                verify=ssl.create_default_context(), timeout=patience.silent, trust_env=not at
            ) as client,
            client.stream(
                method, place, content=body, headers=sent | named, follow_redirects=False,
                extensions={"sni_hostname": httpx.URL(url).host} if at else {},
            ) as answer,
        ):  # fmt: skip
            if not answer.is_success:
                return Answer(answer.status_code, answer.headers, _beginning(answer))
            read = _read(answer, until, patience.most)
            return Answer(
                answer.status_code, answer.headers, read[: patience.most], len(read) <= patience.most
            )
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
        raise NotReached(type(fault).__name__) from None


def _pinned(url: httpx.URL, at: str) -> tuple[httpx.URL, dict[str, str]]:
    """Return the address with its host's IP address in place of the name, and the name as a header."""
    return (url.copy_with(host=at), {"Host": url.netloc.decode()}) if at else (url, {})


def _read(answer: httpx.Response, until: float, most: int) -> bytes:
    read = bytearray()
    for chunk in answer.iter_raw(CHUNK):
        read += chunk
        if len(read) > most:
            break
        if time.monotonic() > until:
            raise NotReached("AnswerTooSlow")
    return bytes(read)


def _beginning(answer: httpx.Response) -> bytes:
    """Return how a no begins; its status has said everything, whatever becomes of its words."""
    try:
        return next(answer.iter_raw(OF_A_NO), b"")
    except httpx.HTTPError:
        return b""
