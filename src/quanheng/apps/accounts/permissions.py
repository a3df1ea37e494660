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

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import Role
from quanheng.kit.refusal import NotYours


def check_is_system_administrator(by: Actor) -> None:
    """Refuse everybody but the system administrator (and the platform itself, when it is set up).

    Raises:
        NotYours: not_system_administrator.
    """
    if by is not SYSTEM and by.role is not Role.SYSTEM_ADMINISTRATOR:
        raise NotYours("not_system_administrator", "只有系统管理员可以办理。")


def check_is_security_administrator(by: Actor, *, of_user: int) -> None:
    """Refuse everybody but the security administrator, and the security administrator for themself.

    Raises:
        NotYours: not_security_administrator, own_account.
    """
    if by is not SYSTEM and by.role is not Role.SECURITY_ADMINISTRATOR:
        raise NotYours("not_security_administrator", "只有安全管理员可以办理。")
    if by.user_id == of_user:
        raise NotYours(
            "own_account", "安全管理员不能办理自己的岗位、密码和两步验证，请由另一位安全管理员办理。"
        )
