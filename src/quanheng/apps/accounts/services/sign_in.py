"""登录: counting wrong passwords, locking, and the log of sign-ins.

Ten failures in fifteen minutes lock the account, whatever addresses they come from; names that nobody has are
counted and locked alike, so that the answer says nothing about who exists. The rows are written as the
system: before a sign-in nobody has a scope.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.models import Session, SignInFailure, User
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.services import record
from quanheng.kit.fields import keyed_hash
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in

FAILURES_BEFORE_LOCK = 10
WINDOW = timedelta(minutes=15)


def check_not_locked(username: str, *, at: datetime) -> None:
    """Refuse the try when the account is locked. Tries at one account wait for each other until they commit.

    Raises:
        RuleBroken: sign_in_locked.
    """
    account = _account(username)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [account])
    failures = SignInFailure.objects.filter(account=account, at__gt=at - WINDOW).count()
    if failures >= FAILURES_BEFORE_LOCK:
        raise RuleBroken("sign_in_locked", "登录失败次数过多，请 15 分钟后再试，或联系安全管理员。")


def note_failure(username: str, *, address: str, at: datetime) -> None:
    """Count a wrong password or second factor and log it; what was typed for an unknown name is not kept."""
    SignInFailure.objects.create(account=_account(username), at=at)
    known = User.objects.filter(username=username).values_list("username", flat=True).first()
    with acting_in(EVERYTHING):
        record(Verb.SIGN_IN_FAILED, by=SYSTEM, at=at, subject=known or "未知账号", after={"address": address})


def note_success(user: User, *, by: Actor | None, address: str, at: datetime) -> None:
    """Forget the account's failures and log the sign-in."""
    unlock(user)
    SignInFailure.objects.filter(at__lt=at - timedelta(days=1)).delete()
    user.last_login = at
    user.save(update_fields=["last_login"])
    actor = by or Actor(user_id=user.pk, name=user.name, role=None, scope=EVERYTHING)
    with acting_in(EVERYTHING):
        record(Verb.SIGNED_IN, by=actor, at=at, subject=user.username, after={"address": address})


def unlock(user: User) -> None:
    """Forget the failures of an account."""
    SignInFailure.objects.filter(account=_account(user.username)).delete()


def end_sessions(user_id: int, *, but: str | None = None) -> int:
    """End a person's sessions, all or all but one; return how many."""
    ended, _ = Session.objects.filter(user_id=user_id).exclude(session_key=but).delete()
    return ended


def _account(username: str) -> str:
    return keyed_hash(username.strip().casefold())
