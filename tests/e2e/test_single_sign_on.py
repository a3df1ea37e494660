"""Single sign-on in a browser that enforces our policy: out over two hosts of the other side, and back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import User
from tests.e2e.conftest import OpenPage
from tests.factories import make_actor


class OpenIdServer(BaseHTTPRequestHandler):
    """As much of OpenID Connect as one sign-in needs; it passes the browser on to another host of its own."""

    username = ""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        port = urlsplit(f"//{self.headers['Host']}").port
        if asked.path == "/.well-known/openid-configuration":
            here = f"http://localhost:{port}"
            said = {"authorization": "first", "token": "token", "userinfo": "userinfo"}
            points = {f"{name}_endpoint": f"{here}/{path}" for name, path in said.items()}
            self._say({"issuer": here, "jwks_uri": f"{here}/keys", **points})
        elif asked.path == "/first":
            self._go(f"http://127.0.0.1:{port}/second?{asked.query}")
        elif asked.path == "/second":
            back = urlencode({"code": "c0de", "state": query["state"]})
            self._go(f"{query['redirect_uri']}?{back}")
        else:
            self._say({"sub": "1", "preferred_username": self.username})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "t", "token_type": "Bearer"})

    def _go(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def _say(self, content: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


def configured(port: int) -> dict[str, Any]:
    app = {
        "provider_id": "government", "name": "政务统一身份认证", "client_id": "quanheng", "secret": "s",
        "settings": {"server_url": f"http://localhost:{port}"},
    }  # fmt: skip
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


@pytest.fixture
def government(settings: Any) -> Iterator[type[OpenIdServer]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), OpenIdServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = configured(server.server_address[1])
    settings.ROOT_URLCONF = "tests.e2e.sso_urls"
    yield OpenIdServer
    server.shutdown()
    server.server_close()


def test_whoever_is_vouched_for_comes_back_signed_in(
    government: type[OpenIdServer], open_page: OpenPage
) -> None:
    """Chromium stops a form whose answer leads on to a host that `form-action` does not name."""
    actor = make_actor(Role.MARKET_OPERATOR)
    government.username = User.objects.get(pk=actor.user_id or 0).username
    page = open_page("/accounts/login/")
    page.get_by_role("button", name="政务统一身份认证").click()
    page.wait_for_url("**/desk/")
    assert page.get_by_role("heading", level=1).first.is_visible()


def test_a_stranger_is_told_whom_to_ask(government: type[OpenIdServer], open_page: OpenPage) -> None:
    government.username = "nobody"
    page = open_page("/accounts/login/")
    page.get_by_role("button", name="政务统一身份认证").click()
    page.wait_for_url("**/accounts/help/")
    assert page.get_by_text("首个账号凭监管部门的邀请开通").is_visible()


def test_where_the_other_side_does_not_answer_the_password_is_left(
    government: type[OpenIdServer], open_page: OpenPage, settings: Any
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = configured(9)
    page = open_page("/accounts/login/")
    page.get_by_role("button", name="政务统一身份认证").click()
    assert page.get_by_text("统一身份认证暂时无法连接").is_visible()
    assert page.get_by_role("button", name="登录", exact=True).is_visible()
