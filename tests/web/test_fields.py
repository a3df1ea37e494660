"""Fields that many forms have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django import forms
from django.utils import translation

from quanheng.web.fields import day_field

WEB = Path(__file__).parents[2] / "src" / "quanheng" / "web"


class Dated(forms.Form):
    day = day_field("日期")


def test_a_day_fills_the_browsers_field_in_every_language() -> None:
    """`<input type=date>` shows nothing for 2026/11/30 or Nov. 30, and the form cannot be sent."""
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert 'value="2026-11-30"' in str(Dated(initial={"day": date(2026, 11, 30)})["day"])


def test_every_day_is_asked_for_by_that_field() -> None:
    own = [path.name for path in WEB.rglob("*.py") if "DateInput" in path.read_text("utf-8")]
    assert own == ["fields.py"]
