"""The catalogue of compulsorily managed instruments, found by common names, with its dated periods."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.ledger_sheet.meanings import MISSPELT, SCALE
from quanheng.apps.instruments.models import CatalogueItem, VerificationPeriod
from quanheng.kit.dated import holding_on
from quanheng.kit.tones import Text

CATEGORIES: dict[str, Text] = {
    "scale": _("衡器"),
    "fuel_dispenser": _("加油（气）机"),
    "medical": _("医疗计量器具"),
    "other": _("其他"),
}


def items_in_force(on: date) -> QuerySet[CatalogueItem]:
    """Return the catalogue items in force on a day."""
    return CatalogueItem.objects.filter(holding_on(on))


def items_named(text: str, on: date) -> QuerySet[CatalogueItem]:
    """Return the items in force whose name or common name holds a text; of a misspelt one, those it means.

    电子称 is a scale, and 血压记 is offered the nearest name that there is.
    """
    rows = items_in_force(on).order_by("id")
    for word in (text, text.replace(MISSPELT, SCALE)):
        found = rows.filter(Q(name__icontains=word) | Q(synonyms__icontains=word))
        if found.exists():
            return found
    names = {name: pk for pk, name, synonyms in _named(rows) for name in (name, *synonyms)}
    near = get_close_matches(text, names, n=3, cutoff=0.6)
    return rows.filter(pk__in=[names[name] for name in near])


def _named(rows: QuerySet[CatalogueItem]) -> list[tuple[int, str, list[str]]]:
    return list(rows.values_list("id", "name", "synonyms"))


def catalogue(on: date, text: str = "") -> QuerySet[CatalogueItem]:
    """Return the items in force on a day whose name, first-level name or common name contains the text."""
    rows = items_in_force(on)
    text = text.strip()
    if text:
        # An array's text form holds every synonym: one condition for part of any of them.
        named = Q(name__icontains=text) | Q(parent__name__icontains=text) | Q(synonyms__icontains=text)
        rows = rows.filter(named | Q(periods__regulation__icontains=text)).distinct()
    return rows.select_related("parent").prefetch_related(_periods()).order_by("id")


def catalogue_item(item_id: int) -> CatalogueItem | None:
    """Return one item with its periods, the newest first."""
    return (
        CatalogueItem.objects.select_related("parent").prefetch_related(_periods()).filter(pk=item_id).first()
    )


def items_of_category(category: str) -> tuple[int, ...]:
    """Return the catalogue items of a class (`CATEGORIES`)."""
    return tuple(CatalogueItem.objects.filter(category=category).values_list("id", flat=True))


def item_ids_by_slug() -> dict[str, int]:
    """Return slug → key of every catalogue item."""
    return dict(CatalogueItem.objects.values_list("slug", "id"))


def supervision_of_items() -> list[tuple[int, str, str]]:
    """Return (key, supervision, mode of verification) of every catalogue item."""
    return list(CatalogueItem.objects.values_list("id", "supervision", "mode"))


def item_names() -> dict[int, str]:
    """Return the names of the catalogue items."""
    return dict(CatalogueItem.objects.values_list("id", "name"))


def _periods() -> Prefetch[str, QuerySet[VerificationPeriod], str]:
    return Prefetch("periods", VerificationPeriod.objects.order_by("-valid_from", "-id"))
