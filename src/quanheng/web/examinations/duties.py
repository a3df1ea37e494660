"""What a role decides in batches on the worklist, and what its pages say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.enums import LineState


@dataclass(frozen=True, slots=True)
class Words:
    """The state that waits for a role, and the words of its decision."""

    state: LineState
    title: str | Promise
    choose: str | Promise
    confirm: str | Promise
    done: str | Promise


WORDS = {
    Role.CHECKER: Words(LineState.RECORDED, _("批量核验"), _("核验所选"), _("确认核验"), _("已核验")),
    Role.APPROVER: Words(LineState.CHECKED, _("批量批准"), _("批准所选"), _("确认批准发证"), _("已发证")),
}


def words_for(actor: Actor) -> Words | None:
    """Return what the actor decides in batches; None for those who do not."""
    return WORDS.get(actor.role) if actor.role else None
