"""What every form of an act on one instrument has."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.kit.acts import Verb
from quanheng.kit.tones import Text
from quanheng.regulation.instrument_states import HELD_WHILE_IMPOUNDED, Event, State, next_state
from quanheng.web.asking import SURE, UNSURE, ask_once

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

GONE = gettext_lazy("所选项目已办理或已变更，请返回器具页面核对。")  # picked on a page that is no longer true


class ActForm(forms.Form):
    """One act on one instrument.

    Class attributes:
        slug: in the address.
        verb: says who may.
        event: says when, by the state table; None where the state does not matter.
        label, intro: head of the page; the label is the button too.
        danger: drawn in red, because it cannot be undone or takes something away.
        not_now: why the act is not possible where it is not the state of the instrument that forbids it.
        final_if: field and value with which the form does its final act, where it can do something else too.
    """

    slug: ClassVar[str]
    verb: ClassVar[Verb]
    event: ClassVar[Event | None] = None
    label: ClassVar[Text]
    intro: ClassVar[Text] = ""
    icon: ClassVar[str] = ""
    danger: ClassVar[bool] = False
    main: ClassVar[bool] = False
    not_now: ClassVar[Text] = ""
    final_if: ClassVar[tuple[str, str] | None] = None

    def __init__(self, *args: Any, instrument: Instrument, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instrument, self.actor = instrument, actor
        self.prepare()
        ask_once(self, self.verb, required=self.final_if is None)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = GONE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.final_if and data.get(self.final_if[0]) == self.final_if[1] and not data.get(SURE):
            self.add_error(SURE, UNSURE)
        return data

    def prepare(self) -> None:
        """Fill choices and starting values."""

    def choice(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        """Say whether the state of things allows the act; who may is `permissions.may`."""
        if cls.event is None:
            return instrument.state != InstrumentState.SCRAPPED
        if instrument.impounded and cls.event in HELD_WHILE_IMPOUNDED:
            return False
        return next_state(State(instrument.state), cls.event) is not None

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:  # noqa: ARG003
        """Say whether the act is possible now for this person, where that makes a difference."""
        return cls.possible(instrument)

    def act(self, *, by: Actor, at: datetime) -> object:
        """Do the act."""
        raise NotImplementedError

    def done_text(self) -> str:
        """Say what was done, after it was."""
        return _("%(act)s：已办理。") % {"act": self.label}

    def done_url(self) -> str:
        """Where one goes on afterwards."""
        return reverse("instrument_page", args=[self.instrument.pk])
