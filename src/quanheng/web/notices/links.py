"""Where a notice leads: to the page of its row, or to the list of several, as far as the reader opens it."""

from __future__ import annotations

from typing import Final

from django.http import QueryDict
from django.urls import NoReverseMatch, resolve, reverse

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.notices.queries import ToldNotice
from quanheng.web.access import access_of
from quanheng.web.tasks.page import OWN_PAGES

# The key of a list → the page of one row of it, and the page of the list.
PAGES: Final[dict[str, tuple[str, str]]] = {
    "instruments": ("instrument_page", "instrument_list"),
    "entities": ("entity_page", "entity_list"),
    "proposals": ("proposal_page", "proposal_list"),
    "certificates": ("certificate_page", "certificate_list"),
    "applications": ("application_page", "application_list"),
    "shopper-reports": ("report_page", "report_list"),
    "half-year-reports": ("half_year_page", "half_year_list"),
    "focus-listings": ("focus_page", "focus_list"),
    "account-requests": ("account_request_page", "account_request_list"),
    "platform-alarms": ("platform_alarm", "platform_alarm_list"),
    "webhooks": ("webhook_page", "webhook_list"),
    "due": ("", "due_list"),
    "tasks": ("", "task_list"),
}


def link_of(told: ToldNotice, by: Actor) -> str:
    """Return the address that a notice leads to; empty where the reader's role does not open it."""
    one, several = PAGES[told.kind.of]
    if told.kind.of == "tasks":
        return _of_task(told) or reverse(several)
    if one and told.notice.row_id is not None:
        return _open(one, by, told.notice.row_id)
    url = _open(several, by)
    return f"{url}?{QueryDict(told.kind.among).urlencode()}" if url and told.kind.among else url


def _open(name: str, by: Actor, *args: int) -> str:
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    access = access_of(resolve(url).func)
    return url if access is not None and access.admits(by) else ""


def _of_task(told: ToldNotice) -> str:
    key, row = told.notice.verb, told.notice.row_id
    if row is None or not key:
        return ""
    return reverse(OWN_PAGES[key], args=[row]) if key in OWN_PAGES else reverse("task_page", args=[key, row])
