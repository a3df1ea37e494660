"""What somebody may find in the ledger by a number: instruments, their seals and codes, makers. Best first.

Each way has an index of its own, with the area in it, so that a county costs the same among ten million; an
answer says of each row whether exactly it was meant. `regulation.search_terms` reads what was typed.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument, InstrumentCode, Seal, ShopperReport, Verification
from quanheng.apps.instruments.queries.codes import codes
from quanheng.apps.instruments.queries.ledger import ledger_with_names, shown_ledger
from quanheng.kit.lists.filters import after_prefix
from quanheng.kit.scope import ScopedQuerySet
from quanheng.regulation.search_terms import Term, read_term

EACH = 200  # of one kind of number; a certificate of a batch names so many


def instruments_with_number(term: Term, by: Actor) -> set[int]:
    """Return the instruments with this code, a seal of this number or a certificate, of today or before."""
    code = term.code or term.key.replace("-", "")  # of another layout, too
    coded = shown_ledger(by).filter(code=code).values_list("pk", flat=True)
    if term.code:
        return set(coded)
    numbers = {term.text, term.key}
    sealed = Q(number__in=numbers) | Q(number_key=term.key, broken_on=None)
    found = (
        Seal.objects.shown_to(by).filter(sealed),
        Verification.objects.visible_to(by).filter(certificate_number__in=numbers),
    )
    return {pk for rows in found for pk in rows.values_list("instrument_id", flat=True)[:EACH]} | set(coded)


def with_serial(rows: QuerySet[Any], typed: str, by: Actor) -> QuerySet[Any]:
    """Keep the instruments that `found_instruments` finds, all of them."""
    term = read_term(typed)
    # Numbers that are known whole are looked up first: what is left are ranges of two indexes.
    known = instruments_with_number(term, by)
    found = _begins(term) | _ends(term) if term.tail else _begins(term)
    return rows.filter(found | Q(pk__in=known)) if known else rows.filter(found)


def found_instruments(term: Term, by: Actor, at_most: int) -> dict[int, bool]:
    """Return instrument → whether exactly it was meant: by code, serial number, seal or certificate."""
    rows = shown_ledger(by)
    found = dict.fromkeys(sorted(instruments_with_number(term, by))[:at_most], True)
    if term.code:
        return found
    ways = [rows.filter(_begins(term)).order_by("serial_key").values_list("pk", "serial_key")[:at_most]]
    if term.tail:
        ends = rows.filter(_ends(term)).order_by("serial_tail")
        ways.append(ends.values_list("pk", "serial_key")[:at_most])
    for pk, key in sorted(_of(ways), key=lambda row: row[1] != term.key):
        found.setdefault(pk, key == term.key)
    return dict(list(found.items())[:at_most])


def _of(ways: list[Any]) -> Any:
    return ways[0].union(*ways[1:], all=True) if len(ways) > 1 else ways[0]


def _begins(term: Term) -> Q:
    return Q(serial_key__gte=term.key, serial_key__lt=after_prefix(term.key))


def _ends(term: Term) -> Q:
    return Q(serial_tail__gte=term.tail, serial_tail__lt=after_prefix(term.tail))


def instruments_in_words(ids: list[int], by: Actor) -> list[Instrument]:
    """Return instruments in the order of the ids, with the names of what they belong to."""
    return sorted(ledger_with_names(by).filter(pk__in=ids), key=lambda row: ids.index(row.pk))


def found_records(term: Term, by: Actor, at_most: int) -> list[Verification]:
    """Return verifications, whoever recorded them, whose certificate bears this number or begins so."""
    rows = Verification.objects.visible_to(by).select_related("instrument__entity")
    begins = rows.filter(certificate_number__gte=term.key, certificate_number__lt=after_prefix(term.key))
    return list(begins.order_by("certificate_number")[:at_most])


def found_seals(term: Term, by: Actor, at_most: int) -> list[Seal]:
    """Return the seals with this number, whole or ended, then whole ones whose number begins so."""
    rows = Seal.objects.shown_to(by).select_related("instrument")
    whole = rows.filter(number_key__gte=term.key, number_key__lt=after_prefix(term.key), broken_on=None)
    found = {row.pk: row for row in rows.filter(number__in={term.text, term.key})[:at_most]}
    found |= {row.pk: row for row in whole.order_by("number_key")[:at_most]}
    return sorted(found.values(), key=lambda row: row.number_key != term.key)[:at_most]


def found_codes(term: Term, by: Actor, at_most: int) -> list[InstrumentCode]:
    """Return the code that was typed or scanned, or those that begin so: blank and replaced ones too."""
    if not (term.code or term.code_begins):
        return []
    if term.code:
        return list(codes(by).filter(value=term.code))
    begins = term.code_begins
    return list(
        codes(by).filter(value__gte=begins, value__lt=after_prefix(begins)).order_by("value")[:at_most]
    )


def found_makers(term: Term, by: Actor, at_most: int) -> list[str]:
    """Return the makers, as they are written, of instruments that the actor sees, whose name begins so."""
    rows = shown_ledger(by).filter(manufacturer__gte=term.text, manufacturer__lt=after_prefix(term.text))
    names: list[str] = []
    while len(names) < at_most:  # from one to the next: DISTINCT reads every instrument of each
        following = rows.filter(manufacturer__gt=names[-1]) if names else rows
        name = following.order_by("manufacturer").values_list("manufacturer", flat=True).first()
        if name is None:
            break
        names.append(name)
    return names


def found_reports(term: Term, by: Actor) -> ScopedQuerySet[ShopperReport]:
    """Return the report of a shopper with this number."""
    return ShopperReport.objects.visible_to(by).filter(number=term.key)
