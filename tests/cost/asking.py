"""Everything that can be asked of the lists: each order, each value of each filter, both ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from quanheng.kit.lists import Choice, DateRange, Flag, List, Pick, Search, find_source
from quanheng.kit.lists.filters import Filter

TERMS = ("市", "1", "电子", "5101")


def questions(listing: List[Any], actor: Any) -> Iterator[str]:
    """Yield the addresses of a list, without paging: each order, and each value of each filter."""
    yield ""
    for column in listing.columns:
        if column.sort_field is not None:
            yield urlencode({"sort": column.key})
            yield urlencode({"sort": f"-{column.key}"})
    for each in listing.filters:
        for value in values(each, actor):
            yield urlencode(value)


def values(each: Filter, actor: Any) -> Iterator[dict[str, str]]:
    """Yield what a filter can be told."""
    if isinstance(each, Choice | Flag):
        yield from ({each.key: value} for value in each.labels)
    elif isinstance(each, DateRange):
        today = timezone.localdate()
        first, last = each.names
        yield {first: (today - timedelta(days=3)).isoformat(), last: today.isoformat()}
        yield {last: (today - timedelta(days=300)).isoformat()}
    elif isinstance(each, Pick):
        source = find_source(each.source)
        for term in TERMS:
            if source is not None and (found := source.search(actor, term)):
                yield {each.key: found[0].value}
                return
    elif isinstance(each, Search):
        yield {each.key: "1"}
        yield {each.key: "上海"}
