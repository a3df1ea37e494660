"""A row holds on its first day and on its last: in the database and at hand alike."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quanheng.apps.instruments.models import VerificationPeriod
from quanheng.kit.dated import has_ended, holding_on, holds_on, lasting_to
from tests.factories import make_item

FIRST, LAST = date(2026, 3, 1), date(2026, 9, 30)
DAY = timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize("last", [LAST, None])
@pytest.mark.parametrize(
    ("day", "begun", "over"),
    [(FIRST - DAY, False, False), (FIRST, True, False), (LAST, True, False), (LAST + DAY, True, True)],
)
def test_both_ends_are_included(last: date | None, day: date, begun: bool, over: bool) -> None:
    over = over and last is not None
    row = VerificationPeriod.objects.create(item=make_item(), months=12, valid_from=FIRST, valid_to=last)
    rows = VerificationPeriod.objects.filter(pk=row.pk)
    assert [holds_on(row, day), rows.filter(holding_on(day)).exists()] == [begun and not over] * 2
    assert [has_ended(row, day), not rows.filter(lasting_to(day)).exists()] == [over] * 2
