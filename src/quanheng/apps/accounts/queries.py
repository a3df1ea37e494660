"""Reading areas, agencies and people. Unscoped tables: sign-in reads them before a scope exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.area_index import AreaIndex, NamedArea, clean
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.demonstration import works_here
from quanheng.apps.accounts.enums import (
    ENTITY_ROLES,
    INSTITUTE_STAFF,
    OFFICERS,
    OVERSIGHT,
    AgencyKind,
    AreaLevel,
    Role,
)
from quanheng.apps.accounts.models import Agency, Appointment, Area, AreaSuccession, User
from quanheng.apps.accounts.posts import Post, post_of, posts_of
from quanheng.apps.accounts.sessions import Session
from quanheng.kit.assignments import AssignedRow, Capacity, capacities_of
from quanheng.kit.dated import holding_on
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import Scope, ScopedQuerySet

# The roles that read the ledger of an area; whoever is not named reads none of it. Until verification
# applications say which instruments an institute was given, its staff read the area it is authorised for.
AREA_ROLES = OFFICERS | INSTITUTE_STAFF
LOG_ROLES = frozenset({Role.AUDITOR, Role.AUDIT_ADMINISTRATOR})
SUBJECTS = {Role.HOTLINE_AGENT: "reports"}  # of the area's rows, those of one subject and no others


def appointments_of(user_id: int, on: date) -> QuerySet[Appointment]:
    """Return the appointments that a person holds on a day, oldest first; not those that are suspended."""
    return (
        Appointment.objects.filter(holding_on(on), user_id=user_id, suspended_at=None)
        .select_related("user", "agency__area", "area")
        .order_by("id")
    )


def actor_of(appointment: Appointment) -> Actor:
    """Build the actor whom an appointment makes of its person."""
    return _actor(post_of(appointment))


def _actor(post: Post) -> Actor:
    return Actor(
        user_id=post.user_id,
        name=post.person,
        role=Role(post.role),
        scope=_scope(post),
        area_id=post.area_id,
        agency_id=post.agency_id,
        agency_name=post.agency_name,
        appointment_id=post.id,
        is_chief=keeps_accounts(post),
    )


def keeps_accounts(held: Post | Appointment) -> bool:
    """Say whether a post keeps the accounts of its unit: an institute's manager always does."""
    return held.is_chief or held.role == Role.INSTITUTE_MANAGER


def actor_for(user_id: int, appointment_id: int | None, on: date) -> Actor | None:
    """Return the person in the role they chose, else in their first role; None when they hold none today.

    An account of a demonstration holds none anywhere else.
    """
    held = [post for post in posts_of(user_id, on) if works_here(post)]
    chosen = next((post for post in held if post.id == appointment_id), None) or (held[0] if held else None)
    return _actor(chosen) if chosen else None


def actor_behind(user_id: int | None, appointment_id: int | None, on: date) -> Actor:
    """Return whoever started something that goes on by itself, with the rights that they have on the day.

    Raises:
        NotYours: appointment_ended.
    """
    if appointment_id is None:
        return SYSTEM
    actor = actor_for(user_id or 0, appointment_id, on)
    if actor is None or actor.appointment_id != appointment_id:
        raise refusals.APPOINTMENT_ENDED()
    return actor


def person_behind(user_id: int | None, appointment_id: int | None, on: date) -> Actor:
    """Return whoever asked for something that is theirs alone, as they stand today; never the system.

    Raises:
        NotYours: appointment_ended.
    """
    if user_id is None or appointment_id is None:
        raise refusals.APPOINTMENT_ENDED_SINCE()
    try:
        return actor_behind(user_id, appointment_id, on)
    except NotYours:
        raise refusals.APPOINTMENT_ENDED_SINCE() from None


def _scope(post: Post) -> Scope:
    """What the role reaches, and what is assigned beyond it; most roles can be assigned nothing."""
    scope = replace(_reach(post), agency_id=post.agency_id)
    capacities = capacities_of(Role(post.role))
    if not capacities:
        return scope
    return replace(scope, capacities=capacities, assigned=_assigned(scope, capacities))


