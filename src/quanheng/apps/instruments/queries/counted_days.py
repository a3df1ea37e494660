"""The days on which instruments count for an indicator, as SQL: what a rollup adds up and is held against."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from quanheng.apps.instruments.indicators import Indicator
from quanheng.regulation.instrument_states import COUNTED_IN_USE

SQL = Path(__file__).parent / "sql"
USED, SPANS = ((SQL / f"{name}.sql").read_text(encoding="utf-8") for name in ("used", "spans"))
COUNTED_STATES = ", ".join(f"'{state}'" for state in sorted(COUNTED_IN_USE))


def spans_sql(
    counted: Iterable[Indicator], chosen: str, ignored: str = "FALSE", area: str = "area_id"
) -> str:
    """Return the WITH clause whose `spans` are the days on which the chosen instruments count.

    Args:
        chosen, ignored: conditions on `i`, an instrument, and on `c`, a part of one.
        area: the SQL expression of the position that they are counted at.
    """
    spans = "\n    UNION ALL\n".join(SPANS.format(indicator=each.key, days=each.days) for each in counted)
    return USED.format(chosen=chosen, ignored=ignored, area=area, spans=spans, counted_states=COUNTED_STATES)
