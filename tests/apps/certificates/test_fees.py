"""Compulsory verification is free of charge since the day that its rule says; the source stands beside it."""

from __future__ import annotations

from datetime import date

from quanheng.apps.certificates.queries.fees import compulsory_fee


def test_free_of_charge_since_april_2017_by_a_source_that_is_not_verified_yet() -> None:
    fee = compulsory_fee(date(2017, 4, 1))
    assert fee is not None
    assert (fee.text, fee.is_exempt, fee.since, fee.edition) == (
        "免收检定费", True, date(2017, 4, 1), "财税〔2017〕20号",
    )  # fmt: skip
    assert "清理规范" in fee.source
    assert not fee.is_verified


def test_before_that_day_nothing_is_said() -> None:
    assert compulsory_fee(date(2017, 3, 31)) is None
