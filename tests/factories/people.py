"""Areas, agencies, people."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import date
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import ENTITY_ROLES, AgencyKind, AreaLevel, KeyScope, Role
from quanheng.apps.accounts.kept_forms import KeptForm, Typed
from quanheng.apps.accounts.key_queries import hash_of
from quanheng.apps.accounts.models import Agency, Appointment, Area, User
from quanheng.apps.accounts.positions import CODE_DIGITS, free_position, position_of
from quanheng.apps.accounts.queries import actor_of
from quanheng.apps.accounts.services.keep_form import keep_form
from quanheng.apps.accounts.sessions import BEGAN_KEY
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in

PASSWORD = "秤砣虽小-压千斤-2026"  # long enough for the rules
LONG_AGO = date(2020, 1, 1)
_numbers = count(1)

P = ParamSpec("P")
R = TypeVar("R")


def as_system(make: Callable[P, R]) -> Callable[P, R]:
    """Run a factory with row-level security open; the test's own scope holds again afterwards."""

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        with acting_in(EVERYTHING):
            return make(*args, **kwargs)

    return made


def serial() -> int:
    """Return a number that no other row of this test run has."""
    return next(_numbers)


@as_system
def make_area(
    name: str = "",
    *,
    level: AreaLevel = AreaLevel.COUNTY,
    parent: Area | None = None,
    code: str = "",
    **fields: Any,
) -> Area:
    """Make an area below `parent`; without one, below the next city (province above it) that has room."""
    if level == AreaLevel.PROVINCE:
        return _area(AreaLevel.PROVINCE, None, "51", name or "四川省", fields)
    if parent is None:
        above = AreaLevel(level - 1)
        parent = _province() if above == AreaLevel.PROVINCE else make_area(level=above)
    return _area(level, parent, code, name or f"{level.label[:1]}{serial()}", fields)


def _province() -> Area:
    return Area.objects.filter(level=AreaLevel.PROVINCE).first() or make_area(level=AreaLevel.PROVINCE)


def _area(level: AreaLevel, parent: Area | None, code: str, name: str, fields: dict[str, Any]) -> Area:
    if parent is None:
        first, last = position_of(code)
    else:
        taken = list(Area.objects.filter(id__gt=parent.id, id__lte=parent.last).values_list("id", "last"))
        first, last = free_position(
            code or _next_code(level, parent, taken), level, (parent.id, parent.last), taken
        )
    above = "" if parent is None or parent.level == AreaLevel.PROVINCE else parent.full_name
    defaults = {
        "code": str(first), "name": name, "full_name": above + name, "level": level, "parent": parent,
        "valid_from": LONG_AGO,
    }  # fmt: skip
    area, _ = Area.objects.get_or_create(id=first, last=last, defaults=defaults | fields)
    return area


def _next_code(level: AreaLevel, parent: Area, taken: list[tuple[int, int]]) -> str:
    size = 10 ** (12 - CODE_DIGITS[level])
    highest = max((last + 1 - size for _, last in taken if (last + 1) % size == 0), default=parent.id)
    return str(highest + size)


@as_system
def make_agency(
    name: str = "", *, area: Area | None = None, kind: str = AgencyKind.BUREAU, **fields: Any
) -> Agency:
    area = area or make_area()
    return Agency.objects.create(
        name=name or f"{area.name}市场监督管理局{serial()}", area=area, kind=kind, **fields
    )


@as_system
def make_institute(name: str = "市计量院", *, area: Area | None = None) -> Agency:
    """Return the institute of this name, made when it is not there: certificates name institutes we know."""
    found = Agency.objects.filter(name=name).first()
    return found or make_agency(name, area=area, kind=AgencyKind.INSTITUTE)


@as_system
def make_user(username: str = "", **fields: Any) -> User:
    """Make a person who can sign in with PASSWORD (hashed cheaply: set_password costs 50 ms)."""
    number = serial()
    user = User(username=username or f"user{number}", name=fields.pop("name", f"张三{number}"), **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def mark_as_demonstration() -> None:
    """Make the test's database a demonstration's: only the owner may."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("INSERT INTO accounts_demonstration (id, made_at) VALUES (1, now())")
        cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")


@as_system
def make_appointment(
    role: Role, *, user: User | None = None, agency: Agency | None = None, area: Area | None = None,
    entity: Entity | None = None, **fields: Any,
) -> Appointment:  # fmt: skip
    """Appoint somebody; officers get an agency in the area, operators an entity."""
    if role in ENTITY_ROLES:
        if entity is None:
            from tests.factories.ledger import make_entity

            entity = make_entity(area=area)
        area = area or entity.area
    elif agency is None:
        agency = make_agency(area=area)
    return Appointment.objects.create(
        user=user or make_user(), role=role, agency=agency, area=area, entity=entity,
        **{"valid_from": LONG_AGO, "is_chief": role in ENTITY_ROLES} | fields,
    )  # fmt: skip


@as_system
def make_actor(
    role: Role = Role.COUNTY_OFFICER, *, area: Area | None = None, agency: Agency | None = None,
    entity: Entity | None = None, user: User | None = None, **fields: Any,
) -> Actor:  # fmt: skip
    """Make a person with an appointment, and return the actor it makes of them."""
    user = user or User.objects.create(username=f"user{serial()}", name="李四", password="!")
    return actor_of(make_appointment(role, user=user, agency=agency, area=area, entity=entity, **fields))


def once_more(actor: Actor) -> Actor:
    """Return the actor as their next request makes them: with what has been assigned or ended since."""
    held = Appointment.objects.select_related("user", "agency__area", "area")
    return actor_of(held.get(pk=actor.appointment_id or 0))


@as_system
def make_repairer(name: str = "川准衡器维修", **fields: Any) -> Actor:
    """Make a repairer with a confirmed file, in a county of its own, and return somebody who acts for it."""
    from tests.factories.ledger import make_entity

    return make_actor(Role.REPAIRER, entity=make_entity(name, premises="repairer", **fields))


@as_system
def sign_in(client: Client, actor: Actor, *, second_factor: bool = True) -> Client:
    """Sign the actor's person in, in the actor's role, as if their second factor had been asked."""
    assert actor.user_id is not None
    user = User.objects.get(pk=actor.user_id)
    if second_factor and not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[BEGAN_KEY] = time.time()
    session["appointment"] = actor.appointment_id
    session.save()
    return client


@as_system
def make_api_key(actor: Actor, *, scopes: Collection[KeyScope] = tuple(KeyScope)) -> str:
    """Make a key of the API that acts as the actor, and return it as it is sent: ``qh_…``."""
    prefix, secret = f"{serial():012x}", "s" * 43
    ApiKey.objects.create(
        prefix=prefix, secret_hash=hash_of(secret), name="测试", appointment_id=actor.appointment_id or 0,
        scopes=list(scopes), per_minute=1_000_000, issued_by_id=actor.user_id or 0, issued_at=timezone.now(),
        collected_at=timezone.now(), expires_on=date(2099, 1, 1),
    )  # fmt: skip
    return f"qh_{prefix}_{secret}"


def make_kept_form(
    actor: Actor, *, words: str = "没有提交", page: str = "/instruments/new/", browser: str = "b" * 32
) -> KeptForm:
    """Keep a form of a person in a browser."""
    typed = Typed(page, page, [("reason", words)], [])
    kept = keep_form(
        user_id=actor.user_id or 0, browser=browser, typed=typed, is_step=False, at=timezone.now()
    )
    assert kept is not None
    return kept
