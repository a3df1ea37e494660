"""The document behind a certificate: the same bytes for the same content, whoever writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quanheng.apps.certificates.content import canonical, digest, text


def test_the_order_of_the_keys_does_not_matter_and_every_value_does() -> None:
    one = {"number": "川检 1 号", "points": [{"error": "+0.5"}]}
    other = {"points": [{"error": "+0.5"}], "number": "川检 1 号"}
    assert canonical(one) == canonical(other) == '{"number":"川检 1 号","points":[{"error":"+0.5"}]}'.encode()
    assert digest(one) != digest(one | {"points": [{"error": "+0.50"}]})


@pytest.mark.parametrize("content", [{"error": 0.5}, {"points": [{"error": 0.5}]}])
def test_a_binary_float_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=r"0\.5 is a binary float"):
        canonical(content)


@pytest.mark.parametrize(
    ("value", "written"),
    [(Decimal("1E+3"), "1000"), (Decimal("0.050"), "0.050"), (date(2026, 2, 28), "2026-02-28"), (None, None)],
)
def test_numbers_keep_their_digits_and_days_are_iso(
    value: Decimal | date | None, written: str | None
) -> None:
    assert text(value) == written
