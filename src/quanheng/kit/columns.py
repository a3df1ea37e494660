"""What the columns of a table are called, and their values: for whoever tells a change in words."""

from __future__ import annotations

from functools import cache

from django.db.models import Model

from quanheng.kit.tones import Text


@cache
def labels_of(model: type[Model]) -> dict[str, Text]:
    """Return column (as a row's attribute: ``item_id``) → its name in words."""
    return {column.attname: column.verbose_name for column in model._meta.concrete_fields}


@cache
def choices_of(model: type[Model]) -> dict[str, dict[str, Text]]:
    """Return column → value → the value in words; empty for a column without choices."""
    return {column.attname: dict(column.flatchoices) for column in model._meta.concrete_fields}
