"""本单位账号: who holds an account of the own unit, and what its chief does about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.acts import UNITS
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.queries import keeps_accounts
from quanheng.apps.accounts.services.hand_over_chief import hand_over_chief
from quanheng.apps.accounts.services.reset_staff_factor import reset_staff_factor
from quanheng.apps.accounts.services.staff_leaves import staff_leaves
from quanheng.apps.accounts.services.suspend_staff import resume_staff, suspend_staff
from quanheng.apps.accounts.units import roles_given_by, staff_in, unit_of
from quanheng.apps.people.enums import InvitationWay
from quanheng.apps.people.queries import invitations_to
from quanheng.apps.people.services.invite_staff import invite_staff
from quanheng.kit.acts import Verb
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import ask_once
from quanheng.web.parts import Link, State, Text, Tone
from quanheng.web.people.forms import InviteStaffForm, ReasonForm
from quanheng.web.people.lists import invitation_badge
from quanheng.web.people.papers import papers_page

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Appointment
    from quanheng.apps.people.models import Invitation

INVITATIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class StaffAct:
    """Something a chief does about somebody, once the reason is written."""

    run: Callable[..., Appointment]
    button: Text
    text: Text
    done: Text  # what the message says
    verb: Verb
    danger: bool = False


ACTS: dict[str, StaffAct] = {
    "suspend": StaffAct(
        suspend_staff, gettext_lazy("停用账号"),
        gettext_lazy("停用后立即退出登录，不能再办理本单位业务；可以恢复。"),
        gettext_lazy("已停用，所有登录已退出。"), acts.STAFF_SUSPENDED, danger=True,
    ),
    "resume": StaffAct(
        resume_staff, gettext_lazy("恢复账号"), gettext_lazy("恢复后可以重新登录，办理本单位业务。"),
        gettext_lazy("已恢复。"), acts.STAFF_RESUMED,
    ),
    "leave": StaffAct(
        staff_leaves, gettext_lazy("登记离任"),
        gettext_lazy("离任后立即退出登录，不再是本单位人员；再任职须重新邀请。"),
        gettext_lazy("已登记离任，立即生效。"), acts.STAFF_LEFT, danger=True,
    ),
    "reset-factor": StaffAct(
        reset_staff_factor, gettext_lazy("重置两步验证"),
        gettext_lazy("手机遗失或更换时办理，请先当面核对本人。重置后以密码登录并重新启用，办理情况记入日志。"),
        gettext_lazy("已重置，所有登录已退出。"), acts.STAFF_SECOND_FACTOR_RESET, danger=True,
    ),
    "hand-over": StaffAct(
        hand_over_chief, gettext_lazy("移交负责人"),
        gettext_lazy("移交后由此人管理本单位账号，您不再管理。"), gettext_lazy("已移交。"),
        acts.CHIEF_HANDED_OVER, danger=True,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the page."""

    held: Appointment
    state: State
    is_chief: bool
    has_factor: bool
    acts: list[Link]


@office(*UNITS)
@require_safe
def staff_page(request: OfficeRequest) -> HttpResponse:
    """Show who holds an account of the own unit, and whom somebody has invited."""
    unit, actor = unit_of(request.actor), request.actor
    members = [_member(held, request) for held in staff_in(unit, timezone.localdate())]
    invited: list[tuple[Invitation, State]] = [
        (each, invitation_badge(each)) for each in invitations_to(unit, actor)[:INVITATIONS_SHOWN]
    ]
    context = {"members": members, "invited": invited, "is_chief": actor.is_chief}
    return render(request, "people/staff.html", context)


@office(*UNITS)
@sensitive_variables("issued")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_invite(request: OfficeRequest) -> HttpResponse:
    """Invite somebody to a role of the own unit; a paper is shown this once."""
    by = request.actor
    form = InviteStaffForm(request.POST or None, roles=_roles(request), needs_phone=not by.is_entity)
    if form.is_valid():
        asked = form.cleaned_data
        with refusals_on(form):
            issued = invite_staff(
                name=asked["name"], phone=asked["phone"], way=InvitationWay(asked["way"]),
                role=Role(asked["role"]), by=by, at=timezone.now(),
            )  # fmt: skip
            if issued.code:
                return papers_page(request, [issued], reverse("staff_page"), _("本单位账号"))
            messages.success(request, _("邀请短信将发出。"))
            return redirect("staff_page")
    return render(request, "people/staff_invite.html", {"form": form, "is_chief": by.is_chief})


@office(*UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_act(request: OfficeRequest, appointment_id: int, slug: str) -> HttpResponse:
    """Ask why, and do what a chief does about somebody."""
    members = staff_in(unit_of(request.actor), timezone.localdate())
    held = next((each for each in members if each.pk == appointment_id), None)
    act = ACTS.get(slug)
    if held is None or act is None:
        raise Http404
    form = ask_once(ReasonForm(request.POST if request.method == "POST" else None), act.verb)
    if form.is_valid():
        with refusals_on(form):
            act.run(
                appointment_id=appointment_id, reason=form.cleaned_data["reason"], by=request.actor,
                at=timezone.now(),
            )  # fmt: skip
            messages.success(request, str(act.done))
            return redirect("staff_page")
    return render(request, "people/staff_act.html", {"act": act, "held": held, "form": form})


def _roles(request: OfficeRequest) -> list[tuple[str, Any]]:
    given = roles_given_by(request.actor)
    return [(role.value, role.label) for role in Role if role in given]


def _member(held: Any, request: OfficeRequest) -> Member:
    chief = keeps_accounts(held)
    return Member(held, _state(held), chief, held.has_factor, _acts(held, request, is_chief=chief))


def _state(held: Appointment) -> State:
    if not held.user.is_active:
        return State(_("账号已停用"), Tone.BAD)
    return State(_("已停用"), Tone.BAD) if held.is_suspended else State(_("启用"), Tone.OK)


def _acts(held: Any, request: OfficeRequest, *, is_chief: bool) -> list[Link]:
    """What the chief may do about somebody else."""
    if not request.actor.is_chief or held.user_id == request.actor.user_id:
        return []
    slugs = ["resume" if held.is_suspended else "suspend"]
    slugs += ["reset-factor"] if held.has_factor else []
    slugs += [] if is_chief or held.is_suspended else ["hand-over"]
    return [Link(ACTS[slug].button, reverse("staff_act", args=[held.pk, slug])) for slug in [*slugs, "leave"]]