def _assigned(scope: Scope, capacities: tuple[str, ...]) -> tuple[AssignedRow, ...]:
    """Asked of a function of the database: sign-in reads it before a scope exists."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, row_id, capacity FROM assignments_held(%s, %s, %s, %s)",
            [scope.user_id, scope.entity_id, scope.agency_id, list(capacities)],
        )
        return tuple(AssignedRow(*row) for row in cursor.fetchall())


def _reach(post: Post) -> Scope:
    role, user = Role(post.role), post.user_id
    if role in ENTITY_ROLES:
        return Scope(entity_id=post.entity_id, user_id=user)
    if role in LOG_ROLES:
        return Scope(log=True, user_id=user)
    if post.area_id is None or post.area_last is None:
        return Scope(user_id=user)
    if role in SUBJECTS:
        return Scope(
            user_id=user, subject=SUBJECTS[role], subject_first=post.area_id, subject_last=post.area_last
        )
    if role not in AREA_ROLES:
        return Scope(user_id=user)
    return Scope(first=post.area_id, last=post.area_last, user_id=user)


def open_assignments(row_id: int, capacity: Capacity) -> ScopedQuerySet[Assignment]:
    """Return the assignments of a row in a capacity that nobody has ended."""
    return Assignment.objects.unscoped().filter(
        kind=capacity.kind, row_id=row_id, capacity=capacity, ended_at=None
    )


def living_areas(on: date) -> QuerySet[Area]:
    """Return the areas whose codes hold on a day: not on that of their abolition, their heirs stand then."""
    return Area.objects.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def area_index() -> AreaIndex:
    """Return all areas, ended ones included, by their names; build it once for an import."""
    heirs: dict[int, list[int]] = defaultdict(list)
    for predecessor, successor in AreaSuccession.objects.values_list("predecessor_id", "successor_id"):
        heirs[predecessor].append(successor)
    return AreaIndex(
        NamedArea(
            area.id, area.last, AreaLevel(area.level), area.name, area.full_name, tuple(area.former_names),
            tuple(heirs[area.id]), area.valid_to is not None,
        )
        for area in Area.objects.all()
    )  # fmt: skip


def search_areas(text: str, *, within: Scope, on: date, limit: int = 20) -> list[Area]:
    """Return areas for a picker: inside the scope, the text in their full name, higher levels first."""
    areas = living_areas(on).filter(full_name__icontains=clean(text))
    if not within.everything:
        mine = within.areas
        areas = areas.filter(id__gte=mine[0], id__lte=mine[1]) if mine else areas.none()
    return list(areas.order_by("level", "id")[:limit])


def sub_areas(parent_id: int | None, on: date) -> QuerySet[Area]:
    """Return the areas right below one (the province when None), in the order of their codes."""
    return living_areas(on).filter(parent_id=parent_id).order_by("id")


def counties_within(first: int, last: int, on: date) -> list[Area]:
    """Return the counties whose positions lie in an interval on a day, in their order."""
    within = living_areas(on).filter(level=AreaLevel.COUNTY, id__gte=first, last__lte=last)
    return list(within.order_by("id"))


def county_of(position: int, on: date) -> Area | None:
    """Return the county in which a position lies on a day; None for a place above every county."""
    around = living_areas(on).filter(level=AreaLevel.COUNTY, id__lte=position, last__gte=position)
    return around.first()


def area_path(area: Area) -> list[Area]:
    """Return the areas from the province down to this one."""
    path = [area]
    while path[0].parent is not None:
        path.insert(0, path[0].parent)
    return path


def sessions_of(user_id: int, *, at: datetime) -> QuerySet[Session]:
    """Return a person's open sessions, the newest first."""
    return Session.objects.filter(user_id=user_id, expire_date__gt=at).order_by("-began_at")


