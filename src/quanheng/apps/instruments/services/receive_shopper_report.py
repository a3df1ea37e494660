"""扫码反映: what a shopper says is wrong. No name and no phone is asked for, none is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import province_if_loaded
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ShopperProblem
from quanheng.apps.instruments.models import InstrumentCode, ShopperReport
from quanheng.apps.instruments.services.settle_report import filed, look_by
from quanheng.kit.scope import EVERYTHING, NOTHING, acting_in

LONGEST_LABEL = 400
PUBLIC = Actor(user_id=None, name="公众", role=None, scope=NOTHING)


def receive_shopper_report(
    *, number: str, code: str, problem: str, place: str = "", words: str = "", photo: str = "", at: datetime
) -> ShopperReport:
    """Keep a report under its receipt number. The same number again is the same report, not a second one.

    Args:
        number: made with the form, so that a double press sends one report.
        code: a code that was read; the report is kept even where it is no instrument's.
        photo: name of the re-encoded picture; empty without one.

    Raises:
        RuleBroken: no_problem, too_long.
    """
    _check(problem, place, words)
    with acting_in(EVERYTHING):
        about = _about(code)
        report, is_new = ShopperReport.objects.unscoped().get_or_create(
            number=number,
            defaults={
                "instrument_id": about.instrument_id, "root_id": about.root_id, "area_id": about.area_id,
                "code": code, "about": about.label,
                "problem": problem, "place": place.strip(), "words": words.strip(), "photo": photo,
                "received_at": at, "due_on": look_by(at),
            },
        )  # fmt: skip
        if is_new:
            record(
                acts.SHOPPER_REPORT_RECEIVED, by=PUBLIC, at=at, **filed(report),
                after={"problem": problem, "has_photo": bool(photo)},
            )  # fmt: skip
    return report


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about; where the code was never issued, nothing: the province looks into the label."""

    instrument_id: int | None = None
    root_id: int | None = None
    area_id: int | None = None
    label: str = ""  # what the scan page shows of it: whoever holds the code may know it


def _about(code: str) -> About:
    known = InstrumentCode.objects.unscoped().select_related("instrument__entity").filter(pk=code).first()
    if known is None:
        return About(area_id=province_if_loaded())
    if known.instrument is None:
        return About(area_id=known.area_id)
    it = known.instrument
    label = " · ".join(filter(None, (it.name, it.entity.name, it.place)))
    return About(it.pk, it.root_id, it.area_id, label[:LONGEST_LABEL])


def _check(problem: str, place: str, words: str) -> None:
    if problem not in ShopperProblem.values:
        raise refusals.NO_PROBLEM()
    if len(place.strip()) > 120 or len(words.strip()) > 1000:
        raise refusals.REPORT_TOO_LONG()
