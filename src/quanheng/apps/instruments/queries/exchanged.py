"""What the exchange with the national systems reads of the ledger, and how it finds an instrument in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument, InstrumentCode, Seal, Verification
from quanheng.regulation.instrument_identity import number_key
from quanheng.regulation.instrument_states import UNFILED, WITHOUT_CODE

OF_A_ROW = ("item__parent", "area", "entity", "root", "parent")


@dataclass(frozen=True, slots=True)
class Known:
    """An instrument as a row of somebody else's sheet is compared with it."""

    instrument_id: int
    serial_number: str
    manufacturer: str
    production_code: str
    area_id: int
    credit_codes: frozenset[str]
    whole_id: int
    is_scrapped: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """A reading of an area that goes on after a row: rows in the order of areas and ids.

    Args:
        area_id, after: the row that was read last; id 0 for the beginning of an area.
        last: the last area of the interval.
    """

    area_id: int
    after: int
    last: int

    def beyond(self) -> Q:
        """What is left. The index on (area, id) gives it in order, from the beginning of the area."""
        left = Q(area_id__gt=self.area_id) | Q(pk__gt=self.after)
        return Q(area_id__gte=self.area_id, area_id__lte=self.last) & left


def ledger_rows(reach: Reach, at_most: int) -> list[Instrument]:
    """Return the next filed instruments, with all that a row of a ledger says.

    A whole is left out where its parts are rows: a dispenser is the nozzles that it has.
    """
    parts = Instrument.objects.unscoped().filter(parent=OuterRef("pk"))
    rows = Instrument.objects.unscoped().filter(reach.beyond(), ~Exists(parts)).exclude(state__in=UNFILED)
    return list(rows.select_related(*OF_A_ROW).order_by("area_id", "pk")[:at_most])


def coded_rows(reach: Reach, at_most: int) -> list[Instrument]:
    """Return the next instruments that carry a code and are not scrapped."""
    rows = Instrument.objects.unscoped().filter(reach.beyond(), code__isnull=False)
    rows = rows.exclude(state__in=WITHOUT_CODE)
    return list(rows.order_by("area_id", "pk")[:at_most])


def ledger_row(instrument_id: int) -> Instrument | None:
    """Return one instrument with all that a row of a ledger says; None where it is gone."""
    return Instrument.objects.unscoped().select_related(*OF_A_ROW).filter(pk=instrument_id).first()


def verification_rows(reach: Reach, at_most: int) -> list[Verification]:
    """Return the next verifications, with their instruments."""
    related = ("instrument__entity", "instrument__root", "instrument__parent")
    rows = Verification.objects.unscoped().filter(reach.beyond()).select_related(*related)
    return list(rows.order_by("area_id", "pk")[:at_most])


def certificates_recorded(numbers: Collection[str]) -> QuerySet[Verification]:
    """Return what is recorded under these certificate numbers, whoever holds the instrument."""
    return Verification.objects.unscoped().filter(certificate_number__in=numbers).select_related("instrument")


def whole_seals(instrument_id: int) -> list[str]:
    """Return the numbers of the seals that are whole, in the order of their positions."""
    rows = Seal.objects.unscoped().filter(instrument_id=instrument_id, broken_on=None)
    return list(rows.order_by("position", "pk").values_list("number", flat=True))


def among_scales(ids: Collection[int], slugs: Sequence[str], most_g: int) -> set[int]:
    """Return which of the instruments are of these items and weigh no more than so many grams."""
    of_item = Instrument.objects.unscoped().filter(pk__in=ids, item__slug__in=slugs)
    light = Q(max_capacity_g__isnull=True) | Q(max_capacity_g__lte=Decimal(most_g))
    return set(of_item.filter(light).values_list("pk", flat=True))


def by_code(codes: Collection[str]) -> dict[str, int]:
    """Return code → instrument; a code that was replaced still means its instrument."""
    rows = InstrumentCode.objects.unscoped().filter(value__in=codes, instrument__isnull=False)
    return {code: pk for code, pk in rows.values_list("value", "instrument_id") if pk is not None}


def by_serial_number(numbers: Collection[str]) -> dict[str, list[Known]]:
    """Return serial number as it was asked for → the instruments that carry it, scrapped ones among them."""
    keys = {number: number_key(number) for number in numbers}
    rows = Instrument.objects.unscoped().filter(serial_key__in=set(keys.values()))
    found: defaultdict[str, list[Known]] = defaultdict(list)
    for row in rows.select_related("entity", "root").order_by("pk"):
        found[row.serial_key].append(_known(row))
    return {number: found[key] for number, key in keys.items() if key in found}


def known(ids: Collection[int]) -> dict[int, Known]:
    """Return instruments by id."""
    rows = Instrument.objects.unscoped().filter(pk__in=ids).select_related("entity", "root")
    return {row.pk: _known(row) for row in rows}


def _known(row: Instrument) -> Known:
    codes = frozenset(filter(None, (row.entity.credit_code, row.root.credit_code)))
    return Known(
        row.pk, row.serial_number, row.manufacturer, row.production_code, row.area_id, codes,
        row.parent_id or row.pk, row.state == InstrumentState.SCRAPPED,
    )  # fmt: skip
