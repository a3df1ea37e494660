"""What is done to a row of the focus list, one page a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.focus import acts
from quanheng.apps.focus.enums import OPEN, OVER, FocusState
from quanheng.apps.focus.services.decide_entry import decline_entry, list_entity
from quanheng.apps.focus.services.decide_exit import keep_on, lift_listing, take_off
from quanheng.apps.focus.services.object import answer_objection, object_to_listing
from quanheng.kit.acts import Verb, may
from quanheng.web.focus.forms import AnswerForm, DecisionForm, ObjectionForm
from quanheng.web.parts import Link, Text

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.apps.focus.models import FocusListing

STATE = FocusState


def _objects(listing: FocusListing) -> bool:
    return listing.objected_at is None


def _answers(listing: FocusListing) -> bool:
    return listing.waits_for_answer


def _lists(listing: FocusListing) -> bool:
    return not listing.waits_for_answer


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done to a row.

    Args:
        hint: what it brings about.
        states: in which it can be done.
        open_to: whether it can be done to this row, beyond its state.
        apart: not by who did the checks; another: not by who listed.
    """

    verb: Verb
    hint: Text
    icon: str
    form: type[forms.Form]
    does: Callable[..., object]
    states: tuple[FocusState, ...]
    done: Text
    main: bool = False
    open_to: Callable[[FocusListing], bool] = lambda _listing: True
    apart: bool = True
    another: bool = False

    def offered(self, listing: FocusListing, actor: Actor) -> bool:
        """Say whether this person can do it to the row as it stands."""
        if listing.state not in self.states or not self.open_to(listing):
            return False
        theirs = self.apart and actor.user_id in listing.checkers()
        own = self.another and actor.user_id == listing.decided_by_id
        return not theirs and not own and may(self.verb, actor, listing)


STEPS: Final = {
    "list": Step(
        acts.FOCUS_LISTED, _("列入后按期检查，该单位会收到消息，可以提出异议。"),
        "flag", DecisionForm, list_entity, (STATE.PROPOSED, *OVER), _("已列入。"), main=True, open_to=_lists,
    ),
    "decline": Step(
        acts.FOCUS_DECLINED, _("不列入名单；再次抽查不合格的，系统重新提议。"), "ban", DecisionForm,
        decline_entry, (STATE.PROPOSED,), _("已决定不予列入。"),
    ),
    "take-off": Step(
        acts.FOCUS_LEFT, _("移出后不再按期检查。"), "check", DecisionForm, take_off,
        (STATE.EXIT_PROPOSED,), _("已移出。"), main=True,
    ),
    "keep": Step(
        acts.FOCUS_KEPT, _("继续重点监管，移出条件自今日起重新计算。"), "flag", DecisionForm, keep_on,
        (STATE.EXIT_PROPOSED,), _("已决定不予移出。"),
    ),
    "answer": Step(
        acts.FOCUS_ANSWERED, _("异议成立的，答复后撤销列入或决定不予列入。"), "clipboard-check", AnswerForm,
        answer_objection, tuple(STATE), _("已答复。"), main=True, open_to=_answers, another=True,
    ),
    "lift": Step(
        acts.FOCUS_LIFTED, _("所依据的结果有误、不应列入的，撤销列入。由作出列入决定以外的人办理。"),
        "arrow-left", DecisionForm, lift_listing, (STATE.LISTED, STATE.EXIT_PROPOSED), _("已撤销列入。"),
        another=True,
    ),
    "object": Step(
        acts.FOCUS_OBJECTED, _("每次列入可以提出一次异议，由监管部门答复。"), "pencil", ObjectionForm,
        object_to_listing, OPEN, _("已提出异议，答复后会收到消息。"), main=True, open_to=_objects,
        apart=False,
    ),
}  # fmt: skip


def steps_for(listing: FocusListing, actor: Actor) -> list[Link]:
    """Return the links to what this person may do to a row."""
    return [
        Link(step.verb.label, reverse("focus_act", args=[listing.pk, slug]), step.icon, primary=step.main)
        for slug, step in STEPS.items()
        if step.offered(listing, actor)
    ]
