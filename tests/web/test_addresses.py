"""Addresses of rows: as `reverse` says them."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from quanheng.web.addresses import page_of


@pytest.mark.parametrize("number", [1, 42, 10**12])
@pytest.mark.parametrize("url_name", ["instrument_page", "certificate_page", "campaign_page"])
def test_the_page_of_a_row_is_where_reverse_says(url_name: str, number: int) -> None:
    assert page_of(url_name, number) == reverse(url_name, args=[number])


def test_a_page_that_is_not_there_is_an_error_as_with_reverse() -> None:
    with pytest.raises(NoReverseMatch):
        page_of("no_such_page", 1)
