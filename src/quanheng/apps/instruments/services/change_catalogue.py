"""规则数据变更: the catalogue and its periods. A new rule is a new dated row; the old one stays and says
until when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.models import CatalogueItem, VerificationPeriod
from quanheng.kit.acts import check


def add_period(
    *, item_id: int, regulation: str, months: int | None, valid_from: date, source: str, verified: bool,
    replaces_id: int | None = None, by: Actor, at: datetime,
) -> VerificationPeriod:  # fmt: skip
    """Add a period; the row that it replaces ends the day before.

    Verifications recorded before keep their date: nothing is recomputed.

    Raises:
        RuleBroken: item_not_found, no_regulation, no_source, bad_months, period_known, before_replaced.
    """
    check(acts.RULES_CHANGED, by)
    regulation, source = regulation.strip(), source.strip()
    _check_words(regulation, source)
    if months is not None and not 1 <= months <= 240:
        raise refusals.BAD_MONTHS()
    with transaction.atomic():
        item = _item(item_id)
        same = VerificationPeriod.objects.filter(item=item, regulation=regulation, valid_from=valid_from)
        if same.exists():
            raise refusals.PERIOD_KNOWN(regulation=regulation, valid_from=valid_from)
        replaced = _end(item, replaces_id, valid_from)
        period = VerificationPeriod.objects.create(
            item=item,
            regulation=regulation,
            months=months,
            valid_from=valid_from,
            source=source,
            verified=verified,
        )
        after = {
            "item": item.slug, "regulation": regulation, "months": months,
            "valid_from": valid_from.isoformat(),
            "source": source, "verified": verified,
        }  # fmt: skip
        _log(item, {"period": replaced}, after, by=by, at=at)
    return period


def confirm_period(*, period_id: int, source: str, by: Actor, at: datetime) -> VerificationPeriod:
    """Say that somebody has compared a period with its source. Confirming it again changes nothing.

    Raises:
        RuleBroken: period_not_found, no_source.
    """
    check(acts.RULES_CHANGED, by)
    with transaction.atomic():
        period = VerificationPeriod.objects.select_for_update(of=("self",)).filter(pk=period_id).first()
        if period is None:
            raise refusals.PERIOD_NOT_FOUND()
        _check_words(period.regulation, source.strip())
        if not period.verified:
            before = {"verified": False, "source": period.source}
            period.verified, period.source = True, source.strip()
            period.save(update_fields=["verified", "source"])
            _log(
                period.item,
                before,
                {"period": period.regulation, "verified": True, "source": period.source},
                by=by,
                at=at,
            )
    return period


def set_synonyms(*, item_id: int, synonyms: Sequence[str], by: Actor, at: datetime) -> CatalogueItem:
    """Write the common names by which an item is found; one name means one item.

    Raises:
        RuleBroken: item_not_found, name_means_another.
    """
    check(acts.RULES_CHANGED, by)
    words = list(dict.fromkeys(word.strip() for word in synonyms if word.strip()))
    with transaction.atomic():
        item = _item(item_id)
        if item.synonyms == words:
            return item
        for other in CatalogueItem.objects.exclude(pk=item.pk):
            if doubled := {other.name, *other.synonyms} & set(words):
                raise refusals.NAME_MEANS_ANOTHER(names=sorted(doubled), other=other.name)
        before, item.synonyms = {"synonyms": item.synonyms}, words
        item.save(update_fields=["synonyms"])
        _log(item, before, {"synonyms": words}, by=by, at=at)
    return item


def _item(item_id: int) -> CatalogueItem:
    item = CatalogueItem.objects.select_for_update(of=("self",)).filter(pk=item_id).first()
    if item is None:
        raise refusals.ITEM_NOT_FOUND()
    return item


def _check_words(regulation: str, source: str) -> None:
    if not regulation:
        raise refusals.NO_REGULATION()
    if not source:
        raise refusals.NO_SOURCE()


def _end(item: CatalogueItem, replaces_id: int | None, valid_from: date) -> str:
    if replaces_id is None:
        return ""
    old = VerificationPeriod.objects.filter(pk=replaces_id, item=item).first()
    if old is None or old.valid_from >= valid_from:
        raise refusals.BEFORE_REPLACED()
    old.valid_to = valid_from - timedelta(days=1)
    old.save(update_fields=["valid_to"])
    return f"{old.regulation} {old.valid_from}"


def _log(
    item: CatalogueItem, before: dict[str, Any], after: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    record(acts.RULES_CHANGED, by=by, at=at, subject=item.name[:80], before=before, after=after)
