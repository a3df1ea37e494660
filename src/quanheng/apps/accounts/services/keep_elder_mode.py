"""长者模式: kept with the account, for every device. A liking, not an act: it is not logged."""

from __future__ import annotations

from quanheng.apps.accounts.models import User


def keep_elder_mode(*, user_id: int, on: bool) -> None:
    """Remember whether a person reads the pages in the elder-friendly mode."""
    User.objects.filter(pk=user_id).update(elder_mode=on)
