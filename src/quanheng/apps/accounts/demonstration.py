"""Whether this is a demonstration's database, and where the accounts of a demonstration work: only there."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.conf import settings

from quanheng.apps.accounts.models import Demonstration, User
from quanheng.kit.database import as_owner
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in

ELSEWHERE = RuleBroken(
    "demonstration_account", "这是演示账号，只能在演示环境使用。请用系统管理员为您开通的账号登录。"
)


def is_demonstration() -> bool:
    """Say whether the mark of a demonstration stands in this database."""
    return Demonstration.objects.exists()


def works_here(user: User) -> bool:
    """Say whether an account may be used: one of a demonstration only there, and never in production."""
    return not user.is_demonstration or (not settings.IS_PRODUCTION and is_demonstration())


def mark_demonstration(*, at: datetime) -> None:
    """Mark the database as a demonstration's, for good, before anything of the demonstration is in it.

    Only the owner of the database may write the mark (migration 0006).

    Raises:
        RuleBroken: not_in_production, not_a_demonstration: rows of somebody else are in it.
    """
    if settings.IS_PRODUCTION:
        raise RuleBroken("not_in_production", "正式环境不能装入演示数据。")
    if is_demonstration():
        return
    with acting_in(EVERYTHING):
        ledgers = (apps.get_model("registry", "Entity"), apps.get_model("instruments", "Instrument"))
        taken = User.objects.exists() or any(ledger.objects.unscoped().exists() for ledger in ledgers)
    if taken:
        raise RuleBroken(
            "not_a_demonstration", "数据库里已有非演示的账号或台账，不能装入演示数据；请另用一个空数据库。"
        )
    with as_owner():
        Demonstration.objects.create(pk=1, made_at=at)
