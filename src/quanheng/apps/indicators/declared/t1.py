"""T1, the verification rate 受检率 of key places: 集贸市场、加油站、医疗机构等重点场所稳定在 99% 以上.

The rule is `regulation/verification_rate.py`, its reasons are docs/explanation/verification-rate.md. Here it
is in SQL for the rollup, and as a condition on rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.indicators import Indicator, Part, Target, Variant, declare
from quanheng.apps.instruments.queries.in_use import rows_beside
from quanheng.apps.registry.enums import KEY_PREMISES
from quanheng.regulation.verification_rate import is_subject

DAYS = """
WITH deciding AS (
    -- Among what is proven the next proven one decides, among all that is claimed the next of any source.
    SELECT instrument_id, verified_on, result, v.provenance <> 'declared' AS proven,
        least(valid_until, voided_on - 1) AS own_end,
        lead(verified_on) OVER later - 1 AS next_claimed,
        min(verified_on) FILTER (WHERE v.provenance <> 'declared') OVER (
            later ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - 1 AS next_proven
    FROM counted i JOIN instruments_verification v ON v.instrument_id = i.id
    WHERE NOT (v.kind = 'in_service' AND v.result = 'passed') AND NOT v.in_error
    WINDOW later AS (PARTITION BY instrument_id ORDER BY verified_on, v.id)
), passed AS (
    SELECT instrument_id, verified_on, proven,
        least(own_end, next_claimed) AS last_claimed, least(own_end, next_proven) AS last_proven
    FROM deciding WHERE result = 'passed'
)
SELECT instrument_id, verified_on AS first_day, last_claimed AS last_day,
    (proven AND last_proven IS NOT DISTINCT FROM last_claimed)::int AS numerator, 1 AS variant
FROM passed
UNION ALL
SELECT instrument_id, verified_on, last_proven, 1, 0
FROM passed WHERE proven AND last_proven IS DISTINCT FROM last_claimed
"""


def verified_on(day: date) -> Exists:
    """Return the condition that an instrument is verified on a day, by what somebody answers for."""
    return _trusted(day, rows_beside("verifications").exclude(provenance=Provenance.DECLARED))


def claimed_on(day: date) -> Exists:
    """Return the condition that an instrument is verified on a day, by whatever was said."""
    return _trusted(day, rows_beside("verifications"))


def _trusted(day: date, verifications: QuerySet[Any]) -> Exists:
    verifications = verifications.filter(in_error=False)
    newer = verifications.filter(
        Q(verified_on__gt=OuterRef("verified_on"))
        | Q(verified_on=OuterRef("verified_on"), id__gt=OuterRef("id")),
        ~Q(kind="in_service", result="passed"),
        instrument=OuterRef("instrument"),
        verified_on__lte=day,
    )
    counting = verifications.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        Q(voided_on=None) | Q(voided_on__gt=day),
        ~Q(kind="in_service"),
        ~Exists(newer),
        instrument=OuterRef("pk"),
        result="passed",
        verified_on__lte=day,
    )
    return Exists(counting)


T1 = declare(
    Indicator(
        key="T1",
        name=_("受检率"),
        title=_("重点场所计量器具受检率"),
        formula=_(
            "受检率 = 当日在用且检定有效的强检计量器具数 ÷ 当日在用的强检计量器具数 × 100%"
            "（使用单位自报、未经核实的检定不计入分子，另行列出）"
        ),
        version="T1-2026.2",
        targets=(
            Target(
                percent=99,
                valid_from=date(2026, 1, 1),
                source=_("《2026年计量监管实施方案及制度》：重点场所计量器具受检率稳定在99%以上"),
                verified=True,
            ),
        ),
        premises=tuple(KEY_PREMISES),
        premises_label=_("重点场所（五类）"),
        in_use=Part(key="in_use", label=_("在用"), rows=_("在用（分母）")),
        holding=Part(key="verified", label=_("检定有效"), rows=_("检定有效（分子）")),
        gap=Part(key="gap", label=_("缺口"), note=_("在用而无有效检定"), rows=_("缺口：在用而无有效检定")),
        variant=Variant(
            version="T1-2026.1",  # what users declared counted like any other
            key="with_declared",
            part=Part(
                key="claimed",
                label=_("含自报"),
                note=_("使用单位自报、未经核实的也计入"),
                rows=_("检定有效，含使用单位自报的"),
            ),
            holds=claimed_on,
        ),
        days=DAYS,
        holds=verified_on,
        counts_item=lambda supervision, mode: is_subject(supervision=supervision, mode=mode),
    )
)
