"""A receiver of webhooks on a port of this machine, as patient and as reliable as a test wants it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.changes.enums import DeliveryType
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.kit.standard_webhooks import new_secret, signature


class Receiver:
    """Keeps what arrived, and answers as it was told to: the next answers, then 204.

    Args:
        plan: statuses, each with seconds of sleep and headers.
    """

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.taken: list[dict[str, Any]] = []
        self.plan: list[tuple[int, float, dict[str, str]]] = []
        self.url = ""

    def then(self, status: int, *, sleep: float = 0, **headers: str) -> None:
        """Answer one more call so."""
        self.plan.append((status, sleep, headers))

    @property
    def changes(self) -> list[tuple[str, int, str]]:
        """What it was told, each message once, by its id."""
        once = {message["id"]: message for message in self.taken}
        return [
            (told["kind"], told["id"], told["what"])
            for message in once.values()
            for told in message["data"].get("changes", [])
        ]

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        self.got.append((headers, body))
        status, sleep, more = self.plan.pop(0) if self.plan else (204, 0, {})
        if 200 <= status < 300:
            self.taken.append(json.loads(body) | {"id": headers["webhook-id"]})
        time.sleep(sleep)
        return status, more

    def is_signed(self, secret: str, number: int = -1) -> bool:
        """Say whether a call carries a signature by a secret."""
        headers, body = self.got[number]
        ours = signature(secret, headers["webhook-id"], headers["webhook-timestamp"], body)
        return ours in headers["webhook-signature"].split(" ")


def make_webhook(key: ApiKey, host: str) -> Subscription:
    """Make a subscription of a key that reads nowhere."""
    return Subscription.objects.create(
        key=key, url=f"https://{host}.cn/", secret=new_secret(), epoch="", reach="", xid=0,
        made_at=timezone.now(),
    )  # fmt: skip


def make_delivery(subscription: Subscription) -> Delivery:
    """Make a message that its receiver has taken."""
    now = timezone.now()
    return Delivery.objects.create(
        subscription=subscription, key=f"msg_{subscription.pk:024x}", type=DeliveryType.TEST, at=now,
        due_at=now, delivered_at=now, tried_at=now, attempts=1, status=200,
    )  # fmt: skip


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers = receiver.take({k.lower(): v for k, v in self.headers.items()}, body)
            try:
                self.send_response(status)
                for name, value in ({"Content-Length": "0"} | headers).items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
            except OSError:
                pass  # whoever called has gone

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
