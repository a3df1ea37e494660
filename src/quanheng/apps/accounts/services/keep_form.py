"""Keeping what was typed and not taken in, for the same person in the same browser, for a day.

No act: nothing of the ledger changes, and nothing is ever sent from here. Written in the person's own scope,
for it happens where nobody is signed in any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from quanheng.apps.accounts.kept_forms import KeptForm, Typed
from quanheng.kit.fields import keyed_hash
from quanheng.kit.scope import EVERYTHING, Scope, acting_in

KEPT_FOR = timedelta(hours=24)
MOST_KEPT = 6  # of one person, over all browsers: the oldest goes
MOST_BYTES = 3 * 2**20


def keep_form(*, user_id: int, browser: str, typed: Typed, is_step: bool, at: datetime) -> KeptForm | None:
    """Keep a form; the one that was kept of the same page before is replaced.

    Returns:
        None when it is too large to be kept.
    """
    sealed = typed.sealed()
    if len(sealed.encode()) > MOST_BYTES:
        return None
    with acting_in(Scope(user_id=user_id)):
        kept, _made = KeptForm.objects.unscoped().update_or_create(
            user_id=user_id, browser=keyed_hash(browser), page_key=keyed_hash(typed.page),
            target_key=keyed_hash(typed.target),
            defaults={
                "content": sealed, "is_step": is_step, "kept_at": at, "expires_at": at + KEPT_FOR,
            },
        )  # fmt: skip
        _drop_oldest(user_id)
    return kept


def _drop_oldest(user_id: int) -> None:
    of_person = KeptForm.objects.unscoped().filter(user_id=user_id)
    newest = list(of_person.order_by("-kept_at", "-pk").values_list("pk", flat=True)[:MOST_KEPT])
    of_person.exclude(pk__in=newest).delete()


def forget_sent(*, user_id: int, browser: str, target: str) -> None:
    """Forget what was kept of a form that has now been taken in."""
    with acting_in(Scope(user_id=user_id)):
        KeptForm.objects.unscoped().filter(
            user_id=user_id, browser=keyed_hash(browser), target_key=keyed_hash(target)
        ).delete()


def forget_form(*, user_id: int, browser: str, form_id: int) -> None:
    """Forget one that the person does not want back."""
    KeptForm.objects.unscoped().filter(user_id=user_id, browser=keyed_hash(browser), pk=form_id).delete()


def forget_overdue(*, at: datetime) -> int:
    """Delete what was kept long enough; return how many."""
    with acting_in(EVERYTHING):
        deleted, _by_model = KeptForm.objects.unscoped().filter(expires_at__lte=at).delete()
    return deleted
