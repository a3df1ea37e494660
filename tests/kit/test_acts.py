"""An act is one row: its right, its refusal, its place in the log, the timeline, the scan page."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass

import pytest
from django.db import connection
from django.utils.translation import override

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.apps.audit.models import Act
from quanheng.kit import acts
from quanheng.kit.acts import InPublicLog, Verb, acts_of, check, may, verb_of, verbs
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import InLedger, Scope
from quanheng.kit.tones import Tone


@dataclass(frozen=True)
class Row(InLedger):
    area_id: int
    entity_id: int = 7
    root_id: int = 5


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Declare an act for the time of a test."""
    monkeypatch.setattr(acts, "_DECLARED", dict(acts._DECLARED))
    declare = acts_of("instruments", beyond="该器具不在您的管辖范围内")
    return declare(
        "cleaned", "清洁", who=OFFICERS | {Role.INSTRUMENT_USER}, tone=Tone.OK, on_scan_page=Tone.QUIET
    )


def acting(role: Role, scope: Scope) -> Actor:
    return Actor(user_id=1, name="张三", role=role, scope=scope)


COUNTY = Scope(first=10, last=19)


@pytest.mark.parametrize(
    ("by", "row", "allowed"),
    [
        (acting(Role.COUNTY_OFFICER, COUNTY), None, True),
        (acting(Role.COUNTY_OFFICER, COUNTY), Row(10), True),
        (acting(Role.COUNTY_OFFICER, COUNTY), Row(20), False),
        (acting(Role.INSTRUMENT_USER, Scope(entity_id=7)), Row(20), True),
        (acting(Role.INSTRUMENT_USER, Scope(entity_id=5)), Row(20), True),
        (acting(Role.INSTRUMENT_USER, Scope(entity_id=8)), Row(20), False),
        (acting(Role.AUDITOR, COUNTY), Row(10), False),
        (SYSTEM, Row(20), True),
    ],
    ids=["no row", "own area", "another area", "own row", "of a branch", "another's", "role", "system"],
)  # fmt: skip
def test_a_right_is_a_role_and_a_row_within_reach(
    cleaned: Verb, by: Actor, row: Row | None, allowed: bool
) -> None:
    assert may(cleaned, by, row) is allowed
    if not allowed:
        with pytest.raises(NotYours) as refused:
            check(cleaned, by, row)
        assert (refused.value.code, refused.value.facts["verb"]) == ("not_yours", "cleaned")
        assert "清洁" in refused.value.message


def test_the_refusal_is_read_in_the_language_of_the_page() -> None:
    with pytest.raises(NotYours) as refused:
        check(verb_of("impounded"), acting(Role.AUDITOR, COUNTY), Row(10))
    with override("en"):
        message = refused.value.message
    assert "auditor" in message.lower()
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in message)


def test_a_key_is_declared_once(cleaned: Verb) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        acts_of("registry")("cleaned", "清洁")


def test_the_log_its_filter_and_its_column_know_an_act_by_its_declaration(cleaned: Verb) -> None:
    assert Act(verb=cleaned).get_verb_display() == "清洁"
    assert ("cleaned", "清洁") in acts.choices()
    assert len(max(verbs(), key=len)) <= (Act._meta.get_field("verb").max_length or 0)


def test_an_act_is_its_key_wherever_it_is_copied_to(cleaned: Verb) -> None:
    assert cleaned == "cleaned"
    for twin in (copy.deepcopy(cleaned), pickle.loads(pickle.dumps(cleaned))):
        assert (twin, twin.label) == (cleaned, cleaned.label)


@pytest.mark.django_db
def test_the_database_shows_on_a_scan_page_what_is_declared_so() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT acts_on_scan_page()")
        shown = set(cursor.fetchone()[0])
    assert shown == {verb for verb in verbs() if verb.on_scan_page is not None}
    assert "filing_accepted" in shown


def test_what_an_office_does_about_its_people_is_in_the_public_log_as_a_hash_alone() -> None:
    for verb in verbs():
        if verb.app in {"accounts", "audit"} or verb.startswith("personal_data"):
            named = verb in {"area_reorganised", "draw_committed"}  # everybody's affair
            assert (verb.in_public_log is InPublicLog.NAMED) is named, verb
