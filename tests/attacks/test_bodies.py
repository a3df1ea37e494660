"""Bodies that are too large, that never end, and that come all at once."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from quanheng.apps.accounts.enums import Role
from quanheng.config.wsgi import application
from quanheng.kit.intake import LARGER, ORDINARY
from quanheng.kit.threads import BODIES, BODIES_OF_ONE_ADDRESS, THREADS
from quanheng.web.lanes import BodyLane, PageLane
from tests.factories import make_actor, sign_in
from tests.walls.visiting import all_doors

GIGABYTE = 900 * 2**20


class Unread(io.RawIOBase):
    """A body that must not be read."""

    def readinto(self, _: Any) -> int:
        raise AssertionError("the body was read")


def send(path: str, **environ: Any) -> tuple[int, dict[str, str]]:
    """Send a request to the server's application; return the status and the headers."""
    status, headers, _body = answer_of(path, **environ)
    return status, headers


def answer_of(path: str, **environ: Any) -> tuple[int, dict[str, str], bytes]:
    """Send a request to the server's application; return the status, the headers and the body."""
    told: list[Any] = []
    base = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "10.0.0.1", "HTTP_HOST":
        "testserver", "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread(),
        "wsgi.url_scheme": "http",
    }  # fmt: skip
    answer = application(base | environ, lambda status, headers: told.extend([status, headers]))
    body = b"".join(answer)
    return int(told[0].split()[0]), dict(told[1]), body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/imports/new/", "/api/v1/calculations/uncertainty", f"/s/{'0' * 27}/report", "/"],
)
def test_a_stranger_with_nine_hundred_megabytes_is_refused_by_the_announced_size(path: str) -> None:
    status, _ = send(path, CONTENT_LENGTH=str(GIGABYTE))
    assert status in {302, 413}, "413, or sent to the sign-in: in both cases nothing was read"


@pytest.mark.django_db
def test_a_body_of_unknown_size_is_not_read() -> None:
    status, _ = send("/accounts/login/", HTTP_TRANSFER_ENCODING="chunked")
    assert status == 411
    status, _ = send("/accounts/login/", CONTENT_LENGTH="-1")
    assert status == 411


