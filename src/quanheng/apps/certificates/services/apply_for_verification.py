"""申请检定: who uses instruments asks for a verification; each goes to the institute that may do it."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import draft, record_many
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import LineState, PlaceOfWork
from quanheng.apps.certificates.models import Application, ApplicationLine
from quanheng.apps.certificates.queries.due import in_procedure
from quanheng.apps.certificates.queries.routes import Asked, Route, routes_for
from quanheng.apps.certificates.services.slots import check_day_to_come
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.kit.acts import check
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.instrument_states import FREE_FOR_VERIFICATION

AT_ONCE = 2_000
SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another when it is read aloud


@dataclass(frozen=True, slots=True)
class Wish:
    """What the applicant would like."""

    place_of_work: PlaceOfWork
    wanted_on: date
    remarks: str = ""


class Applicable(Asked, Protocol):
    """An instrument as far as an application looks at it."""

    @property
    def entity_id(self) -> int: ...
    @property
    def root_id(self) -> int: ...
    @property
    def serial_number(self) -> str: ...
    @property
    def state(self) -> str: ...
    def get_state_display(self) -> str: ...


def apply_for_verification(
    *, instrument_ids: Sequence[int], wish: Wish, by: Actor, at: datetime
) -> list[Application]:
    """Apply for instruments; one application to each institute for each applicant.

    All or none: where one instrument cannot be applied for, nothing is.

    Raises:
        RuleBroken: nothing_chosen, too_many, day_is_past, instrument_not_found, not_in_service,
            already_applied, nobody_authorised.
        NotYours: not a role that applies.
    """
    ids = _checked(instrument_ids, wish, by, at)
    with transaction.atomic():
        rows = _locked(ids, by)
        routing = routes_for(rows, wish.wanted_on)
        if routing.nowhere:
            names = "、".join(row.serial_number for row in rows if row.pk in routing.nowhere[:3])
            raise refusals.NOBODY_AUTHORISED(names=names, instruments=list(routing.nowhere))
        by_pk = {row.pk: row for row in rows}
        made = []
        for route in routing.routes:
            for parties, chosen in _by_parties([by_pk[pk] for pk in route.instrument_ids], route, by).items():
                made.append(_application(parties, chosen, wish, by=by, at=at))
    return made


def _checked(instrument_ids: Sequence[int], wish: Wish, by: Actor, at: datetime) -> list[int]:
    check(acts.VERIFICATION_APPLIED, by)
    ids = sorted(set(instrument_ids))
    if not ids:
        raise refusals.NOTHING_CHOSEN()
    if len(ids) > AT_ONCE:
        raise refusals.TOO_MANY(most=AT_ONCE)
    check_day_to_come(wish.wanted_on, at)
    return ids


def _locked(ids: list[int], by: Actor) -> Sequence[Applicable]:
    """Lock the instruments: of two applications for one the second sees the first."""
    rows = list(ledger(by).filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
    if len(rows) != len(ids):
        raise refusals.INSTRUMENTS_NOT_FOUND()
    open_ones = in_procedure(ids)
    for row in rows:
        if refusal := why_not(row, open_ones):
            raise refusal
    return rows


def why_not(instrument: Applicable, open_ones: Set[int]) -> RuleBroken | None:
    """Return why an instrument cannot be applied for, or None.

    Args:
        open_ones: the instruments that are in a procedure (`queries.due.in_procedure`).
    """
    it = instrument
    if it.state not in FREE_FOR_VERIFICATION:
        return refusals.NOT_IN_SERVICE(
            serial_number=it.serial_number, state=it.get_state_display(), instrument=it.pk
        )
    if it.pk in open_ones:
        return refusals.ALREADY_APPLIED(serial_number=it.serial_number, instrument=it.pk)
    return None


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who applies, and to whom: the heads of one application."""

    entity_id: int
    root_id: int
    area_id: int
    institute_id: int


def _by_parties(rows: Sequence[Applicable], route: Route, by: Actor) -> dict[_Parties, list[Applicable]]:
    """Group by who applies: the entity itself where it acts, else the market or company at the top."""
    found = defaultdict(list)
    for row in rows:
        entity = row.entity_id if row.entity_id == by.entity_id else row.root_id
        found[_Parties(entity, row.root_id, row.area_id, route.institute_id)].append(row)
    return found


def _application(
    parties: _Parties, rows: Sequence[Applicable], wish: Wish, *, by: Actor, at: datetime
) -> Application:
    day = timezone.localdate(at)
    application = Application.objects.unscoped().create(
        number=f"YJ{day:%y%m%d}{_random(8)}", entity_id=parties.entity_id, root_id=parties.root_id,
        area_id=parties.area_id, institute_id=parties.institute_id, place_of_work=wish.place_of_work,
        wanted_on=wish.wanted_on, remarks=wish.remarks.strip()[:300], slip_token=_random(20), applied_at=at,
        applied_by_id=by.user_id,
    )  # fmt: skip
    lines = [
        ApplicationLine(
            application=application, instrument_id=row.pk, root_id=row.root_id, area_id=row.area_id,
            institute_id=parties.institute_id, state=LineState.APPLIED, changed_at=at,
        )
        for row in rows
    ]  # fmt: skip
    try:
        with transaction.atomic():
            ApplicationLine.objects.unscoped().bulk_create(lines, batch_size=500)
    except IntegrityError:  # somebody who sees other rows was faster: the database holds the rule as well
        raise refusals.JUST_APPLIED() from None
    record_many([
        draft(
            acts.VERIFICATION_APPLIED, by=by, at=at, area_id=row.area_id, entity_id=row.entity_id,
            root_id=row.root_id, instrument_id=row.pk, subject=application.number,
            after={"state": LineState.APPLIED, "institute_id": parties.institute_id},
        )
        for row in rows
    ])  # fmt: skip
    return application


def _random(length: int) -> str:
    return "".join(secrets.choice(SYMBOLS) for _ in range(length))
