"""建标: a measurement standard of an institute, with its certificate, its range and its traceability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.models import MeasurementStandard
from quanheng.apps.certificates.services.institutes import Paper, check_paper, institute_for, note


@dataclass(frozen=True, slots=True)
class StandardFacts:
    """What the certificate of a measurement standard says of it."""

    name: str
    measuring_range: str = ""
    accuracy: str = ""
    traced_until: date | None = None


def enter_standard(
    *, institute_id: int, item_ids: Sequence[int], facts: StandardFacts, paper: Paper, by: Actor,
    at: datetime,
) -> MeasurementStandard:  # fmt: skip
    """Enter a measurement standard and the items of the catalogue that it verifies.

    Raises:
        RuleBroken: institute_not_found, no_name, no_items, already_entered, and what `check_paper`
            refuses.
        NotYours: neither the province nor the institute's manager.
    """
    institute, paper = institute_for(institute_id, by), check_paper(paper)
    if not facts.name.strip():
        raise refusals.NO_STANDARD_NAME()
    if not item_ids:
        raise refusals.NO_ITEMS()
    with transaction.atomic():
        held = MeasurementStandard.objects.filter(institute=institute_id)
        if held.filter(certificate_number=paper.certificate_number).exists():
            raise refusals.ALREADY_ENTERED(certificate_number=paper.certificate_number)
        standard = MeasurementStandard.objects.create(
            institute_id=institute_id, name=facts.name.strip(), measuring_range=facts.measuring_range.strip(),
            accuracy=facts.accuracy.strip(), traced_until=facts.traced_until,
            certificate_number=paper.certificate_number, valid_from=paper.valid_from, valid_to=paper.valid_to,
        )  # fmt: skip
        standard.items.set(sorted(set(item_ids)))
        what = {"kind": "standard", "name": standard.name, "items": sorted(set(item_ids))}
        note(institute, paper, what, by=by, at=at)
    return standard
