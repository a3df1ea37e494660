"""The remote picker as a field of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from quanheng.kit.lists import ListActor, Option, find_source


class RemotePicker(forms.Widget):
    """A text box that asks the server; a hidden field keeps what was picked. Works without a script too."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.actor: ListActor | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        kept, text = self._shown(value)
        described = (attrs or {}).get("aria-describedby", "")
        return render_to_string(
            "ui/picker.html",
            {
                "id": (attrs or {}).get("id", f"id_{name}"),
                "name": name,
                "url": reverse("pick", args=[self.source]),
                "text": text,
                "kept": kept,
                "described": described,
                "invalid": "aria-invalid" in (attrs or {}),
            },
        )

    def _shown(self, value: Any) -> tuple[str, str]:
        if isinstance(value, tuple):
            return cast(tuple[str, str], value)
        source = find_source(self.source)
        found = source.find(self.actor, str(value)) if value and source and self.actor else None
        return (found.value, found.text) if found else ("", "")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str]:
        return data.get(name, ""), data.get(f"{name}_text", "").strip()

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data


class PickField(forms.Field):
    """A field whose value is picked from a source; cleans to the `Option`, or None when nothing was picked.

    The form says for whom: ``self.fields["area"].actor = actor``.
    """

    widget: RemotePicker

    def __init__(self, *, source: str, **options: Any) -> None:
        super().__init__(widget=RemotePicker(source), **options)
        self.source = source

    @property
    def actor(self) -> ListActor | None:
        return self.widget.actor

    @actor.setter
    def actor(self, actor: ListActor) -> None:
        self.widget.actor = actor

    def clean(self, value: Any) -> Option | None:
        """Find what was picked, or what the typed text can only mean.

        Raises:
            ValidationError: nothing, or nothing clear, was picked.
        """
        kept, text = value or ("", "")
        if not kept and not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return None
        source = find_source(self.source)
        found = None
        if source is not None and self.actor is not None:
            found = source.find(self.actor, kept) if kept else source.resolve(self.actor, text)
        if found is None:
            raise forms.ValidationError(_("请从列表中选择一项；输入名称中的几个字即可查找。"))
        return found
