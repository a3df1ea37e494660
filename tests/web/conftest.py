"""What holds for every page: nobody does what cannot be undone without having been asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.audit.models import Act
from quanheng.apps.audit.signals import acts_recorded
from quanheng.kit.acts import verb_of
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.asking import SURE


@pytest.fixture(autouse=True)
def _final_acts_are_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every form that any of these tests sends, and that does a final act, carries the ticked box."""
    done: list[Act] = []
    send = Client.post

    def watched(client: Client, path: str, data: Any = None, *args: Any, **more: Any) -> Any:
        done.clear()
        answer = send(client, path, data, *args, **more)
        if done and SURE not in (data if isinstance(data, dict) else {}):
            assert not _kept(done), f"{path} did not ask (quanheng.web.asking.ask_once)."
        return answer

    def noted(acts: list[Act], **_: Any) -> None:
        done.extend(act for act in acts if verb_of(act.verb).final is not None)

    monkeypatch.setattr(Client, "post", watched)
    acts_recorded.connect(noted)
    yield
    acts_recorded.disconnect(noted)


def _kept(acts: list[Act]) -> list[str]:
    """Return the acts that stand in the log: a preview is the act itself, undone."""
    with acting_in(EVERYTHING):
        return list(
            Act.objects.unscoped().filter(pk__in=[act.pk for act in acts]).values_list("verb", flat=True)
        )
