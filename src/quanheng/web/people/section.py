"""The accounts of an entity on its file: who has one, who invited whom, when, by which way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import keeps_accounts
from quanheng.apps.accounts.units import Unit, staff_in
from quanheng.apps.people import acts
from quanheng.apps.people.queries import invitations_to
from quanheng.apps.registry.enums import EntityState
from quanheng.kit.acts import may
from quanheng.web.parts import Link, State, Tone
from quanheng.web.people.lists import invitation_badge

if TYPE_CHECKING:
    from quanheng.apps.people.models import Invitation
    from quanheng.apps.registry.models import Entity

SHOWN = 5


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """One account of an entity."""

    name: str
    username: str
    is_chief: bool
    state: State


@dataclass(frozen=True, slots=True)
class ShownAccounts:
    """What the section draws."""

    members: Sequence[ShownAccount]
    invited: Sequence[tuple[Invitation, State]]
    acts: Sequence[Link]


def shown_accounts(entity: Entity, by: Actor, today: date) -> ShownAccounts:
    """Put the section together for whoever sees the file."""
    unit = Unit(entity_id=entity.pk)
    held = staff_in(unit, today)
    members = [
        ShownAccount(each.user.name, each.user.username, keeps_accounts(each),
                     State(_("启用"), Tone.OK) if each.user.is_active and not each.is_suspended
                     else State(_("已停用"), Tone.BAD))
        for each in held
    ]  # fmt: skip
    invited = [(each, invitation_badge(each)) for each in invitations_to(unit, by)[:SHOWN]]
    has_chief = any(each.is_chief for each in members)
    return ShownAccounts(members, invited, _acts(entity, by, has_chief=has_chief))


def _acts(entity: Entity, by: Actor, *, has_chief: bool) -> list[Link]:
    links = []
    if entity.state == EntityState.CONFIRMED and may(acts.ENTITY_INVITED, by, entity):
        text = _("更换账号负责人") if has_chief else _("签发账号邀请")
        links.append(Link(text, reverse("entity_invite", args=[entity.pk]), "user"))
    if by.entity_id == entity.pk:
        links.append(Link(_("本单位账号"), reverse("staff_page"), "users"))
    return links
