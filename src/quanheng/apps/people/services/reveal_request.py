"""查看申请人: the office has to call whoever asks for an account; the log keeps that it saw the number."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.people.models import AccountRequest
from quanheng.apps.people.services.decide_account_request import REQUESTS
from quanheng.apps.registry.acts import PERSONAL_DATA_REVEALED
from quanheng.apps.registry.services.reveal_contact import count_reveal

WHY = "审核账号开通申请"


def reveal_request(*, request_id: int, by: Actor, at: datetime) -> AccountRequest:
    """Return a request whose name and telephone may be shown in clear (PIPL art. 51).

    Raises:
        RuleBroken: account_request_not_found, too_many_reveals.
        NotYours: the role may not see people in clear.
    """
    with act_on_row(REQUESTS, PERSONAL_DATA_REVEALED, request_id, by=by, at=at, reason=WHY) as act:
        act.facts["account_request"] = act.row.number
        count_reveal(act.row.area_id, by, at)
    return act.row
