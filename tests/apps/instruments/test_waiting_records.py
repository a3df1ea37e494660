"""What a record waits for is one rule, asked of rows in Python and of the table in SQL."""

from __future__ import annotations

import itertools
from datetime import date, datetime

import pytest

from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.models import Verification
from quanheng.apps.instruments.queries.records import DISPUTED, UNCONFIRMED
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_instrument, make_verification


@pytest.mark.django_db
def test_the_table_and_a_row_say_the_same(stall: Entity, at: datetime) -> None:
    scale = make_instrument(stall)
    cases = itertools.product(Provenance, (None, at), (False, True), (None, date(2026, 11, 1)))
    for number, (provenance, disputed_at, asks_back, voided_on) in enumerate(cases):
        if not asks_back or disputed_at:
            make_verification(
                scale, certificate_number=f"川量-{number}", provenance=provenance, disputed_at=disputed_at,
                asks_back=asks_back, voided_on=voided_on,
            )  # fmt: skip
    with acting_in(EVERYTHING):
        rows = list(Verification.objects.unscoped().filter(instrument=scale))
        for condition, said in (
            (DISPUTED, {row.pk for row in rows if row.is_disputed}),
            (UNCONFIRMED, {row.pk for row in rows if row.is_unconfirmed}),
        ):
            found = Verification.objects.unscoped().filter(condition, instrument=scale)
            assert set(found.values_list("pk", flat=True)) == said
            assert 0 < len(said) < len(rows)
