"""What an act on site has besides its own facts: photos, a second officer, the place.

The digests of the photos and the name of the second officer stand in the act, so that the public log holds
them: a photo that is exchanged later no longer fits its act. Who was there is what the officer says; who is
named is somebody on duty at that place, and never the officer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.colleagues import colleague, names_of
from quanheng.apps.instruments.attached import refusals
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import InstrumentAct
from quanheng.apps.instruments.services.attach import keep_rows
from quanheng.kit.acts import Verb
from quanheng.kit.attached_files import KeptFile

MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class OnSite:
    """What was seen there.

    Args:
        photos: as they were kept.
        second_officer_id: the person who was there as well; None for nobody.
        is_appointed: the second officer was appointed to this check: where they sit is not asked again.
        place_matches: the instrument stands where the ledger says; None when not compared.
        found_place: where it stands instead.
        position: longitude and latitude in degrees (WGS 84), as the officer's device said them; None without.
    """

    photos: Sequence[KeptFile] = ()
    second_officer_id: int | None = None
    is_appointed: bool = False
    place_matches: bool | None = None
    found_place: str = ""
    position: tuple[Decimal, Decimal] | None = None


ALONE = OnSite()


def note_on_site(act: InstrumentAct, seen: OnSite, verb: Verb, *, on: date, by: Actor, at: datetime) -> None:
    """Write what was seen on site into an act, and keep the rows of its photos.

    Args:
        on: the day on which it was seen: whoever is named was on duty there then.

    Raises:
        RuleBroken: second_officer_unfit, no_found_place, too_many_photos.
    """
    if len(seen.photos) > MOST_PHOTOS:
        raise refusals.TOO_MANY_PHOTOS(most=MOST_PHOTOS)
    act.facts |= _beside(act.instrument, seen, on, by) | _place(seen)
    if seen.photos:
        keep_rows(seen.photos, act.instrument, verb, by=by, at=at)
        act.facts["photos"] = [photo.digest for photo in seen.photos]


def _beside(it: Instrument, seen: OnSite, on: date, by: Actor) -> dict[str, Any]:
    """Name the second officer: neither the actor nor anybody who was not on duty there."""
    if seen.second_officer_id is None:
        return {}
    if seen.is_appointed:
        name = names_of([seen.second_officer_id])[seen.second_officer_id]
        return {"second_officer": name, "second_officer_id": seen.second_officer_id}
    named = colleague(by, it.area_id, on, seen.second_officer_id)
    if named is None:
        raise refusals.SECOND_OFFICER_UNFIT()
    return {"second_officer": named.name, "second_officer_id": named.user_id}


def _place(seen: OnSite) -> dict[str, Any]:
    found = seen.found_place.strip()
    if seen.place_matches is False and not found:
        raise refusals.NO_FOUND_PLACE()
    told: dict[str, Any] = {} if seen.place_matches is None else {"place_matches": seen.place_matches}
    if found:
        told["found_place"] = found
    if seen.position:
        told["position_said"] = ", ".join(f"{degrees:.6f}" for degrees in seen.position)
    return told
