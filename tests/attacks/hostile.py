"""Texts, numbers and shapes that break what is not prepared for them, and the doors that are fed them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.test import Client

from quanheng.apps.accounts.enums import Role
from tests.factories import make_api_key, sign_in
from tests.walls.routes import ROUTES, Open
from tests.walls.visiting import Door, addresses, all_doors
from tests.walls.world import World

FIELD = re.compile(r'name="([^"]+)"')
TEXTS = (
    "a\x00b", "9999-12-31", "0001-01-01", "9999-12-31T23:59", "99999999999999999999", "-1", "1e400", "NaN",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "x" * 100_000, "'=1+1",
    "\u202e\u0000", "[]", "{}", "%00", "\r\nX: y", "２０２６－０１－０１", "1" * 5_000,
)  # fmt: skip
SHAPES: tuple[Any, ...] = (
    None, True, -1, 10**30, 1e308, "", "a\x00b", "\ud800", "9999-12-31", "x" * 100_000, [], {}, [[]], {"a":
    {}}, [None], ["a\x00b"], "0001-01-01", "9999-12-31T23:59:59+08:00",
)  # fmt: skip
RAW = (
    b"", b"null", b"[]", b"1", b'"text"', b"{", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": ' + b"9" * 5_000 +
    b"}", b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"a": "\\ud800"}', b'{"a": "\\u0000"}',
    b"\xff\xfe{}", b"\x00", b'{"a": 1e99999}',
)  # fmt: skip
ROLES = (
    Role.COUNTY_OFFICER, Role.PROVINCE_OFFICER, Role.MARKET_OPERATOR, Role.INSTRUMENT_USER, Role.VERIFIER,
    Role.APPROVER, Role.INSTITUTE_CLERK, Role.INSTITUTE_MANAGER, Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR,
)  # fmt: skip


def openers(door: Door) -> list[Role | None]:
    """Return who of ROLES may open a door; nobody in particular where everybody may."""
    who = ROUTES[door.name].who
    if who is Open.PUBLIC:
        return [None]
    return [role for role in ROLES if not isinstance(who, frozenset) or role in who]


def web_doors() -> list[Door]:
    return [door for door in all_doors() if not door.pattern.startswith("api/") and door.name in ROUTES]


def api_doors() -> list[Door]:
    return [door for door in all_doors() if door.pattern.startswith("api/v1/")]


class Attacker:
    """Somebody signed in, or nobody, with the world that they attack."""

    def __init__(self, world: World, role: Role | None) -> None:
        self.world, self.role = world, role
        self.place = world.places[0]
        self.client = Client(raise_request_exception=False)
        if role is not None:
            sign_in(self.client, self.place.actors[role])
        self.cookies = SimpleCookie(self.client.cookies.output(header=""))
        self.token = make_api_key(self.place.actors[role]) if role is not None else ""

    def feed(self, door: Door, texts: tuple[str, ...]) -> Iterator[str]:
        """Send each text in every field of a form, and in the query; yield what fell down."""
        for address in addresses(door, ROUTES[door.name], self.place):
            names = sorted(set(FIELD.findall(self._page(address)))) or ["q"]
            for text in texts:
                yield from self._try(
                    "GET", address, text, data=dict.fromkeys([*names, "q", "page", "after"], text)
                )
                yield from self._try("POST", address, text, data=dict.fromkeys(names, text))

    def bend(self, door: Door, shapes: tuple[Any, ...], raw: tuple[bytes, ...]) -> Iterator[str]:
        """Send each shape as every field of an operation's body, and each raw body; yield what fell down."""
        for address in addresses(door, ROUTES.get(door.name) or _api_route(), self.place):
            for shape in shapes:
                body = json.dumps(dict.fromkeys(_fields_of(door), shape)).encode()
                for method in ("POST", "PATCH"):
                    yield from self._call(method, address, body, repr(shape))
                query = {name: str(shape).encode("utf-8", "replace").decode() for name in QUERY}
                yield from self._try("GET", address, repr(shape), data=query)
            for body in raw:
                yield from self._call("POST", address, body, repr(body))

    def _page(self, address: str) -> str:
        saved = transaction.savepoint()
        response = self._client().get(address)
        text = _read_whole(response).decode("utf-8", "replace")
        transaction.savepoint_rollback(saved)
        return text

    def _call(self, method: str, address: str, body: bytes, told: str) -> Iterator[str]:
        yield from self._try(method, address, told, raw=body)

    def _try(
        self, method: str, address: str, told: str, *, data: Any = None, raw: bytes | None = None
    ) -> Iterator[str]:
        headers = (
            {"Authorization": f"Bearer {self.token}"} if self.token and address.startswith("/api/") else {}
        )
        headers |= {"Idempotency-Key": "k" * 16} if raw is not None else {}
        saved = transaction.savepoint()
        if raw is not None:
            response: Any = self._client().generic(method, address, raw, "application/json", headers=headers)
        elif method == "GET":
            response = self._client().get(address, data, headers=headers)
        else:
            response = self._client().post(address, data, headers=headers)
        transaction.savepoint_rollback(saved)
        _read_whole(response)
        if response.status_code >= 500 and response.status_code != 503:
            yield f"{self.role or 'nobody'} {method} {address} {told[:40]!r} → {response.status_code}"

    def _client(self) -> Client:
        self.client.cookies = SimpleCookie(self.cookies.output(header=""))
        return self.client


QUERY = ("cursor", "limit", "area", "kind", "state", "code", "changed_since", "name_begins", "mark")


def _read_whole(response: Any) -> bytes:
    """Read an answer to its end: a file that is sent stays open until then."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def _api_route() -> Any:
    from tests.walls.routes import Route

    return Route(Open.API)


@cache
def _schema() -> Any:
    from quanheng.api.v1 import api

    return api.get_openapi_schema()


@cache
def _fields_of(door: Door) -> list[str]:
    """Return every field that any operation of the API takes: an unknown one is a fault of its own."""
    schema = _schema()
    for path, operations in schema["paths"].items():
        if path.removeprefix("/").replace("{", "<").partition("<")[0] == door.pattern.partition("<")[0]:
            for operation in operations.values():
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
                if name:
                    return list(schema["components"]["schemas"][name].get("properties", {}))
    return ["id", "on", "reason", "number"]
