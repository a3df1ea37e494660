"""What hangs on an entity of a world with canaries, subject by subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quanheng.apps.registry.models import Entity
from tests.factories.focus import mark_focus_listing
from tests.factories.hospitals import mark_half_year


def mark_rows(entity: Entity, mark: Callable[..., str]) -> dict[str, Any]:
    """Make a row of each subject, every text of which tells whose it is; return their ids."""
    return mark_half_year(entity, mark) | mark_focus_listing(entity, mark)
