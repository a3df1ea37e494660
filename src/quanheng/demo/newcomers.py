"""How people of the demonstration come to their accounts: one asks, one was invited, one was refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanheng.apps.people.enums import InvitationWay
from quanheng.apps.people.queries import account_requests
from quanheng.apps.people.services.ask_for_account import Asked, ask_for_account
from quanheng.apps.people.services.decide_account_request import refuse_account_request
from quanheng.apps.people.services.invite_entity import invite_entity
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.queries import entities
from quanheng.demo.people import actor
from quanheng.kit.scope import acting_in

ASKED = (
    (2, "刘小店", "13800000011", "本店店主，营业执照在店内，可来电核实。"),
    (6, "吴代办", "13800000012", "代办公司，替该店办理。"),
)  # days ago, who, telephone, in which words
WHY = "现场查验营业执照和负责人身份证"
REFUSED = "电话核实，该店未委托代办公司，请由店主本人申请。"


def welcome_newcomers(*, at: datetime) -> int:
    """Take requests in, refuse one, invite one entity on paper.

    Returns:
        How many entities it was about: none where the county has too few without an account.
    """
    officer = actor("xian")
    with acting_in(officer.scope):
        rows = entities(officer).filter(state=EntityState.CONFIRMED, parent=None, credit_code__isnull=False)
        found = list(rows.order_by("-pk")[: len(ASKED) + 1])
    if len(found) <= len(ASKED):
        return 0
    for entity, (days, name, phone, words) in zip(found, ASKED, strict=False):
        asked = Asked(entity.credit_code or "", name, phone, words)
        ask_for_account(asked=asked, at=at - timedelta(days=days))
    with acting_in(officer.scope):
        last = account_requests(officer).order_by("received_at")[0]
        refuse_account_request(request_id=last.pk, reason=REFUSED, by=officer, at=at)
        invite_entity(entity_id=found[-1].pk, way=InvitationWay.PAPER, reason=WHY, by=officer, at=at)
    return len(found)
