"""What the forms of all calculators share: a case comes out of them, and faults find their way back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from quanheng.web.parts import Text

PLACE = re.compile(r"^([a-z_]+)(?:\[(\d+)\])?(.*)$")


class CaseForm(forms.Form):
    """A form that stands for a case.

    A subclass says with `from_case` how a case fills it, with `to_case` which case it is, and in `fields_of`
    which of its fields a part of the case comes from, where the names differ.
    """

    fields_of: ClassVar[Mapping[str, str]] = {}
    seldom_title: ClassVar[Text] = ""
    seldom_names: ClassVar[frozenset[str]] = frozenset()

    def is_seldom(self, name: str) -> bool:
        """Say whether a field is folded away under `seldom_title`, for few need it."""
        return name in self.seldom_names

    def often(self) -> list[forms.BoundField]:
        """Return the fields that stand open."""
        return [bound for bound in self if not self.is_seldom(bound.name)]

    def seldom(self) -> list[forms.BoundField]:
        """Return the fields that are folded away."""
        return [bound for bound in self if self.is_seldom(bound.name)]

    def is_unfolded(self) -> bool:
        """Say whether something was filled in, or is wrong, among the folded fields."""
        return any(bound.errors or bound.value() for bound in self.seldom())

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values that stand for a case."""
        raise NotImplementedError

    def to_case(self) -> dict[str, Any]:
        """Return the case of a form that is valid in itself. Raises ValidationError."""
        raise NotImplementedError

    def place(self, faults: Iterable[Mapping[str, str]]) -> None:
        """Put each fault of the case at the field that it came from; what has none goes on top."""
        for fault in faults:
            found = PLACE.match(fault["field"])
            name, number = (found[1], found[2]) if found else ("", None)
            field = self.fields_of.get(name, name)
            message = fault["message"]
            if number is not None:
                message = _("第 %(number)d 个：%(message)s") % {"number": int(number) + 1, "message": message}
            self.add_error(field if field in self.fields else None, message)


def without_blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was left empty, so that the case's own defaults hold."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def box(rows: int, **attributes: str) -> forms.Textarea:
    """Return a box to paste into, in letters of one width."""
    return forms.Textarea(
        attrs={"rows": rows, "class": "form-control qh-code", "spellcheck": "false", **attributes}
    )
