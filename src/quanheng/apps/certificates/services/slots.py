"""Places in an institute's day: who comes first gets one, and no half day takes more than it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import HalfDay
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.queries.days import (
    calendar,
    day_capacity,
    halves,
    is_over,
    item_capacities,
)
from quanheng.apps.certificates.services.capability import check_authority
from quanheng.kit.advisory_locks import take_turns
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.verification_procedure import BOOKED


@dataclass(frozen=True, slots=True)
class When:
    """A half day."""

    day: date
    half: HalfDay


def take_slot(line: ApplicationLine, when: When, at: datetime) -> None:
    """Write the next place of a half day on a locked line. Whoever else books with the institute waits.

    Raises:
        RuleBroken: day_is_past, half_day_is_over, not_a_working_day, not_authorised, day_is_full.
    """
    check_day_to_come(when.day, at)
    if is_over(when.day, when.half, at):
        raise refusals.HALF_DAY_IS_OVER(day=str(when.day), half=when.half)
    if not calendar().is_working(when.day):
        raise refusals.NOT_A_WORKING_DAY(day=str(when.day))
    item = line.instrument.item_id
    check_authority(line.institute_id, item, line.area_id, when.day)
    take_turns("days of an institute", line.institute_id)
    with acting_in(EVERYTHING):  # places that others hold count, though they are not for everybody to see
        held = ApplicationLine.objects.unscoped().filter(
            institute=line.institute_id, booked_for=when.day, state__in=BOOKED
        )
        taken = list(held.exclude(pk=line.pk).values_list("slot", "half", "instrument__item_id"))
    _check_room(line.institute_id, item, when, [(half, of) for _slot, half, of in taken])
    line.booked_for, line.half = when.day, when.half
    used = {slot for slot, _half, _of in taken}
    line.slot = next(number for number in range(1, len(used) + 2) if number not in used)


def check_day_to_come(day: date, at: datetime) -> None:
    """Refuse a day that is over.

    Raises:
        RuleBroken: day_is_past.
    """
    if day < timezone.localdate(at):
        raise refusals.DAY_IS_PAST(day=str(day))


def _check_room(institute_id: int, item_id: int, when: When, taken: list[tuple[str, int]]) -> None:
    index = list(HalfDay).index(when.half)
    room = halves(day_capacity(institute_id, when.day))[index]
    of_item = halves(item_capacities(institute_id, when.day).get(item_id, 0))[index]
    same_half = [item for half, item in taken if half == when.half]
    if len(same_half) >= room or same_half.count(item_id) >= of_item:
        raise refusals.DAY_IS_FULL(day=str(when.day), half=when.half, capacity=min(room, of_item))
