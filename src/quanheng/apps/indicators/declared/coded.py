"""The share of instruments in use that carry a code 一器一码: whoever buys can scan what is weighed with.

A code counts from the day on which it was bound to the day before it was taken away; one that replaces
another goes on where that ended. Codes that an import brought along are bound on the day of the import.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.indicators import Indicator, Part, Target, declare
from quanheng.apps.instruments.queries.in_use import rows_beside
from quanheng.apps.registry.enums import PremisesKind

DAYS = """
SELECT c.instrument_id, (c.bound_at AT TIME ZONE 'Asia/Shanghai')::date AS first_day,
    (c.ended_at AT TIME ZONE 'Asia/Shanghai')::date - 1 AS last_day, 1 AS numerator, 0 AS variant
FROM counted i JOIN instruments_instrumentcode c ON c.instrument_id = i.id
WHERE c.bound_at IS NOT NULL
"""


def has_code_on(day: date) -> Exists:
    """Return the condition that an instrument carries a code at the end of a day."""
    morrow = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    ended = Q(ended_at=None) | Q(ended_at__gte=morrow)
    return Exists(rows_beside("codes").filter(ended, instrument=OuterRef("pk"), bound_at__lt=morrow))


CODED = declare(
    Indicator(
        key="coded",
        name=_("赋码率"),
        title=_("在用计量器具赋码率（一器一码）"),
        formula=_("赋码率 = 当日在用且已绑定器具码的计量器具数 ÷ 当日在用的计量器具数 × 100%"),
        version="CODED-2026.1",
        targets=(
            Target(
                percent=100,
                valid_from=date(2026, 7, 1),
                source=_(
                    "《2026年计量监管实施方案及制度》：在用电子秤“一秤一码”；推及其他器具是本平台的理解"
                ),
                verified=False,  # the plan says it of scales; of everything else it is our reading
            ),
        ),
        premises=tuple(PremisesKind.values),
        premises_label=_("全部场所"),
        in_use=Part(key="in_use", label=_("在用"), rows=_("在用（分母）")),
        holding=Part(key="coded", label=_("已赋码"), rows=_("已赋码（分子）")),
        gap=Part(
            key="gap", label=_("未赋码"), note=_("在用而没有器具码"), rows=_("未赋码：在用而没有器具码")
        ),
        days=DAYS,
        holds=has_code_on,
    )
)
