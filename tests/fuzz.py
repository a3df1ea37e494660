"""How many cases a parser is fuzzed with, and how long one of them may take."""

from __future__ import annotations

import os

from hypothesis import settings

ASKED = os.environ.get("QUANHENG_FUZZ", "")


def fuzzed(usually: int = 300) -> settings:
    """Return the settings of a test that feeds a parser whatever there is.

    QUANHENG_FUZZ=100000 asks for that many cases, none slower than a second. The suite has no such limit: on
    a machine that is shared, a second of the clock says nothing.
    """
    return settings(max_examples=int(ASKED or usually), deadline=1000 if ASKED else None)
