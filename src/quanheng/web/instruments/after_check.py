"""What follows a check that found a difference: the next act, right there, with what is known filled in.

A difference stands until an act has answered it, whoever looks: it is read from the acts, and kept nowhere
else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.queries import acts as acts_in_log
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.kit.acts import Verb, may
from quanheng.kit.tones import Text
from quanheng.web.access import OfficeRequest
from quanheng.web.instruments.acts import FORM_OF_SLUG
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from datetime import date

    from quanheng.apps.audit.models import Act
    from quanheng.apps.instruments.models import Instrument

LEDGER_CHANGED = (acts.INSTRUMENT_CHANGED, acts.CHANGE_PROPOSED, acts.SCRAPPED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a check compares.

    Args:
        fact: its name in the check; False is a difference.
        slugs: the acts that answer it, as pages offer them.
        answered: the acts after which it is no longer open.
    """

    fact: str
    text: Text
    slugs: tuple[str, ...]
    answered: tuple[Verb, ...]


DIFFERENCES = (
    Difference(
        "seals_match", gettext_lazy("铅封与台账不一致"), ("break-seal", "correct-seal", "apply-seal"),
        (acts.SEAL_BROKEN, acts.SEAL_OPENED, acts.SEAL_CORRECTED, acts.SEAL_APPLIED, acts.SCRAPPED),
    ),
    Difference("serial_matches", gettext_lazy("出厂编号与台账不一致"), (), LEDGER_CHANGED),
    Difference(
        "place_matches", gettext_lazy("地点与台账不一致"), ("move",), (acts.INSTRUMENT_MOVED, *LEDGER_CHANGED)
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenDifferences:
    """What the newest check found and nothing has answered, with the acts that would."""

    on: date | str
    texts: Sequence[Text]
    links: Sequence[Link]


def open_differences(it: Instrument, told: Sequence[Act], by: Actor) -> OpenDifferences | None:
    """Read from an instrument's newest acts what is still open, for whoever checks; None where nothing is.

    Args:
        told: the newest first.
    """
    check = next((act for act in told if act.verb == acts.CHECKED), None)
    if check is None or not may(acts.CHECKED, by, it) or it.state == InstrumentState.SCRAPPED:
        return None
    since = {act.verb for act in told if act.pk > check.pk}
    found = [
        one for one in DIFFERENCES if check.after.get(one.fact) is False and since.isdisjoint(one.answered)
    ]
    if not found:
        return None
    links = [link for one in found for link in _links(one, it, check, by)]
    return OpenDifferences(check.after.get("on", ""), [one.text for one in found], links)


def _links(one: Difference, it: Instrument, check: Act, by: Actor) -> Iterator[Link]:
    for slug in one.slugs:
        form = FORM_OF_SLUG[slug]
        if may(form.verb, by, it) and form.possible_for(it, by):
            url = f"{reverse('instrument_act', args=[it.pk, slug])}?check={check.pk}"
            yield Link(form.label, url, form.icon, danger=form.danger)
    if one.fact == "serial_matches" and may(acts.INSTRUMENT_CHANGED, by, it):
        url = f"{reverse('instrument_edit', args=[it.pk])}?check={check.pk}"
        yield Link(_("修改登记"), url, "pencil")


def initial_of_check(request: OfficeRequest, it: Instrument) -> Mapping[str, Any]:
    """Return what the check that led here knows, by the fields of the forms that come after it."""
    wanted = request.GET.get("check", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        return {}
    rows = acts_in_log(request.actor).filter(pk=int(wanted), instrument_id=it.pk, verb=acts.CHECKED)
    check = rows.first()
    if check is None:
        return {}
    said = check.after
    known = {
        "reason": check.reason, "on": said.get("on"), "second_officer": said.get("second_officer_id"),
        "place": said.get("found_place"), "found_place": said.get("found_place"),
        "place_matches": said.get("place_matches"), "serial_number": said.get("found_serial"),
    }  # fmt: skip
    return {name: value for name, value in known.items() if value not in (None, "")}
