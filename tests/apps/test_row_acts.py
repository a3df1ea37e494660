"""The engine of acts: of every kind of row, a batch is its singles; what is refused stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.row_acts import RowAct, RowKind, act_on_row, act_on_rows
from quanheng.apps.certificates import acts as certificates_acts
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.application_steps import LINES
from quanheng.apps.exchange import acts as exchange_acts
from quanheng.apps.exchange.models import PlatformEvent, TamperAlarm
from quanheng.apps.exchange.services.review_alarm import ALARMS
from quanheng.apps.exchange.services.settle_event import EVENTS
from quanheng.apps.focus import acts as focus_acts
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.listings import FOCUS_LISTINGS
from quanheng.apps.hospitals import acts as hospitals_acts
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.hospitals.services.reports import HALF_YEAR_REPORTS
from quanheng.apps.inspections import acts as inspections_acts
from quanheng.apps.inspections.models import Campaign
from quanheng.apps.inspections.services.campaigns import CAMPAIGNS
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.instruments.models import Instrument, ProposedChange, ShopperReport
from quanheng.apps.instruments.services.act_on import INSTRUMENTS
from quanheng.apps.instruments.services.decide_proposal import PROPOSALS
from quanheng.apps.instruments.services.settle_report import REPORTS
from quanheng.apps.people import acts as people_acts
from quanheng.apps.people.models import AccountRequest, Invitation
from quanheng.apps.people.services.decide_account_request import REQUESTS
from quanheng.apps.people.services.invitations import INVITATIONS
from quanheng.apps.registry import acts as registry_acts
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.entity_acts import ENTITIES
from quanheng.kit.acts import Verb
from quanheng.kit.refusal import NotYours, RuleBroken
from tests.factories import make_actor, make_entity, make_instrument, serial
from tests.factories.acts import refused
from tests.factories.exchange import make_alarm, make_event
from tests.factories.focus import make_listing
from tests.factories.hospitals import make_half_year, make_hospital
from tests.factories.inspections import make_campaign
from tests.factories.invitations import make_account_request, make_invitation
from tests.factories.ledger import make_proposal, make_report
from tests.factories.people import make_institute
from tests.factories.verification import make_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@dataclass(frozen=True)
class Tried:
    """A kind of row, how one is made, and an act on it that changes a column and tells a fact."""

    kind: RowKind[Any]
    verb: Verb
    make: Callable[[Area], Model]
    column: str
    value: str


def _scale(area: Area) -> Instrument:
    return make_instrument(make_entity(area=area))


def _line(area: Area) -> ApplicationLine:
    return make_line(_scale(area), make_institute(area=area))


def _entity(area: Area) -> Entity:
    return make_entity(area=area)


def _proposal(area: Area) -> ProposedChange:
    return make_proposal(_scale(area))


def _event(area: Area) -> PlatformEvent:
    return make_event(_scale(area))


def _alarm(area: Area) -> TamperAlarm:
    return make_alarm(_scale(area))


def _report(area: Area) -> ShopperReport:
    return make_report(_scale(area))


def _campaign(area: Area) -> Campaign:
    return make_campaign(area)


def _invitation(area: Area) -> Invitation:
    return make_invitation(make_entity(area=area))


def _account_request(area: Area) -> AccountRequest:
    return make_account_request(area, phone=f"138{serial():08d}")


def _half_year(area: Area) -> HalfYearReport:
    return make_half_year(make_hospital(area))


def _focus(area: Area) -> FocusListing:
    return make_listing(make_entity(area=area))


TRIED = (
    Tried(INSTRUMENTS, instruments_acts.INSTRUMENT_CHANGED, _scale, "name", "新名称"),
    Tried(ENTITIES, registry_acts.ENTITY_CHANGED, _entity, "address", "新地址"),
    Tried(LINES, certificates_acts.VERIFICATION_RETURNED, _line, "return_reason", "补正"),
    Tried(PROPOSALS, instruments_acts.CHANGE_RETURNED, _proposal, "reason", "补正"),
    Tried(EVENTS, exchange_acts.PLATFORM_EVENT_DISMISSED, _event, "reason", "不是本省的"),
    Tried(ALARMS, exchange_acts.PLATFORM_ALARM_CLOSED, _alarm, "finding_text", "没有问题"),
    Tried(INVITATIONS, people_acts.INVITATION_REVOKED, _invitation, "reason", "遗失"),
    Tried(REQUESTS, people_acts.ACCOUNT_REQUEST_REFUSED, _account_request, "decision_reason", "非本单位"),
    Tried(CAMPAIGNS, inspections_acts.CAMPAIGN_REVISED, _campaign, "matters", "防作弊功能"),
    Tried(REPORTS, instruments_acts.SHOPPER_REPORT_CLOSED, _report, "found", "铅封完好"),
    Tried(FOCUS_LISTINGS, focus_acts.FOCUS_DECLINED, _focus, "decision", "结果有误"),
    Tried(HALF_YEAR_REPORTS, hospitals_acts.HALF_YEAR_RETURNED, _half_year, "return_reason", "漏登"),
)
every_kind = pytest.mark.parametrize("tried", TRIED, ids=lambda tried: tried.kind.model.__name__)


def changing(tried: Tried) -> Callable[[RowAct[Any]], None]:
    def change(act: RowAct[Any]) -> None:
        setattr(act.row, tried.column, tried.value)
        act.facts["said"] = tried.value

    return change


def told(tried: Tried, row: Model) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is left of an act: the row but for its identity, and the lines of the log about it."""
    own = {column.attname for column in tried.kind.model._meta.concrete_fields}
    row.refresh_from_db()
    columns = {name: getattr(row, name) for name in {tried.column, "version", tried.kind.stamped} & own}
    lines = (
        Act.objects.unscoped()
        .filter(verb=tried.verb, subject=tried.kind.filed(row)["subject"])
        .values("at", "verb", "actor_name", "area_id", "reason", "before", "after")
    )
    return columns, [dict(line) for line in lines]


