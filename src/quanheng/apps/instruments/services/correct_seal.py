"""更正铅封编号: the number in the ledger is not the one on the seal. The scan page tells that it was done.

The seal stays the same and whole: a seal that was replaced is ended and applied anew. Whoever puts seals on
does not correct their numbers.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.models import Seal
from quanheng.apps.instruments.queries.seals import carriers
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.apply_seal import check_number, check_number_free, check_number_unused
from quanheng.apps.instruments.services.ledger_batch import number_taken
from quanheng.regulation.seal_numbers import seal_key


def correct_seal(
    *, instrument_id: int, seal_id: int, number: str, reason: str, by: Actor, at: datetime
) -> Seal:
    """Correct the number of a whole seal.

    Raises:
        RuleBroken: seal_not_found, no_reason, no_number, seal_number_unreadable, seal_number_used,
            seal_number_in_use.
    """
    number, reason = number.strip(), reason.strip()
    with act_on(acts.SEAL_CORRECTED, instrument_id, by=by, at=at, reason=reason) as act:
        rows = list(Seal.objects.unscoped().filter(instrument=act.instrument))
        seal = next((row for row in rows if row.pk == seal_id and row.broken_on is None), None)
        if seal is None:
            raise refusals.INTACT_SEAL_NOT_FOUND()
        if not reason:
            raise refusals.NO_REASON_TO_CORRECT()
        check_number(number)
        check_number_unused([row for row in rows if row.pk != seal_id], number)
        carrier = carriers([number], by).get(seal_key(number))
        if carrier and (carrier.instrument_id != instrument_id or seal.number_disputed):
            check_number_free(number, carrier)
        act.facts |= {"seal_was": seal.number, "seal": number, "position": seal.position}
        seal.number, seal.number_disputed = number, False
        try:
            with transaction.atomic():
                seal.save(update_fields=["number", "number_disputed"])
        except IntegrityError as broken:
            raise number_taken(broken) from None
    return seal
