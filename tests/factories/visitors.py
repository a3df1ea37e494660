"""Visitors whom the public pages have not seen before."""

from __future__ import annotations

import pytest

from quanheng.web.public import limits


def forget_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every address full budgets, whatever the tests before this one asked for from 127.0.0.1."""
    fresh = limits.Limiter()
    for name in ("known", "spend", "let_through"):
        monkeypatch.setattr(limits.LIMITER, name, getattr(fresh, name))
