"""What the tests of acts ask of the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from quanheng.apps.audit.models import Act
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect a refusal with this code, and no act in the log."""
    before = acts()
    with pytest.raises(RuleBroken) as refusal:
        yield
    assert refusal.value.code == code
    assert acts() == before


def acts() -> list[tuple[str, int | None]]:
    """Return verb and instrument of every act in the log, in order."""
    with acting_in(EVERYTHING):
        return list(Act.objects.unscoped().order_by("id").values_list("verb", "instrument_id"))


def last_act() -> Act:
    with acting_in(EVERYTHING):
        return Act.objects.unscoped().latest("id")
