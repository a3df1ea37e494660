"""What is told of the files of entities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES
from quanheng.apps.notices.addresses import Acts, Letter, Letters, keepers_of, office_of
from quanheng.apps.notices.kinds import kind
from quanheng.apps.registry import acts
from quanheng.kit.tones import Tone


def _to_keepers(told: Acts) -> Letters:
    for act in told:
        yield from (Letter(act, to, act.entity_id) for to in keepers_of(act))


def _to_county(told: Acts) -> Letters:
    """What an office opens is confirmed at once and is no news to it."""
    for act in told:
        if act.actor_role in ENTITY_ROLES and act.area_id is not None:
            yield Letter(act, office_of(act.area_id), act.entity_id)


kind(
    "entity_confirmed",
    _("主体档案确认"),
    who=ENTITY_ROLES,
    told_by=(acts.ENTITY_CONFIRMED, acts.ENTITY_CLOSED),
    to=_to_keepers,
    text=_("%(act)s：%(subject)s"),
    many=_("主体档案确认：%(count)s 家"),
    of="entities",
    tone=Tone.OK,
)
kind(
    "entity_registered",
    _("收到主体建档"),
    who=acts.LEDGER_OFFICERS,
    told_by=(acts.ENTITY_REGISTERED,),
    to=_to_county,
    text=_("收到主体建档，待确认：%(subject)s"),
    many=_("收到主体建档，待确认：%(count)s 家"),
    of="entities",
    among="state=draft",
    settled_by=(acts.ENTITY_CONFIRMED, acts.ENTITY_CLOSED),
    rows_of=lambda told: (act.entity_id for act in told),
    tone=Tone.DUE,
)
