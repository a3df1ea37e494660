"""登录: counting wrong passwords, slowing whoever types them, and the log of sign-ins.

Failures make the place wait that they come from, never the account: a stranger's wrong passwords keep nobody
out. Ten in an hour, from wherever, raise an alarm and leave the person a notice. Names that nobody has are
counted alike, so that the answer says nothing about who exists. The rows are written as the system: before a
sign-in nobody has a scope.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.models import KnownPlace, SignInFailure, User
from quanheng.apps.accounts.sessions import Session
from quanheng.apps.accounts.sign_in_pace import ALARM_AT, WINDOW, pause_after
from quanheng.apps.audit.services import record
from quanheng.kit.fields import keyed_hash
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in

KEPT = timedelta(days=1)
KNOWN_FOR = timedelta(days=90)
USE_STEP = """
INSERT INTO accounts_secondfactoruse AS used (user_id, step) VALUES (%s, %s)
ON CONFLICT (user_id) DO UPDATE SET step = excluded.step WHERE used.step < excluded.step
RETURNING step
"""


def check_may_try(username: str, *, address: str, at: datetime) -> None:
    """Refuse a try that comes too soon after failures from the same place.

    Two tries at once from one place do not both pass: the second is refused, and holds nothing up.

    Raises:
        RuleBroken: sign_in_slow.
    """
    account, place = _account(username), keyed_hash(address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [account + place])
        if not cursor.fetchone()[0]:
            raise _slow(timedelta(seconds=1))
    lately = SignInFailure.objects.filter(account=account, at__gt=at - WINDOW)
    here = list(lately.filter(place=place).order_by("-at").values_list("at", flat=True)[:20])
    if not here:
        return
    pause = pause_after(len(here), lately.count(), is_known_place=is_known_place(username, address, at=at))
    if at < here[0] + pause:
        raise _slow(here[0] + pause - at)


def is_known_place(username: str, address: str, *, at: datetime) -> bool:
    """Say whether somebody signed in to the account from this address lately."""
    known = KnownPlace.objects.filter(account=_account(username), place=keyed_hash(address))
    return known.filter(at__gt=at - KNOWN_FOR).exists()


def note_failure(username: str, *, address: str, at: datetime) -> None:
    """Count a wrong password or second factor and log it; what was typed for an unknown name is not kept."""
    account = _account(username)
    SignInFailure.objects.create(account=account, place=keyed_hash(address), at=at)
    known = User.objects.filter(username=username).values_list("username", flat=True).first()
    with acting_in(EVERYTHING):
        record(acts.SIGN_IN_FAILED, by=SYSTEM, at=at, subject=known or "未知账号", after={"address": address})
        if known and SignInFailure.objects.filter(account=account, at__gt=at - WINDOW).count() == ALARM_AT:
            record(acts.SIGN_IN_ALARM, by=SYSTEM, at=at, subject=known, after={"failures": ALARM_AT})


def note_success(user: User, *, by: Actor | None, address: str, at: datetime) -> int:
    """Log the sign-in and remember its place; return how many tries failed elsewhere since the last one."""
    account, place = _account(user.username), keyed_hash(address)
    failures = SignInFailure.objects.filter(account=account)
    failures.filter(place=place).delete()
    SignInFailure.objects.filter(at__lt=at - KEPT).delete()
    last = KnownPlace.objects.filter(account=account).aggregate(last=Max("at"))["last"]
    KnownPlace.objects.update_or_create(account=account, place=place, defaults={"at": at})
    KnownPlace.objects.filter(at__lt=at - KNOWN_FOR).delete()
    user.last_login = at
    user.save(update_fields=["last_login"])
    actor = by or Actor(user_id=user.pk, name=user.name, role=None, scope=EVERYTHING)
    with acting_in(EVERYTHING):
        record(acts.SIGNED_IN, by=actor, at=at, subject=user.username, after={"address": address})
    return failures.filter(at__gt=last).count() if last else failures.count()


def use_code(user_id: int, step: int) -> bool:
    """Take the code of a time step; False when it, or a later one, was used already, in whatever process."""
    with connection.cursor() as cursor:
        cursor.execute(USE_STEP, [user_id, step])
        return cursor.fetchone() is not None


def _slow(wait: timedelta) -> RuleBroken:
    seconds = max(1, math.ceil(wait.total_seconds()))
    return refusals.SIGN_IN_SLOW(seconds=seconds)


def unlock(user: User) -> None:
    """Forget the failures of an account."""
    SignInFailure.objects.filter(account=_account(user.username)).delete()


def end_sessions(user_id: int, *, but: str | None = None) -> int:
    """End a person's sessions, all or all but one; return how many."""
    ended, _ = Session.objects.filter(user_id=user_id).exclude(session_key=but).delete()
    return ended


def _account(username: str) -> str:
    return keyed_hash(username.strip().casefold())
