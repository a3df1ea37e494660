"""What is done to a campaign, one page a step: approve, return, commit, draw, hand over, close, abandon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.adapters.beacon import verify_round
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.colleagues import names_of, officers_seated
from quanheng.apps.accounts.demonstration import is_demonstration
from quanheng.apps.inspections import acts, queries
from quanheng.apps.inspections.enums import CampaignState
from quanheng.apps.inspections.services.close_campaign import close_campaign
from quanheng.apps.inspections.services.commit_campaign import commit_campaign
from quanheng.apps.inspections.services.decide_campaign import (
    abandon_campaign,
    approve_campaign,
    return_campaign,
)
from quanheng.apps.inspections.services.draw_campaign import draw_campaign
from quanheng.apps.inspections.services.hand_over_inspections import hand_over_inspections
from quanheng.apps.inspections.services.plan_campaign import revise_campaign
from quanheng.kit.acts import Verb, may
from quanheng.packs.shipped import shipped
from quanheng.web.inspections.forms import (
    HandOverForm,
    NothingForm,
    ReasonForm,
    ReviseForm,
    SignatureForm,
)
from quanheng.web.parts import Link, Text

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import Campaign

STATE = CampaignState


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an officer does to a campaign.

    Args:
        hint: what it brings about.
        form: what is asked; `does` takes the campaign's id and its values.
        states: in which it can be done.
        others: not to what one planned oneself.
    """

    verb: Verb
    hint: Text
    icon: str
    form: type[forms.Form]
    does: Callable[..., object]
    states: tuple[CampaignState, ...]
    done: Text
    main: bool = False
    others: bool = False

    def offered(self, campaign: Campaign, actor: Actor) -> bool:
        """Say whether this officer can do it to the campaign as it stands."""
        theirs = self.others and campaign.planned_by_id == actor.user_id
        return campaign.state in self.states and not theirs and may(self.verb, actor, campaign)


def _draw(*, signature: str, **more: Any) -> object:
    verify = verify_round(shipped(), demonstration=is_demonstration())
    return draw_campaign(signature=signature, verify=verify, **more)


STEPS: Final = {
    "approve": Step(
        acts.CAMPAIGN_APPROVED, _("批准后可以冻结抽样框、公布承诺。"), "check", NothingForm, approve_campaign,
        (STATE.WAITING,), _("已批准。"), main=True, others=True,
    ),
    "return": Step(
        acts.CAMPAIGN_RETURNED, _("退回后由提出人修改，重新报批。"), "arrow-left", ReasonForm,
        return_campaign, (STATE.WAITING,), _("已退回。"), others=True,
    ),
    "revise": Step(
        acts.CAMPAIGN_REVISED, _("修改后由另一人批准；区划和检查对象不能修改。"), "pencil", ReviseForm,
        revise_campaign, (STATE.WAITING, STATE.RETURNED), _("已修改，待另一人批准。"),
    ),
    "commit": Step(
        acts.CAMPAIGN_COMMITTED,
        _("以今天的台账为准。之后公布的信标数与事先承诺的密数一起决定抽中名单。"), "lock", NothingForm,
        commit_campaign, (STATE.APPROVED,), _("已公布承诺。信标公布后再抽取。"), main=True,
    ),
    "draw": Step(
        acts.CAMPAIGN_DRAWN, _("粘贴约定轮次的信标签名。抽中名单仅分派的检查人员可见。"), "refresh",
        SignatureForm, _draw, (STATE.COMMITTED,), _("已抽取，任务已分派。"), main=True,
    ),
    "hand-over": Step(
        acts.INSPECTIONS_HANDED_OVER, _("该人员在此行动中待检查的任务全部转给接替人员。"), "users",
        HandOverForm, hand_over_inspections, (STATE.DRAWN,), _("已更换检查人员。"),
    ),
    "close": Step(
        acts.CAMPAIGN_CLOSED, _("全部检查后或季度结束后办理。"), "flag", NothingForm, close_campaign,
        (STATE.DRAWN,), _("已结束，抽查证明已公开。"), main=True,
    ),
    "abandon": Step(
        acts.CAMPAIGN_ABANDONED, _("抽取之后不能放弃。"), "ban", ReasonForm, abandon_campaign,
        (STATE.WAITING, STATE.RETURNED, STATE.APPROVED, STATE.COMMITTED), _("已放弃。"),
    ),
}  # fmt: skip


def steps_for(campaign: Campaign, actor: Actor) -> list[Link]:
    """Return the links to what this officer may do to a campaign."""
    return [
        Link(
            step.verb.label, reverse("campaign_act", args=[campaign.pk, slug]), step.icon, primary=step.main,
            danger=slug == "abandon",
        )
        for slug, step in STEPS.items()
        if step.offered(campaign, actor)
    ]  # fmt: skip


def initial(step: Step, campaign: Campaign) -> dict[str, Any]:
    """Return what a form shows at first: of a revision, the campaign as it stands."""
    if step.form is not ReviseForm:
        return {}
    return {name: getattr(campaign, name) for name in step.form.base_fields if hasattr(campaign, name)}


def offer_people(form: forms.Form, campaign: Campaign, actor: Actor) -> None:
    """Offer who has open tasks, and who sits in the campaign's area but for the actor."""
    if not isinstance(form, HandOverForm):
        return
    there = [(load.user_id, f"{load.name}（{load.open}）") for load in queries.loads(campaign) if load.open]
    seats = officers_seated(campaign.area_id, campaign.area_last, timezone.localdate())
    others = names_of(user for user, _seat in seats if user != actor.user_id)
    people = sorted(others.items(), key=lambda one: (one[1], one[0]))
    for name, choices in (("from_id", there), ("to_id", people)):
        field = cast(forms.ChoiceField, form.fields[name])
        field.choices = [("", _("请选择")), *choices]
