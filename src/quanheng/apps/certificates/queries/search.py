"""Certificates and applications that somebody may find by a number, best first."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import Application, ApplicationLine, Certificate
from quanheng.apps.certificates.queries.certificates import certificates
from quanheng.apps.certificates.queries.public import read_code
from quanheng.kit.lists.filters import after_prefix
from quanheng.regulation.search_terms import Term, read_term

RECEIPT = re.compile(r"SL(\d{10,18})")  # services.receive_application writes it from the line's number


def found_certificates(term: Term, by: Actor, at_most: int) -> list[Certificate]:
    """Return the certificate of this number or address first, then what begins and what ends so."""
    rows = certificates(by).select_related("instrument__entity")
    if code := read_code(term.certificate):
        return list(rows.filter(public_code=code))
    begins = rows.filter(search_key__gte=term.key, search_key__lt=after_prefix(term.key))
    found = {row.pk: row for row in begins.order_by("search_key", "pk")[:at_most]}
    if term.tail and len(found) < at_most:
        ends = rows.filter(search_tail__gte=term.tail, search_tail__lt=after_prefix(term.tail))
        found |= {row.pk: row for row in ends.order_by("search_tail", "pk")[:at_most]}
    return list(found.values())[:at_most]


def found_applications(term: Term, by: Actor, at_most: int) -> list[Application]:
    """Return the applications of this number or receipt, or whose number begins so."""
    rows = Application.objects.visible_to(by).filter(_of_application(term.key))
    if by.is_institute:
        rows = rows.filter(institute=by.agency_id or 0)
    return list(rows.select_related("entity", "institute").order_by("number")[:at_most])


def lines_with_number(rows: QuerySet[ApplicationLine], typed: str) -> QuerySet[ApplicationLine]:
    """Keep the lines of the applications that `found_applications` finds, and of one instrument."""
    key = read_term(typed).key
    named = Q(application__in=Application.objects.unscoped().filter(_of_application(key)).values("pk"))
    return rows.filter(named | Q(instrument__serial_key=key))


def _of_application(key: str) -> Q:
    """Return the condition that an application bears a number: its own or its beginning, a line's receipt."""
    begins = Q(number__gte=key, number__lt=after_prefix(key))
    if receipt := RECEIPT.fullmatch(key):
        return begins | Q(
            pk__in=ApplicationLine.objects.unscoped().filter(pk=int(receipt[1])).values("application")
        )
    return begins
