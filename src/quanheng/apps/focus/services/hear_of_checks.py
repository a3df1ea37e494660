"""Heard in the transaction of the act: a recorded check may propose the list, and moves the next visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from quanheng.apps.focus.history import subject_column
from quanheng.apps.focus.queries.listings import entities_on_list
from quanheng.apps.focus.services.review import review
from quanheng.apps.inspections.acts import CORRECTION_APPROVED, INSPECTION_RECORDED
from quanheng.apps.instruments.acts import CHECKED
from quanheng.kit.scope import EVERYTHING, acting_in

RESULTS = (INSPECTION_RECORDED, CORRECTION_APPROVED)


def hear_of_checks(acts: Sequence[Any], **_signal: Any) -> None:
    """Review where something was checked: what was drawn anywhere, on site whoever is on the list."""
    drawn = [act for act in acts if act.verb in RESULTS and act.entity_id is not None]
    on_site = {act.entity_id for act in acts if act.verb == CHECKED and act.entity_id is not None}
    if not (drawn or on_site):
        return
    with acting_in(EVERYTHING):
        column = subject_column(timezone.localdate(acts[0].at))
        subjects = {getattr(act, column) for act in drawn} | entities_on_list(on_site)
        for subject in sorted(subjects):
            review(subject, at=acts[0].at)
