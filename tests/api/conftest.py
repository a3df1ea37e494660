"""A program with a key, as the tests of the API need it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.api.operations.scan import WITHOUT_KEY
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.accounts.key_queries import key_of
from quanheng.apps.accounts.services.issue_api_key import collect_api_key, issue_api_key
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.api.generated import PACKAGE, generate
from tests.factories import make_actor

_names = count(1)


class Program:
    """Speaks to the API with one key; writes get a fresh Idempotency-Key unless they bring one."""

    def __init__(self, actor: Actor, token: str, key_id: int) -> None:
        self.actor, self.token, self.key_id = actor, token, key_id
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", data, headers=self._headers(headers))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self._write(self.client.post, path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._write(self.client.patch, path, body, headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._write(self.client.delete, path, body or "", headers)

    def _write(self, send: Callable[..., Any], path: str, body: Any, headers: dict[str, str]) -> Any:
        named = {"Idempotency_Key": f"test-{next(_names)}"} | headers
        return send(f"/api/v1{path}", body, content_type="application/json", headers=self._headers(named))

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.token}"} | named


def make_program(actor: Actor, *scopes: KeyScope, per_minute: int = 6_000) -> Program:
    """Issue a key for the actor's appointment and collect it."""
    assert actor.appointment_id is not None
    now = timezone.now()
    with acting_in(EVERYTHING):
        administrator = make_actor(Role.SYSTEM_ADMINISTRATOR)
        key = issue_api_key(
            appointment_id=actor.appointment_id, name="测试系统", scopes=scopes or tuple(KeyScope),
            expires_on=timezone.localdate() + timedelta(days=30), per_minute=per_minute,
            by=administrator, at=now,
        )  # fmt: skip
        return Program(actor, collect_api_key(key_id=key.pk, by=actor, at=now), key.pk)


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """Return a maker of programs: `program(actor, KeyScope.READ_LEDGER)`; all scopes when none is named."""
    assert key_of(0) is None
    return make_program


@pytest.fixture(autouse=True)
def fresh_addresses() -> Iterator[None]:
    """Forget which address asked how often without a key."""
    WITHOUT_KEY.forget()
    yield
    WITHOUT_KEY.forget()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Generate the client once and let it be imported; return what the generator complained of."""
    folder = tmp_path_factory.mktemp("client")
    complaints = generate(folder)
    sys.path.insert(0, str(folder))
    yield complaints
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
