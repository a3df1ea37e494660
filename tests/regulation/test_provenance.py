"""Where a verification comes from: who may say so, what it may displace, what makes it stronger."""

from __future__ import annotations

from itertools import product

import pytest

from quanheng.regulation.provenance import PROVEN, Provenance, confirmed, is_proven, may_stand, told_by

ISSUED, RECEIVED, RECORDED, DECLARED = Provenance


@pytest.mark.parametrize(
    ("office", "number", "institute", "provenance"),
    [
        (True, "川-1", "市计量院", RECORDED),
        (True, "", "市计量院", DECLARED),
        (True, "川-1", " ", DECLARED),
        (False, "川-1", "市计量院", DECLARED),
        (False, "", "", DECLARED),
    ],
)
def test_only_an_office_with_number_and_institute_records(
    office: bool, number: str, institute: str, provenance: Provenance
) -> None:
    assert told_by(office=office, certificate_number=number, institute=institute) == provenance


def test_what_users_declare_or_nobody_knows_proves_nothing() -> None:
    assert {ISSUED, RECEIVED, RECORDED} == PROVEN
    assert not is_proven(DECLARED)
    assert not is_proven("")


def test_a_declared_verification_takes_the_place_of_none_that_is_proven() -> None:
    for new, over in product(Provenance, (*Provenance, None)):
        assert may_stand(new, over=over) == (new != DECLARED or over in (None, DECLARED)), (new, over)


def test_a_confirmation_makes_a_source_stronger_and_never_weaker() -> None:
    assert confirmed(RECORDED, RECEIVED) == RECEIVED
    assert confirmed(DECLARED, RECORDED) == RECORDED
    assert confirmed(ISSUED, RECEIVED) == ISSUED
