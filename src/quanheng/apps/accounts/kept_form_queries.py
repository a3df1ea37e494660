"""Finding what was kept of the forms of a person, in the browser that they sit at."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.kept_forms import KeptForm
from quanheng.kit.fields import keyed_hash
from quanheng.kit.scope import Scope, ScopedQuerySet, acting_in


def kept_of_page(*, user_id: int, browser: str, page: str, at: datetime) -> list[KeptForm]:
    """Return what was kept of the forms of a page, the latest last."""
    with acting_in(Scope(user_id=user_id), read_only=True):
        found = _of(user_id, browser, at).filter(page_key=keyed_hash(page)).order_by("kept_at")
        return list(found)


def kept_of_person(*, user_id: int, browser: str, at: datetime) -> list[KeptForm]:
    """Return all that was kept, the latest first."""
    with acting_in(Scope(user_id=user_id)):
        return list(_of(user_id, browser, at).order_by("-kept_at"))


def _of(user_id: int, browser: str, at: datetime) -> ScopedQuerySet[KeptForm]:
    rows = KeptForm.objects.unscoped().filter(user_id=user_id, browser=keyed_hash(browser))
    return rows.filter(expires_at__gt=at)
