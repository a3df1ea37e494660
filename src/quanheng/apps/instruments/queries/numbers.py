"""Which instrument somebody means who types a number whole: its code, a seal's, a certificate's."""

from __future__ import annotations

from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.kit.scope import Actor

EACH = 200  # of one kind of number; a certificate of a batch names so many


def instruments_with_number(number: str, by: Actor) -> set[int]:
    """Return the instruments with this code, a seal of this number or a certificate, of today or before."""
    code = number.upper().replace("-", "").replace(" ", "")
    found = [
        Instrument.objects.shown_to(by).filter(code=code).values_list("pk", flat=True),
        Seal.objects.shown_to(by).filter(number=number).values_list("instrument_id", flat=True),
        Verification.objects.visible_to(by)
        .filter(certificate_number=number)
        .values_list("instrument_id", flat=True),
    ]
    return {pk for rows in found for pk in rows[:EACH]}
