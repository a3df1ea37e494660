"""Pages of campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.inspections import acts, queries
from quanheng.apps.inspections.enums import CampaignState, FrameSubject
from quanheng.apps.inspections.services.plan_campaign import plan_campaign
from quanheng.kit.acts import may
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import SURE, ask_once
from quanheng.web.inspections.facts import draw_facts, who_when
from quanheng.web.inspections.forms import PlanForm
from quanheng.web.inspections.lists import READERS, campaign_badge, quarter
from quanheng.web.inspections.steps import STEPS, initial, offer_people, steps_for
from quanheng.web.parts import DetailHead, Fact

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import Campaign


@office(*acts.PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: OfficeRequest) -> HttpResponse:
    """Plan a campaign."""
    form = PlanForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        said = dict(form.cleaned_data)
        area, subject = said.pop("area"), FrameSubject(said.pop("subject"))
        with refusals_on(form):
            campaign = plan_campaign(
                **said, area_id=int(area.value), subject=subject, by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已提出，待另一人批准。"))
            return redirect("campaign_page", campaign.pk)
    return render(request, "inspections/plan.html", {"form": form})


@office(*READERS)
@require_safe
def campaign_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a campaign: how it stands in each county, who was sent, and what anybody can check."""
    campaign, today = _campaign(request, pk), timezone.localdate()
    request.shows = ("campaigns", pk)
    runs = may(acts.CAMPAIGN_DRAWN, request.actor, campaign)
    return render(request, "inspections/campaign.html", {
        "campaign": campaign,
        "head": DetailHead(
            campaign.name, campaign_badge(campaign), campaign.number or "",
            acts=steps_for(campaign, request.actor),
        ),
        "facts": _facts(campaign),
        "proof": _facts_of_draw(campaign),
        "standings": queries.standings(campaign, request.actor, today),
        "loads": queries.loads(campaign) if runs and campaign.drawn_at else (),
        "own_plan": campaign.state == CampaignState.WAITING
        and campaign.planned_by_id == request.actor.user_id,
    })  # fmt: skip


@office(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_act(request: OfficeRequest, pk: int, slug: str) -> HttpResponse:
    """Do one of the steps."""
    campaign, step = _campaign(request, pk), STEPS.get(slug)
    if step is None:
        raise Http404
    # What was typed meets the refusal of the act, and stays; who may not do it at all is shown no form.
    allowed = may(step.verb, request.actor, campaign)
    if not allowed or (request.method != "POST" and not step.offered(campaign, request.actor)):
        messages.error(request, _("该行动目前不能办理此事项，或须由他人办理。请核对状态。"))
        return redirect("campaign_page", pk)
    sent = request.POST if request.method == "POST" else None
    form = ask_once(step.form(sent, initial=initial(step, campaign)), step.verb)
    offer_people(form, campaign, request.actor)
    if form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != SURE}
        with refusals_on(form):
            step.does(campaign_id=pk, **said, by=request.actor, at=timezone.now())
            messages.success(request, str(step.done))
            return redirect("campaign_page", pk)
    return render(request, "inspections/act.html", {
        "campaign": campaign, "step": step, "form": form,
        "waits_for_beacon": campaign.known_at is not None and slug == "draw",
    })  # fmt: skip


def _campaign(request: OfficeRequest, pk: int) -> Campaign:
    campaign = queries.campaign(pk, request.actor)
    if campaign is None:
        raise Http404
    return campaign


def _facts(campaign: Campaign) -> list[Fact]:
    return [
        Fact(_("检查对象"), FrameSubject(campaign.subject).label),
        Fact(_("行政区划"), campaign.area.full_name),
        Fact(_("季度"), quarter(campaign)),
        Fact(_("检查依据"), campaign.legal_basis),
        Fact(_("检查事项"), campaign.matters),
        Fact(_("提出"), who_when(campaign.planned_by, campaign.planned_at)),
        Fact(_("批准或退回"), who_when(campaign.decided_by, campaign.decided_at)),
        Fact(_("退回或放弃原因"), campaign.reason),
    ]


def _facts_of_draw(campaign: Campaign) -> list[Fact]:
    if campaign.number is None:
        return []
    public = Fact(_("公开页"), campaign.number, url=reverse("draw_page", args=[campaign.number]))
    return [public, *draw_facts(campaign)]
