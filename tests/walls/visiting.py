"""Knocking at every door: all routes of the URLconf, their addresses, and everything that an answer says."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from quanheng.kit.lists import List
from quanheng.kit.lists.pickers import PickerSource
from tests.walls.routes import Route
from tests.walls.world import Place

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Door:
    """A route of the URLconf."""

    name: str
    pattern: str
    view: Callable[..., HttpResponseBase]

    @property
    def arguments(self) -> list[str]:
        return ARGUMENT.findall(self.pattern)


def all_doors() -> list[Door]:
    """Return every route, the API's included."""
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, spaces: tuple[str, ...]) -> Iterator[Door]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield Door(":".join((*spaces, pattern.name or route)), route, pattern.callback)


def addresses(door: Door, route: Route, place: Place) -> list[str]:
    """Return the addresses of a route with a place's own things in it; a list's route once for every list."""
    fillings = product(*(_values(door, route, place, name) for name in door.arguments))
    found = [dict(zip(door.arguments, values, strict=True)) for values in fillings]
    if "act_key" in door.arguments:
        acts = {(key, act.key) for key, listing in List.known.items() for act in listing.bulk_acts}
        found = [filling for filling in found if (filling["key"], filling["act_key"]) in acts]
    return [reverse(door.name, kwargs=filling) for filling in found]


def _values(door: Door, route: Route, place: Place, name: str) -> Sequence[object]:
    """Return what to fill an argument of an address with.

    Raises:
        LookupError: nobody has said.
    """
    source = route.ids.get(name, name)
    if isinstance(source, tuple):
        return source
    if source in place.ids:
        found = place.ids[source]
        return found if isinstance(found, list) else [found]
    if name in route.ids:
        return [source]
    if name == "key":
        return list(PickerSource.known if door.name.startswith("pick") else List.known)
    if name == "act_key":
        return sorted({act.key for listing in List.known.values() for act in listing.bulk_acts})
    raise LookupError(
        f"{door.name}: nothing is known to fill <{name}> with. Name it in the route's `ids` in "
        "tests/walls/routes.py, or add it to Place.ids in tests/walls/world.py."
    )


def knock(client: Client, method: str, address: str, place: Place, token: str = "") -> HttpResponseBase:
    """Ask with everything that a form or a filter could carry: the ids of the place under every name."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    things = {key: value for key, value in place.ids.items() if isinstance(value, str | int)}
    things |= {name.removesuffix("_id"): value for name, value in things.items() if name.endswith("_id")}
    if method == "GET":
        return client.get(address, {"q": "Q0"}, headers=headers)
    things |= {
        "ids": place.ids["instrument_id"],
        "selected": place.ids["instrument_id"],
        "confirm": "1",
        "sure": "on",
        "version": 1,
    }
    if token:
        return client.generic(method, address, _json(things), "application/json", headers=headers)
    # Without a file, as forms do: a multipart body of sixty fields takes longer to read than a page.
    return client.post(address, urlencode(things, doseq=True), "application/x-www-form-urlencoded")


def _json(things: dict[str, Any]) -> bytes:
    return json.dumps(things).encode()


def everything_said(response: HttpResponseBase) -> str:
    """Return all text of an answer: headers, body; cells of a sheet, text of a PDF, members of a ZIP."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return headers + "\n" + _text(body)


def _text(body: bytes) -> str:
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(_text(archive.read(name)) for name in archive.namelist())
    return body.decode("utf-8", errors="replace")
