"""The lines of applications, one for each instrument: who works on them, and what the bench recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import Application, ApplicationLine, Examination, MeasurementStandard
from quanheng.kit.scope import ScopedQuerySet
from quanheng.regulation.instrument_identity import number_key
from quanheng.regulation.verification_procedure import AT_BENCH, OPEN

IN_ORDER = ("booked_for", "slot", "pk")  # of the institute's day


def lines_for(by: Actor) -> ScopedQuerySet[ApplicationLine]:
    """Return what an actor works on or asked for: an institute its own lines, others those they see."""
    rows = ApplicationLine.objects.visible_to(by)
    if by.is_institute:
        rows = rows.filter(institute=by.agency_id or 0)
    return rows.select_related("application__entity", "instrument__entity", "institute", "area")


def applications_for(by: Actor) -> ScopedQuerySet[Application]:
    """Return the applications that an actor sees; an institute those that were made to it."""
    rows = Application.objects.visible_to(by)
    if by.is_institute:
        rows = rows.filter(institute=by.agency_id or 0)
    return rows.select_related("institute", "area")


def line_for(line_id: int, by: Actor) -> ApplicationLine | None:
    """Return one of them, or None."""
    return lines_for(by).filter(pk=line_id).first()


def open_lines_of(instrument_id: int, by: Actor) -> ScopedQuerySet[ApplicationLine]:
    """Return the line of an instrument that is under way: there is one at most."""
    return lines_for(by).filter(instrument=instrument_id, state__in=OPEN)


def lines_of_application(application_id: int, by: Actor) -> ScopedQuerySet[ApplicationLine]:
    """Return the lines of an application."""
    return lines_for(by).filter(application=application_id).order_by("pk")


def lines_of_slip(token: str, by: Actor) -> ScopedQuerySet[ApplicationLine]:
    """Return what the appointment slip with this token was given for, in the order of the institute's day."""
    return lines_for(by).filter(application__slip_token=token).order_by(*IN_ORDER)


def institute_lines(by: Actor) -> ScopedQuerySet[ApplicationLine]:
    """Return the lines of the actor's institute."""
    rows = ApplicationLine.objects.visible_to(by).filter(institute=by.agency_id or 0)
    return rows.select_related("instrument__item", "instrument__entity", "application")


def institute_line(line_id: int, by: Actor) -> ApplicationLine | None:
    """Return one of them, or None."""
    return institute_lines(by).filter(pk=line_id).first()


def lines_at_bench(by: Actor) -> ScopedQuerySet[ApplicationLine]:
    """Return what the bench has before it, in the order of the institute's day."""
    return institute_lines(by).filter(state__in=AT_BENCH).order_by(*IN_ORDER)


def at_bench_by_serial_number(numbers: Iterable[str], by: Actor) -> dict[str, list[ApplicationLine]]:
    """Return serial number as it was asked for → the lines before the bench whose instrument carries it."""
    keys = {number: number_key(number) for number in numbers}
    found: dict[str, list[ApplicationLine]] = {}
    for line in lines_at_bench(by).filter(instrument__serial_key__in=set(keys.values())).order_by():
        found.setdefault(line.instrument.serial_key, []).append(line)
    return {number: found[key] for number, key in keys.items() if key in found}


def examinations_of(line_id: int, by: Actor) -> ScopedQuerySet[Examination]:
    """Return every record that was made of a line, the newest first."""
    rows = Examination.objects.visible_to(by).filter(line=line_id).order_by("-attempt")
    return rows.select_related("verifier", "checker", "approver", "standard")


def results_of(line_ids: Collection[int], by: Actor) -> dict[int, str]:
    """Return line → the result of its newest record, in words."""
    records = Examination.objects.visible_to(by).filter(line__in=line_ids).order_by("attempt")
    return {record.line_id: str(record.get_result_display()) for record in records}


def standards_for(line: ApplicationLine) -> QuerySet[MeasurementStandard]:
    """Return the institute's measurement standards for the item of a line."""
    rows = MeasurementStandard.objects.filter(institute=line.institute_id, items=line.instrument.item_id)
    return rows.order_by("name", "pk")
