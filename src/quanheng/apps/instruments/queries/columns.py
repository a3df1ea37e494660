"""What the columns of an instrument are called."""

from __future__ import annotations

from collections.abc import Mapping

from quanheng.apps.instruments.models import Instrument
from quanheng.kit.columns import choices_of, labels_of
from quanheng.kit.tones import Text


def instrument_labels() -> Mapping[str, Text]:
    """Return column → its name in words."""
    return labels_of(Instrument)


def instrument_choices() -> Mapping[str, dict[str, Text]]:
    """Return column → value → the value in words."""
    return choices_of(Instrument)