def has_second_factor(user_id: int) -> bool:
    """Say whether a person has enrolled a second factor (recovery codes alone are none)."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists())


def active_user(username: str) -> User | None:
    """Return the person with this username whose account is open."""
    return User.objects.filter(username=username, is_active=True).first() if username else None


def province_id() -> int:
    """Return the province: the one area without a parent."""
    return Area.objects.filter(parent__isnull=True, valid_to__isnull=True).values_list("id", flat=True).get()


def province_if_loaded() -> int | None:
    """Return the province; None where no areas are loaded yet."""
    return (
        Area.objects.filter(parent__isnull=True, valid_to__isnull=True).values_list("id", flat=True).first()
    )


def area_of_code(code: str) -> int | None:
    """Return the living area with a six-digit code; of one that ended, its heir where there is one alone."""
    rows = Area.objects.filter(code=code.ljust(12, "0"))
    living = rows.filter(valid_to__isnull=True).values_list("id", flat=True).first()
    heirs = AreaSuccession.objects.filter(predecessor__in=rows, successor__valid_to__isnull=True)
    found = list(heirs.values_list("successor_id", flat=True)[:2])
    return living or (found[0] if len(found) == 1 else None)


def positions_by_code() -> dict[str, int]:
    """Return division code (as listed, and cut to 6 or 9 digits) → position; an ended code means its heir.

    A code that was divided among several heirs is left out: the clerk has to say which.
    """
    heirs: dict[int, set[int]] = defaultdict(set)
    for predecessor, successor in AreaSuccession.objects.values_list("predecessor_id", "successor_id"):
        heirs[predecessor].add(successor)
    found: dict[str, int] = {}
    for position, code, ended in Area.objects.order_by("-level").values_list("id", "code", "valid_to"):
        living = (
            position
            if ended is None
            else (next(iter(heirs[position])) if len(heirs[position]) == 1 else None)
        )
        if living is None:
            continue
        padded = code.ljust(12, "0")
        for form in {code, padded} | ({padded[:9]} if padded.endswith("000") else set()):
            if ended is None or form not in found:
                found[form] = living
        if padded.endswith("000000") and (ended is None or padded[:6] not in found):
            found[padded[:6]] = living
    return found


def people() -> QuerySet[User]:
    """Return everybody with a sign-in, with their appointments."""
    return User.objects.prefetch_related("appointments__agency")


def on_both_sides(on: date) -> QuerySet[User]:
    """Return people who on a day act for an entity and supervise or verify as well (now refused)."""
    held = Appointment.objects.filter(holding_on(on), user=OuterRef("pk"))
    return people().filter(
        Exists(held.filter(role__in=ENTITY_ROLES)), Exists(held.filter(role__in=OVERSIGHT))
    )


def person(user_id: int) -> User | None:
    """Return one of them."""
    return people().filter(pk=user_id).first()


def institutes() -> QuerySet[Agency]:
    """Return the institutes that verify instruments; that they exist, and where, is public."""
    return Agency.objects.filter(kind=AgencyKind.INSTITUTE).select_related("area").order_by("area_id", "id")


def people_of(agency_id: int, on: date) -> QuerySet[User]:
    """Return the people who hold an appointment at an agency on a day."""
    held = Appointment.objects.filter(holding_on(on), agency=agency_id)
    return User.objects.filter(pk__in=held.values("user_id")).order_by("name", "pk")


def agencies() -> QuerySet[Agency]:
    """Return every agency, with its area."""
    return Agency.objects.select_related("area")


def agency_named(name: str) -> Agency | None:
    """Return the agency with this full name."""
    return Agency.objects.filter(name=name).first()


def areas() -> QuerySet[Area]:
    """Return every area, those that ended included."""
    return Area.objects.all()


def area(area_id: int) -> Area | None:
    """Return an area by its position."""
    return Area.objects.select_related("parent").filter(pk=area_id).first()


def area_names(area_ids: Collection[int]) -> dict[int, str]:
    """Return the full names of areas."""
    return dict(Area.objects.filter(pk__in=area_ids).values_list("pk", "full_name"))


def successions_of(area: Area) -> QuerySet[AreaSuccession]:
    """Return what this area took the place of, and what took its place."""
    return (
        AreaSuccession.objects.filter(Q(predecessor=area) | Q(successor=area))
        .select_related("predecessor", "successor")
        .order_by("on", "id")
    )


def mail_of(user_id: int) -> str:
    """Return a person's mail address; empty where there is none, or the person is gone."""
    return User.objects.filter(pk=user_id, is_active=True).values_list("email", flat=True).first() or ""
