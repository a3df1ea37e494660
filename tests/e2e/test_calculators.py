"""The report of a calculator: on a phone nothing sticks out, and axe finds nothing."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width

EXAMPLES = [
    ("decision-risk", "guarded"), ("gauge-study", "variance"), ("uncertainty", "end-gauge"),
    ("survey-rate", "clusters"), ("drift-interval", "limits"),
]  # fmt: skip


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(("slug", "example"), EXAMPLES)
def test_an_example_has_a_report_that_everybody_can_read(
    slug: str, example: str, width: int, open_page: OpenPage
) -> None:
    page = open_page(f"/calculators/{slug}/?example={example}", width=width)
    check_width(page)
    page.locator("button[value=calculate]").click()
    page.locator(".qh-report").wait_for(timeout=60_000)
    check_width(page)
    check_accessibility(page)
