"""Attackers come from everywhere: addresses of their own, full budgets, a data folder that is thrown away."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from quanheng.apps.instruments.models import Instrument
from quanheng.kit.pace import AddressPaces
from quanheng.regulation.instrument_code import code_from_random
from tests.factories import make_code, make_instrument
from tests.factories.visitors import forget_visitors

CODE = code_from_random(bytes(range(13)))


@pytest.fixture(autouse=True)
def _apart(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path
    forget_visitors(monkeypatch)
    for paces in AddressPaces.shared.values():
        paces.forget()


@pytest.fixture
def scale(db: None) -> Instrument:
    """A scale in use, with a code."""
    scale = make_instrument()
    make_code(scale, value=CODE)
    return scale
