"""What an institute may verify, with what and by whom, as rows of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from quanheng.apps.accounts.queries import institutes
from quanheng.apps.certificates.models import Authorisation, MeasurementStandard, Qualification


@dataclass(frozen=True, slots=True)
class InstituteFile:
    """An institute with its rows, those that ended included; the ones that hold longest come first."""

    institute: Any
    authorisations: QuerySet[Authorisation]
    standards: QuerySet[MeasurementStandard]
    qualifications: QuerySet[Qualification]


def institute_file(institute_id: int) -> InstituteFile | None:
    """Return what is public about one institute, or None."""
    institute = institutes().filter(pk=institute_id).first()
    if institute is None:
        return None
    own, order = {"institute": institute_id}, ("-valid_from", "pk")
    return InstituteFile(
        institute=institute,
        authorisations=Authorisation.objects.filter(**own).select_related("item", "area").order_by(*order),
        standards=MeasurementStandard.objects.filter(**own).prefetch_related("items").order_by(*order),
        qualifications=Qualification.objects.filter(**own).select_related("user", "item").order_by(*order),
    )
