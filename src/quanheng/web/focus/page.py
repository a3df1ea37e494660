"""What the page of one row of the focus list shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from quanheng.apps.focus.enums import FocusState
from quanheng.apps.inspections.enums import Verdict
from quanheng.apps.inspections.verdicts import verdicts_seen
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.kit.tones import State
from quanheng.web.focus.lists import visit_badge
from quanheng.web.inspections.lists import VERDICTS
from quanheng.web.parts import Fact, moment

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.apps.focus.models import FocusListing
    from quanheng.apps.instruments.models import Instrument


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One instrument of a visit: `state` is what its result is now, `was` what it was, where that differs."""

    text: str
    url: str
    state: State
    was: str


@dataclass(frozen=True, slots=True)
class ShownVisit:
    on: date
    source: str
    failed: int
    checks: Sequence[ShownCheck]


def facts_of(listing: FocusListing) -> list[Fact]:
    """Return what is said of a row, apart from the visits behind it."""
    late = visit_badge(listing)
    facts = [
        Fact(_("单位"), listing.entity.name, reverse("entity_page", args=[listing.entity_id])),
        Fact(_("行政区划"), listing.area.full_name),
        Fact(_("提议依据"), listing.reason),
        Fact(_("达到列入条件日期"), listing.entered_on),
        Fact(_("提议时间"), moment(listing.proposed_at)),
    ]
    if listing.decided_at:
        facts += [
            Fact(_("决定"), f"{listing.decided_by_name} {moment(listing.decided_at)}"),
            Fact(_("决定理由"), listing.decision),
        ]
    if listing.listed_on:
        facts.append(Fact(_("列入日期"), listing.listed_on))
    if listing.is_on_list:
        state = late if isinstance(late, State) else None
        facts.append(Fact(_("下次检查期限"), listing.next_visit_by, state=state))
    if listing.ended_on:
        facts += [
            Fact(_("移出或撤销日期"), listing.ended_on),
            Fact(_("移出或撤销决定人"), listing.ended_by_name),
            Fact(_("移出或撤销理由"), listing.end_reason),
        ]
    return facts


def shown_visits(kept: Sequence[dict[str, Any]], by: Actor) -> list[ShownVisit]:
    """Return visits with every check of them, as far as the reader opens them."""
    looked = [each for visit in kept for each in visit["looked"]]
    verdicts = verdicts_seen([each["task"] for each in looked if each["task"]], by)
    units = {it.pk: it for it in ledger(by).filter(pk__in=[each["instrument"] for each in looked])}
    return [
        ShownVisit(
            date.fromisoformat(visit["on"]),
            _("抽查 %(number)s") % {"number": visit["campaign"]} if visit["campaign"] else _("现场检查"),
            sum(not each["passed"] for each in visit["looked"]),
            [_check(each, verdicts, units.get(each["instrument"])) for each in visit["looked"]],
        )
        for visit in kept
    ]


def _check(looked: dict[str, Any], verdicts: dict[int, Verdict], unit: Instrument | None) -> ShownCheck:
    then = Verdict.PASSED if looked["passed"] else Verdict.FAILED
    now = verdicts.get(looked["task"], then) if looked["task"] else then
    text = f"{unit.name} {unit.serial_number}" if unit else _("已移出的器具")
    url = reverse("instrument_page", args=[unit.pk]) if unit else ""
    if looked["task"] in verdicts:
        url = reverse("inspection_page", args=[looked["task"]])
    was = str(then.label) if now != then else ""
    return ShownCheck(text, url, State(now.label, VERDICTS[now]), was)


def same_draw(kept: Sequence[dict[str, Any]]) -> bool:
    """Say whether two of the visits were drawn by one campaign: one draw, checked on several days."""
    campaigns = [visit["campaign"] for visit in kept if visit["campaign"]]
    return len(campaigns) > len(set(campaigns))


def visit_url(listing: FocusListing) -> str:
    """Return where the instruments stand at which the next check is recorded."""
    return f"{reverse('instrument_list')}?{urlencode({'at': listing.entity_id})}"


def due_of(listing: FocusListing) -> tuple[str, str]:
    """Return what is due next, and whose turn it is."""
    office = _("辖区市场监管部门")
    if listing.waits_for_answer:
        return _("答复异议"), office
    if listing.state == FocusState.PROPOSED:
        return _("决定是否列入"), office
    if listing.state == FocusState.EXIT_PROPOSED:
        return _("决定是否移出"), office
    if listing.state == FocusState.LISTED:
        return _("%(day)s 前检查") % {"day": listing.next_visit_by}, office
    return "", ""
