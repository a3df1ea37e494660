"""The platform for scales over https: signed calls, bounded answers, no redirects.

A push is answered 2xx (taken), 409 (taken before, under this key), or 400, 413, 415, 422 (never: the content
is at fault). Anything else is tried again, not before `Retry-After`: a wrong secret is put right one day.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Never
from urllib.parse import urlencode, urlsplit

from quanheng.adapters.calls import Answer, NotReached, Patience, call
from quanheng.apps.outbox.services import NotDelivered
from quanheng.kit.signed_calls import headers_of

PATIENCE = 10.0  # seconds without a byte
WHOLE_PATIENCE = 60.0  # seconds for a whole answer
MOST_BYTES = 8 * 1024 * 1024  # of an answer
TAKEN_BEFORE, NEVER = 409, {400, 413, 415, 422}
LONGEST_REST = timedelta(hours=6)  # whatever a platform asks for


class NotFetched(Exception):
    """The platform did not hand over what it has for us; the words are Chinese, for the page."""


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
            answer = call(
                "POST", self.url + self.paths["push"], body=body, headers=headers, patience=self._all
            )
        except NotReached as fault:
            raise NotDelivered(f"连不上国家计价秤平台（{fault}）") from None
        if not answer.is_good and answer.status != TAKEN_BEFORE:
            _refused(answer)

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
            signed = headers_of(self.secret, content, self.clock())
            answer = call("GET", address, headers=signed, patience=self._all)
        except NotReached as fault:
            raise NotFetched(f"连不上国家计价秤平台（{fault}）") from None
        if not answer.is_good:
            raise NotFetched(f"国家计价秤平台答复 {answer.status}")
        if not answer.is_whole:
            raise NotFetched(f"国家计价秤平台的答复超过 {MOST_BYTES // 1024 // 1024} MB")
        return answer.body

    @property
    def _all(self) -> Patience:
        return Patience(self.patience, self.whole_patience, MOST_BYTES)


def _refused(answer: Answer) -> Never:
    rest = answer.headers.get("Retry-After", "")
    seconds = min(int(rest), int(LONGEST_REST.total_seconds())) if rest.isdecimal() else 0
    words, for_good = f"国家计价秤平台答复 {answer.status}", answer.status in NEVER
    raise NotDelivered(words, for_good=for_good, not_before=timedelta(seconds=seconds))
