"""What is wrong with each field of a request, in words that say how to put it right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WORDS = {
    "missing": gettext_noop("必填，请补上"),
    "extra_forbidden": gettext_noop("没有该项，请核对拼写或删除"),
    "string_type": gettext_noop("须为文字，请加引号"),
    "string_too_short": gettext_noop("至少 %(min_length)s 个字"),
    "string_too_long": gettext_noop("最多 %(max_length)s 个字"),
    "string_pattern_mismatch": gettext_noop("格式不对，须符合 %(pattern)s"),
    "too_short": gettext_noop("至少 %(min_length)s 项"),
    "too_long": gettext_noop("最多 %(max_length)s 项"),
    "enum": gettext_noop("只能是 %(expected)s"),
    "int_type": gettext_noop("须为整数"),
    "int_parsing": gettext_noop("须为整数"),
    "bool_parsing": gettext_noop("只能是 true 或 false"),
    "decimal_type": gettext_noop('须为数字或写成文字的数字，如 "0.5"'),
    "decimal_parsing": gettext_noop('须为数字，如 "0.5"'),
    "decimal_max_digits": gettext_noop("最多 %(max_digits)s 位数字"),
    "decimal_max_places": gettext_noop("最多 %(decimal_places)s 位小数"),
    "decimal_whole_digits": gettext_noop("整数部分最多 %(whole_digits)s 位"),
    "greater_than": gettext_noop("须大于 %(gt)s"),
    "greater_than_equal": gettext_noop("不能小于 %(ge)s"),
    "less_than_equal": gettext_noop("不能大于 %(le)s"),
    "date_from_datetime_parsing": gettext_noop("日期须写成 2026-11-23"),
    "date_from_datetime_inexact": gettext_noop("日期须写成 2026-11-23，不带时间"),
    "date_parsing": gettext_noop("日期须写成 2026-11-23"),
    "date_type": gettext_noop("日期须写成 2026-11-23"),
    "list_type": gettext_noop("须为列表"),
    "model_attributes_type": gettext_noop("正文须为 JSON 对象"),
    "dict_type": gettext_noop("正文须为 JSON 对象"),
}
OTHERWISE = gettext_noop("不符合要求，请对照接口说明改正")


def faults_of(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return ``{"field", "message"}`` for each fault that pydantic found."""
    return [{"field": _field(error["loc"]), "message": _message(error)} for error in errors]


def _field(location: Iterable[Any]) -> str:
    """('body', 'body', 'instrument_ids', 0) → instrument_ids[0]; what is left empty is the body itself."""
    parts = list(location)[1:]
    if parts and parts[0] in {"body", "case", "filters", "paging"}:
        parts = parts[1:]
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return named.removeprefix(".") or "body"


def _message(error: Mapping[str, Any]) -> str:
    words = _(WORDS.get(error["type"], OTHERWISE))
    return words % error.get("ctx", {}) if "%(" in words else words
