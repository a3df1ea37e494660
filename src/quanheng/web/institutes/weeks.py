"""The eight weeks before an institute: what falls due, what is booked, what it can take."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.queries.due import WeekAhead, weeks_ahead
from quanheng.apps.certificates.queries.institutes import institute_file
from quanheng.kit.lists.pages import PAGE_LIMIT_MS, TooMuch, within
from quanheng.web import charts
from quanheng.web.access import OfficeRequest, office
from quanheng.web.institutes.lists import READERS


def weeks_of(institute_id: int, by: Actor) -> Sequence[WeekAhead] | None:
    """Return the weeks; empty where nothing lies ahead, None where they cannot be counted in time."""
    try:
        weeks = within(PAGE_LIMIT_MS, lambda: weeks_ahead(institute_id, by, timezone.localdate()))
    except TooMuch:
        return None
    return weeks if any(week.due or week.booked or week.capacity for week in weeks) else []


@office(*READERS)
@require_safe
def weeks_chart(request: OfficeRequest, pk: int) -> JsonResponse:
    """Answer the weeks as a chart."""
    if institute_file(pk) is None:
        raise Http404
    weeks = weeks_of(pk, request.actor) or []
    series = {
        _("到期"): [week.due for week in weeks],
        _("已预约"): [week.booked for week in weeks],
        _("可检"): [week.capacity for week in weeks],
    }
    return JsonResponse(charts.bars([week.monday.isoformat() for week in weeks], series))