@pytest.mark.django_db
def test_the_sign_in_takes_no_more_than_a_form(client: Client) -> None:
    body = b"login=a&password=" + b"x" * ORDINARY
    answer = client.generic("POST", "/accounts/login/", body, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "未予接收" in answer.content.decode()


@pytest.mark.django_db
def test_a_sheet_is_taken_only_from_whoever_may_import(client: Client) -> None:
    part = b'--y\r\nContent-Disposition: form-data; name="a"; filename="a.csv"\r\n\r\n'
    body = part + b"x" * ORDINARY + b"\r\n--y--\r\n"
    kind = "multipart/form-data; boundary=y"
    assert client.generic("POST", "/imports/new/", body, kind).status_code == 302
    sign_in(client, make_actor(Role.AUDITOR))
    assert client.generic("POST", "/imports/new/", body, kind).status_code == 403
    sign_in(client, make_actor(Role.COUNTY_OFFICER))
    assert client.generic("POST", "/imports/new/", body, kind).status_code == 200, "read, and found wanting"


def test_every_address_that_takes_a_large_body_is_there() -> None:
    names = {door.name for door in all_doors()}
    assert set(LARGER) - names == set()
    assert get_resolver().url_patterns


def test_bodies_never_take_all_threads() -> None:
    assert BODIES_OF_ONE_ADDRESS < BODIES <= THREADS - 4


def test_bodies_that_dribble_leave_the_scan_page_its_threads() -> None:
    let_go, inside = threading.Event(), threading.Semaphore(0)

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            inside.release()
            let_go.wait(30)
        start_response("200 OK", [])
        return [b""]

    lane = BodyLane(slow)

    def status(**environ: Any) -> str:
        told: list[str] = []
        lane(environ, lambda status, headers: told.append(status))
        return told[0].split()[0]

    def dribble(number: int) -> threading.Thread:
        environ = {"CONTENT_LENGTH": "9", "REMOTE_ADDR": f"10.0.0.{number}"}
        thread = threading.Thread(target=lambda: status(**environ))
        thread.start()
        inside.acquire()
        return thread

    threads = [dribble(1) for _ in range(BODIES_OF_ONE_ADDRESS)]
    assert status(CONTENT_LENGTH="9", REMOTE_ADDR="10.0.0.1") == "503", "one address does not take all places"
    threads += [dribble(number + 2) for number in range(BODIES - BODIES_OF_ONE_ADDRESS)]
    assert status(CONTENT_LENGTH="9", REMOTE_ADDR="10.0.0.99") == "503"
    assert status(REMOTE_ADDR="10.0.0.1") == "200", "whoever only reads is answered"
    let_go.set()
    for thread in threads:
        thread.join()
    assert status(CONTENT_LENGTH="9", REMOTE_ADDR="10.0.0.1") == "200"


def test_a_body_that_has_been_read_holds_no_place_while_its_act_waits() -> None:
    let_go, inside = threading.Event(), threading.Semaphore(0)

    def saves_slowly(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert environ["wsgi.input"].read(9) == b"place=A-2"
        inside.release()
        let_go.wait(30)
        start_response("302 Found", [])
        return [b""]

    lane, told = BodyLane(saves_slowly), list[str]()

    def save() -> None:
        environ = {"CONTENT_LENGTH": "9", "REMOTE_ADDR": "10.0.0.1", "wsgi.input": io.BytesIO(b"place=A-2")}
        lane(environ, lambda status, headers: told.append(status))

    threads = [threading.Thread(target=save) for _ in range(BODIES + 2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=10), "all of them are let in, from one address too"
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert told == ["302 Found"] * len(threads)
    assert not lane._reading


@pytest.mark.parametrize("sent", [b"", b"half"])
def test_a_body_that_stops_short_gives_its_place_back(sent: bytes) -> None:
    lane = BodyLane(
        lambda environ, start: [environ["wsgi.input"].readline(), environ["wsgi.input"].readline()]
    )
    answer = lane({"CONTENT_LENGTH": "9", "wsgi.input": io.BytesIO(sent)}, lambda status, headers: None)
    assert (b"".join(answer), lane._reading.total()) == (sent, 0)


def test_pages_take_turns_and_what_waits_for_something_else_holds_nobody_up() -> None:
    let_go, inside = threading.Event(), threading.Semaphore(0)

    def waits(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow/":
            inside.release()
            let_go.wait(30)
        start_response("200 OK", [])
        return [b""]

    lane, told = PageLane(waits, at_once=1, patience=0.01), list[str]()

    def ask(path: str, **more: str) -> None:
        lane({"PATH_INFO": path, **more}, lambda status, headers: told.append(path))

    slow = threading.Thread(target=ask, args=["/slow/"])
    slow.start()
    inside.acquire()
    ask("/save/", CONTENT_LENGTH="9")
    ask("/desk/")
    assert told == ["/save/", "/desk/"], "a body asks for no turn, and a page waits only so long"
    let_go.set()
    slow.join(10)
    assert lane._turns.take(0), "the turn came back"


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "稍后重试"), ("en", "try again later")])
def test_a_program_that_is_turned_away_reads_when_to_come_back(
    language: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "most", 0)
    status, headers, body = answer_of("/api/v1/filings", CONTENT_LENGTH="2", HTTP_ACCEPT_LANGUAGE=language)
    told = json.loads(body)
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert (told["code"], told["instance"], headers["Retry-After"]) == ("busy", "/api/v1/filings", "5")
    assert said in told["detail"]
    _status, headers, _body = answer_of("/accounts/login/", CONTENT_LENGTH="2")
    assert headers["Content-Type"].startswith("text/html")
