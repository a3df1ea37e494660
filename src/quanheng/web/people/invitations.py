"""Inviting the account of an entity, and one invitation with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.units import Unit, chief_names
from quanheng.apps.people import acts
from quanheng.apps.people.enums import InvitationPurpose, InvitationWay
from quanheng.apps.people.queries import invitation_of
from quanheng.apps.people.services.invite_entity import invite_entity
from quanheng.apps.people.services.revoke_invitation import check_may_revoke, revoke_invitation
from quanheng.apps.registry.queries import entity_file
from quanheng.kit.acts import may
from quanheng.kit.refusal import RuleBroken
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import ask_once
from quanheng.web.parts import DetailHead, Fact, moment
from quanheng.web.people.forms import HandOverEntityForm, InviteEntityForm, ReasonForm
from quanheng.web.people.lists import invitation_badge, unit_name
from quanheng.web.people.papers import papers_page
from quanheng.web.people.words import DOUBTS

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.apps.people.models import Invitation


@office(*acts.ENTITY_INVITED.who)
@sensitive_variables("issued")
@require_http_methods(["GET", "HEAD", "POST"])
def entity_invite(request: OfficeRequest, pk: int) -> HttpResponse:
    """Invite the first account of an entity, or a new chief; a paper is shown this once."""
    entity = entity_file(pk, request.actor)
    if entity is None:
        raise Http404
    chiefs = chief_names(Unit(entity_id=pk), timezone.localdate())
    form = (HandOverEntityForm if chiefs else InviteEntityForm)(request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        with refusals_on(form):
            issued = invite_entity(
                entity_id=pk, way=InvitationWay(asked["way"]), reason=asked["reason"], name=asked["name"],
                handover=bool(asked.get("handover")), by=request.actor, at=timezone.now(),
            )  # fmt: skip
            if issued.code:
                return papers_page(request, [issued], reverse("entity_page", args=[pk]), entity.name)
            messages.success(request, _("邀请短信将发到主体档案登记的手机号码。"))
            return redirect("entity_page", pk)
    return render(request, "people/invite_entity.html", {"entity": entity, "form": form, "chiefs": chiefs})


@office(*acts.INVITATION_REVOKED.who)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one invitation; revoke it while nobody has taken it up."""
    invitation = invitation_of(pk, request.actor)
    if invitation is None:
        raise Http404
    form = ask_once(ReasonForm(request.POST or None), acts.INVITATION_REVOKED)
    if form.is_valid():
        with refusals_on(form):
            revoke_invitation(
                invitation_id=pk, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已撤销，该邀请不能再开通账号。"))
            return redirect("invitation_page", pk)
    context = {
        "invitation": invitation,
        "head": DetailHead(unit_name(invitation), invitation_badge(invitation), invitation.number),
        "facts": _facts(invitation),
        "form": form,
        "may_revoke": not invitation.end and may_revoke(invitation, request.actor),
    }
    return render(request, "people/invitation.html", context)


def may_revoke(invitation: Invitation, by: Actor) -> bool:
    """Say whether somebody may revoke an invitation."""
    try:
        check_may_revoke(invitation, by)
    except RuleBroken:
        return False
    return may(acts.INVITATION_REVOKED, by, invitation)


def _facts(invitation: Invitation) -> list[Fact]:
    entity = reverse("entity_page", args=[invitation.entity_id]) if invitation.entity_id else ""
    return [
        Fact(_("单位"), unit_name(invitation), entity),
        Fact(_("用途"), InvitationPurpose(invitation.purpose).label),
        Fact(_("岗位"), Role(invitation.role).label),
        Fact(_("受邀人"), invitation.name),
        Fact(_("送达方式"), InvitationWay(invitation.way).label),
        Fact(_("签发人"), invitation.issued_by_name),
        Fact(_("签发时间"), moment(invitation.issued_at)),
        Fact(_("签发理由"), invitation.reason),
        Fact(_("有效期至"), moment(invitation.expires_at)),
        Fact(_("输错次数"), invitation.tries),
        Fact(_("结束时间"), moment(invitation.ended_at)),
        Fact(_("开通人"), invitation.taken_up_by.name if invitation.taken_up_by else ""),
        Fact(_("存疑"), DOUBTS.get(invitation.doubt, "")),
    ]
