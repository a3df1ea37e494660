"""Who may do which act on accounts, roles and areas: three administrators, none doing another's work.

| act | system | security | audit |
|---|---|---|---|
| create, disable, enable an account | yes | | |
| found an agency; found, move, merge, end an area | yes | | |
| grant and end a role | | yes, never their own | |
| reset a password or a second factor, unlock | | yes, never their own | |
| read the log of acts and sign-ins | | | yes |
"""

from __future__ import annotations

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import Role


def check_is_system_administrator(by: Actor) -> None:
    """Refuse everybody but the system administrator (and the platform itself, when it is set up).

    Raises:
        NotYours: not_system_administrator.
    """
    if by is not SYSTEM and by.role is not Role.SYSTEM_ADMINISTRATOR:
        raise refusals.NOT_SYSTEM_ADMINISTRATOR()


def check_is_security_administrator(by: Actor, *, of_user: int) -> None:
    """Refuse everybody but the security administrator, and the security administrator for themself.

    Raises:
        NotYours: not_security_administrator, own_account.
    """
    if by is not SYSTEM and by.role is not Role.SECURITY_ADMINISTRATOR:
        raise refusals.NOT_SECURITY_ADMINISTRATOR()
    if by.user_id == of_user:
        raise refusals.OWN_ACCOUNT()
