"""消息设置: which kinds a person is told in the app."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.notices.kinds import kinds_for
from quanheng.apps.notices.models import NoticeChoice


def choose(wanted: Collection[str], *, by: Actor) -> None:
    """Have somebody be told these kinds, of those that their role is told; those of other posts stay."""
    mine = {kind.key for kind in kinds_for(by.role)}
    me = by.user_id or 0
    with transaction.atomic():
        NoticeChoice.objects.unscoped().filter(user_id=me, kind__in=mine).delete()
        off = [NoticeChoice(user_id=me, kind=key) for key in sorted(mine - set(wanted))]
        NoticeChoice.objects.unscoped().bulk_create(off, ignore_conflicts=True)
