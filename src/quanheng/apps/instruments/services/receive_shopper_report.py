"""扫码反映: what a shopper says is wrong. No name and no phone is asked for, none is kept."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.services import record
from quanheng.apps.instruments.enums import ShopperProblem
from quanheng.apps.instruments.models import InstrumentCode, ShopperReport
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, NOTHING, acting_in

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
        known = InstrumentCode.objects.unscoped().select_related("instrument").filter(pk=code).first()
        instrument = known.instrument if known else None
        report, is_new = ShopperReport.objects.unscoped().get_or_create(
            number=number,
            defaults={
                "instrument": instrument,
                "root_id": instrument and instrument.root_id,
                "area_id": instrument.area_id if instrument else known and known.area_id,
                "problem": problem, "place": place.strip(), "words": words.strip(), "photo": photo,
                "received_at": at,
            },
        )  # fmt: skip
        if is_new:
            record(
                Verb.PUBLIC_REPORT_RECEIVED, by=PUBLIC, at=at, area_id=report.area_id, root_id=report.root_id,
                entity_id=instrument and instrument.entity_id, instrument_id=instrument and instrument.pk,
                subject=number, after={"problem": problem, "has_photo": bool(photo)},
            )  # fmt: skip
    return report


def _check(problem: str, place: str, words: str) -> None:
    if problem not in ShopperProblem.values:
        raise RuleBroken("no_problem", "请选择遇到的问题。")
    if len(place.strip()) > 120 or len(words.strip()) > 1000:
        raise RuleBroken("too_long", "地点请不超过 120 字，说明请不超过 1000 字。")
