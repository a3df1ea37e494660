"""What cannot be undone is asked once, on the page, before it is done (`kit.acts.Final`).

    form = ask_once(ReasonForm(sent), acts.ENTITY_CLOSED)

The page says what follows and how a mistake is put right; whoever has read it ticks the box. It is a field
of the form like any other, for one row and for many: a form that comes without it is refused, and keeps what
was typed.
"""

from __future__ import annotations

from typing import Final, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.kit.acts import Verb

SURE: Final = "sure"
F = TypeVar("F", bound=forms.BaseForm)


class SureField(forms.BooleanField):
    """The box that is ticked once one has read what follows.

    Args:
        verb: a final act.
        required: False where the same form does something else as well; then `unsure` says when.
    """

    def __init__(self, verb: Verb, *, required: bool = True) -> None:
        if verb.final is None:
            raise ValueError(f"{verb!r} can be undone; there is nothing to ask.")
        super().__init__(
            label=_("已看清上述后果，确认办理"),
            required=required,
            error_messages={"required": UNSURE},
            widget=forms.CheckboxInput(attrs={"autocomplete": "off"}),
        )
        self.verb, self.final = verb, verb.final


UNSURE: Final = _("请看清后果，勾选确认后再办理。")


def ask_once(form: F, verb: Verb, *, required: bool = True) -> F:
    """Have a form ask once before an act, where it is one that nobody takes back; return the form."""
    if verb.final is not None:
        form.fields[SURE] = SureField(verb, required=required)
    return form