@every_kind
def test_a_batch_is_its_singles(tried: Tried, county: Area, at: datetime) -> None:
    one_by_one, at_once = ([tried.make(county) for _ in range(3)] for _ in range(2))
    for row in one_by_one:
        with act_on_row(tried.kind, tried.verb, row.pk, by=SYSTEM, at=at, reason="因为") as act:
            changing(tried)(act)
    with act_on_rows(
        tried.kind, tried.verb, [row.pk for row in at_once], by=SYSTEM, at=at, reason="因为"
    ) as batch:
        batch.take(changing(tried))
    left = [told(tried, row) for row in one_by_one]
    assert [told(tried, row) for row in at_once] == left
    columns, (line,) = left[0]
    assert columns[tried.column] == tried.value
    assert line["after"]["said"] == tried.value


@every_kind
def test_what_is_refused_stays_as_it_was_and_holds_up_no_other(
    tried: Tried, county: Area, at: datetime
) -> None:
    rows = [tried.make(county) for _ in range(3)]

    def refuse_the_second(act: RowAct[Any]) -> None:
        changing(tried)(act)
        if act.row.pk == rows[1].pk:
            raise tried.kind.missing()

    ids = [row.pk for row in rows]
    with act_on_rows(tried.kind, tried.verb, [*ids, 10**12], by=SYSTEM, at=at) as batch:
        batch.take(refuse_the_second)
    assert set(batch.refused) == {rows[1].pk, 10**12}
    assert [len(told(tried, row)[1]) for row in rows] == [1, 0, 1]
    assert getattr(rows[1], tried.column) != tried.value


@every_kind
def test_a_refusal_in_the_block_leaves_nothing(tried: Tried, county: Area, at: datetime) -> None:
    row = tried.make(county)

    def change_and_refuse() -> None:
        with act_on_row(tried.kind, tried.verb, row.pk, by=SYSTEM, at=at) as act:
            changing(tried)(act)
            raise tried.kind.missing()

    with refused(tried.kind.missing.code):
        change_and_refuse()
    columns, lines = told(tried, row)
    assert (columns[tried.column] != tried.value, lines) == (True, [])


@every_kind
def test_an_act_that_does_nothing_tells_nothing(tried: Tried, county: Area, at: datetime) -> None:
    row = tried.make(county)
    before = told(tried, row)
    with act_on_row(tried.kind, tried.verb, row.pk, by=SYSTEM, at=at):
        pass
    assert told(tried, row) == before


@every_kind
def test_what_lies_elsewhere_is_not_there(tried: Tried, county: Area, at: datetime) -> None:
    row = tried.make(county)
    stranger: Actor = make_actor(Role.COUNTY_OFFICER)
    with pytest.raises(RuleBroken) as found, act_on_row(tried.kind, tried.verb, row.pk, by=stranger, at=at):
        pass
    assert found.value.code == tried.kind.missing.code


def test_a_role_without_the_right_is_refused_row_by_row(county: Area, at: datetime) -> None:
    row, inspector = _entity(county), make_actor(Role.INSPECTOR, area=county)
    with act_on_rows(ENTITIES, registry_acts.ENTITY_CLOSED, [row.pk], by=inspector, at=at) as batch:
        pass
    assert isinstance(batch.refused[row.pk], NotYours)


@pytest.mark.parametrize("tried", [one for one in TRIED if one.kind.meanwhile], ids=lambda one: one.column)
def test_a_version_that_was_overtaken_is_a_conflict(tried: Tried, county: Area, at: datetime) -> None:
    row: Any = tried.make(county)
    with (
        refused("changed_meanwhile"),
        act_on_row(tried.kind, tried.verb, row.pk, by=SYSTEM, at=at, version=row.version - 1),
    ):
        pass
    with act_on_row(tried.kind, tried.verb, row.pk, by=SYSTEM, at=at, version=row.version) as act:
        changing(tried)(act)
    assert told(tried, row)[0]["version"] == act.row.version
