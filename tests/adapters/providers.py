"""A gateway of text messages and a mail server of our own, as small as their protocols allow.

They keep to the rules of the real ones and are talked to over a socket; `test_messages.py` holds them, and
the folder that stands in for both, to one contract.
"""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler
from typing import Any

from quanheng.kit.signed_calls import signature

SECRET = "a secret of both sides"


class Fake:
    """What a provider has taken, by key, and how it answers next; `keys` are those of all calls.

    `after_taking` happens between the provider's note and its yes.
    """

    def __init__(self) -> None:
        self.taken: dict[str, tuple[str, str]] = {}
        self.calls = 0
        self.answers: list[int] = []
        self.keys: list[str] = []
        self.after_taking: Callable[[], None] = lambda: None


@contextmanager
def serving(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def gateway_of(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.calls += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            key, stamp = self.headers["Idempotency-Key"], self.headers["X-Timestamp"]
            if signature(SECRET, stamp, body) != self.headers["X-Signature"]:
                return self.say(401)
            fake.keys.append(key)
            if fake.answers:
                return self.say(fake.answers.pop(0))
            if key in fake.taken:
                return self.say(409)
            told = json.loads(body)
            fake.taken[key] = (told["to"], told["text"])
            fake.after_taking()
            return self.say(202)

        def say(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Gateway


def mail_server_of(fake: Fake) -> type[socketserver.StreamRequestHandler]:
    class Server(socketserver.StreamRequestHandler):
        """As much of RFC 5321 as a client needs to hand one mail over."""

        def handle(self) -> None:
            self.say("220 fake")
            to = ""
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                    self.say(f"{fake.answers.pop(0)} no" if fake.answers else "250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    self.take(to)
                    self.say("250 taken")
                elif verb == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("250 fake")
            return None

        def take(self, to: str) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            mail = message_from_bytes(b"".join(lines), policy=default)
            body = mail.get_body()
            assert body is not None
            fake.calls += 1
            fake.taken[str(mail["Message-ID"])] = (to, body.get_content().strip())

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    return Server
