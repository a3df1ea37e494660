"""A text-message gateway that speaks JSON over https.

    POST <url>
    X-Timestamp: 1795400000          seconds since 1970
    X-Signature: hex(HMAC-SHA-256(secret, timestamp + "." + body))
    Idempotency-Key: 41
    {"to": "13812345678", "text": "…"}

2xx: taken. 409: taken before, under this key. 429 and 5xx: later. Any other answer: never. There is no
standard for such gateways; a province whose provider speaks otherwise puts a small relay in front of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from quanheng.adapters.calls import NotReached, Patience, call
from quanheng.apps.outbox.services import NotDelivered
from quanheng.kit.signed_calls import headers_of

PATIENCE = 10.0  # seconds
TAKEN_BEFORE, TOO_FAST = 409, 429


@dataclass(frozen=True, slots=True)
class TextGateway:
    """A gateway at an address, with the secret that both sides know."""

    url: str
    secret: str
    clock: Callable[[], float] = time.time
    patience: float = PATIENCE

    def send(self, *, key: str, to: str, text: str, subject: str = "") -> None:  # noqa: ARG002 as every channel
        """Send one text message.

        Raises:
            NotDelivered: for good where the gateway says that it will never take it.
        """
        body = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        headers |= headers_of(self.secret, body, self.clock())
        try:
            answer = call("POST", self.url, body=body, headers=headers, patience=Patience(self.patience))
        except NotReached as fault:
            raise NotDelivered(f"连不上短信网关（{fault}）") from None
        if not answer.is_good and answer.status != TAKEN_BEFORE:
            for_good = answer.status < 500 and answer.status != TOO_FAST
            raise NotDelivered(f"短信网关答复 {answer.status}", for_good=for_good)
