"""The platform for scales over https: signed calls, bounded answers, no redirects.

A push is answered 2xx (taken), 409 (taken before, under this key), or 400, 413, 415, 422 (never: the content
is at fault). Anything else is tried again, not before `Retry-After`: a wrong secret is put right one day.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from typing import Any, Never
from urllib.parse import urlencode, urlsplit

from quanheng.apps.outbox.services import NotDelivered
from quanheng.kit.signed_calls import headers_of

PATIENCE = 10.0  # seconds without a byte
WHOLE_PATIENCE = 60.0  # seconds for a whole answer
MOST_BYTES = 8 * 1024 * 1024  # of an answer
CHUNK = 64 * 1024
TAKEN_BEFORE, NEVER = 409, {400, 413, 415, 422}
LONGEST_REST = timedelta(hours=6)  # whatever a platform asks for


class NotFetched(Exception):
    """The platform did not hand over what it has for us; the words are Chinese, for the page."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A signed call goes to the platform or to nobody."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_NoRedirects)


@dataclass(frozen=True, slots=True)
class HttpScalePlatform:
    """The platform at an address, with the secret that both sides know.

    Args:
        paths: ``push``, ``pull`` and ``cursor``, the parameter that says where to go on.
    """

    url: str
    secret: str
    paths: Mapping[str, Any]
    clock: Callable[[], float] = time.time
    patience: float = PATIENCE
    whole_patience: float = WHOLE_PATIENCE

    def push(self, *, key: str, told: Mapping[str, Any]) -> None:
        """Tell one event.

        Raises:
            NotDelivered: for good where the platform says that the content is at fault.
        """
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        headers |= headers_of(self.secret, body, self.clock())
        try:
            self._answer(self.url + self.paths["push"], body, headers)
        except urllib.error.HTTPError as answer:
            if answer.code != TAKEN_BEFORE:
                _refused(answer)
        except (OSError, HTTPException, NotFetched) as fault:
            raise NotDelivered(f"连不上国家计价秤平台（{type(fault).__name__}）") from None

    def fetch(self, *, after: str) -> bytes:
        """Return what the platform has for us after a place in its list.

        Raises:
            NotFetched: it did not answer with 200, in time, whole.
        """
        query = urlencode({self.paths["cursor"]: after}) if after else ""
        address = self.url + self.paths["pull"] + (f"?{query}" if query else "")
        parts = urlsplit(address)
        content = f"{parts.path}?{parts.query}".rstrip("?").encode()
        try:
            return self._answer(address, None, headers_of(self.secret, content, self.clock()))
        except urllib.error.HTTPError as answer:
            raise NotFetched(f"国家计价秤平台答复 {answer.code}") from None
        except (OSError, HTTPException) as fault:
            raise NotFetched(f"连不上国家计价秤平台（{type(fault).__name__}）") from None

    def _answer(self, address: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        """Return the body of an answer; one that never ends, or drips, is not waited for.

        Raises:
            HTTPError, OSError, HTTPException: as urllib does.
            NotFetched: it is too long, or took too long.
        """
        request = urllib.request.Request(address, body, dict(headers))  # noqa: S310 https is checked
        until = time.monotonic() + self.whole_patience
        read = bytearray()
        with OPENER.open(request, timeout=self.patience) as answer:
            while chunk := answer.read1(CHUNK):
                read += chunk
                if len(read) > MOST_BYTES:
                    raise NotFetched(f"国家计价秤平台的答复超过 {MOST_BYTES // 1024 // 1024} MB")
                if time.monotonic() > until:
                    raise NotFetched("国家计价秤平台答复太慢")
            if answer.length:
                raise NotFetched("国家计价秤平台的答复不完整")
        return bytes(read)


def _refused(answer: urllib.error.HTTPError) -> Never:
    answer.close()
    rest = answer.headers.get("Retry-After", "")
    seconds = min(int(rest), int(LONGEST_REST.total_seconds())) if rest.isdecimal() else 0
    words, for_good = f"国家计价秤平台答复 {answer.code}", answer.code in NEVER
    raise NotDelivered(words, for_good=for_good, not_before=timedelta(seconds=seconds)) from None
