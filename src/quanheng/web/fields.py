"""Fields that many forms have: a day, a longer text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

Label = Any  # a string or a lazy translation, as the fields of forms take it


def day_input() -> forms.DateInput:
    """The browser's own calendar; it is filled only by an ISO date, whatever the language of the page."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day_field(
    label: Label, *, required: bool = True, today: bool = False, hint: Label = ""
) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label, required=required, help_text=hint, initial=timezone.localdate if today else None,
        widget=day_input(),
    )  # fmt: skip


def long_field(label: Label, *, required: bool = True, most: int = 300, hint: Label = "") -> forms.CharField:
    """A text of some lines, such as a reason."""
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
