"""Every field of a row is written by the right of the act that writes it, when it is committed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AgencyKind, KeyScope, Role
from quanheng.apps.accounts.models import Appointment, Area
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ImportStage, InstrumentState, ProposalState, RowAction
from quanheng.apps.instruments.models import (
    ImportRow,
    ImportRun,
    Instrument,
    ProposedChange,
    Seal,
    Verification,
)
from quanheng.apps.instruments.services.decide_proposal import Paper, accept_proposal, return_proposal
from quanheng.apps.instruments.services.file_instruments import accept
from quanheng.apps.instruments.services.imports.undo import ask_to_undo
from quanheng.apps.instruments.services.imports.work import confirm, resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_agency,
    make_api_key,
    make_area,
    make_entity,
    make_instrument,
    make_item,
    make_verification,
)
from tests.factories.sheets import bring_in, confirmed, preview, row, row_of, seen

pytestmark = pytest.mark.django_db

NEW = ("2026-10-01", "2027-09-30", "证第0099号", "县计量所", "合格")


@pytest.fixture
def county(settings: Any, tmp_path: Path) -> Area:
    settings.DATA_DIR = tmp_path
    with acting_in(EVERYTHING):
        load_catalogue()
    area = make_area("锦江区")
    make_agency(area=area, kind=AgencyKind.INSTITUTE, name="县计量所")
    return area


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("青羊农贸市场", kind="market_operator", area=county)


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def operator(market: Entity) -> Actor:
    return make_actor(Role.MARKET_OPERATOR, entity=market)


def in_ledger(market: Entity, **fields: Any) -> Instrument:
    return make_instrument(market, item=make_item("nonautomatic-scale"), **fields)


def told(run: ImportRun) -> list[tuple[str, str]]:
    with acting_in(EVERYTHING):
        return [(one.action, one.reason or one.notice) for one in ImportRow.objects.filter(run=run)]


def proposals() -> list[ProposedChange]:
    with acting_in(EVERYTHING):
        return list(ProposedChange.objects.unscoped().order_by("pk"))


def columns(it: Instrument) -> dict[str, Any]:
    return {field.attname: getattr(seen(it), field.attname) for field in Instrument._meta.concrete_fields}


def hanging(it: Instrument) -> tuple[int, int]:
    with acting_in(EVERYTHING):
        of_it = {"instrument": it}
        return Verification.objects.unscoped().filter(**of_it).count(), Seal.objects.unscoped().filter(
            **of_it
        ).count()


OVERDUE = {
    "verified_on": date(2024, 1, 1),
    "valid_until": date(2024, 12, 31),
    "trusted_until": date(2024, 12, 31),
}
NOT_GREEN: dict[str, dict[str, Any]] = {
    "failed": {"state": "failed", "result": "failed", "valid_until": None, "trusted_until": None},
    "overdue": {"state": "in_use", **OVERDUE},
    "under_repair": {"state": "under_repair", "placed_on": None, **OVERDUE},
    "filed": {
        "state": "filed",
        "verified_on": None,
        "valid_until": None,
        "trusted_until": None,
        "result": "",
    },
    "stopped": {"state": "stopped", "placed_on": None, **OVERDUE},
}


@pytest.mark.parametrize("stands", NOT_GREEN)
def test_an_operators_sheet_makes_nothing_green_and_asks_the_office_instead(
    market: Entity, operator: Actor, stands: str
) -> None:
    scale = in_ledger(market, **NOT_GREEN[stands])
    before = columns(scale)

    run = bring_in([row_of(scale, verified=NEW, seal="QF77", model="XK-9", state="在用")], operator)

    assert (run.stage, run.rows_proposed, run.rows_updated, run.rows_new) == (ImportStage.DONE, 1, 0, 0)
    assert columns(scale) == before
    assert hanging(scale) == (0, 0)
    [asked] = proposals()
    assert (asked.state, asked.facts, asked.seals) == ("waiting", {"model": "XK-9"}, {"scale_case": "QF77"})
    assert asked.verification == {
        "verified_on": "2026-10-01", "result": "passed", "valid_until": "2027-09-30",
        "certificate_number": "证第0099号", "institute": "县计量所",
    }  # fmt: skip
    [words] = [words for action, words in told(run) if action == RowAction.PROPOSED]
    assert "型号/规格、检定、铅封须经监管部门审核" in words


def test_a_key_of_an_officer_that_opens_the_ledger_alone_writes_no_verification(
    market: Entity, officer: Actor
) -> None:
    scale = in_ledger(market, **NOT_GREEN["overdue"])
    make_api_key(officer, scopes=[KeyScope.WRITE_LEDGER])
    from quanheng.apps.accounts.api_keys import ApiKey

    key = ApiKey.objects.latest("pk")
    run = preview([row_of(scale, verified=NEW, model="XK-9", seal="QF77")], officer, key_id=key.pk)
    with acting_in(officer.scope):
        confirm(run_id=run.pk, by=officer, key_id=key.pk, at=timezone.now())
    run = resume_run(run.pk, at=timezone.now())

    it = seen(scale)
    assert (run.rows_updated, run.rows_proposed) == (1, 1)
    assert (it.model, it.verified_on) == ("XK-9", date(2024, 1, 1)), "facts are the key's to write"
    assert hanging(scale) == (0, 0)


def test_a_key_that_was_revoked_since_the_preview_commits_nothing(market: Entity, officer: Actor) -> None:
    from quanheng.apps.accounts.api_keys import ApiKey

    make_api_key(officer, scopes=[KeyScope.WRITE_LEDGER])
    key = ApiKey.objects.latest("pk")
    run = preview([row(market.name, "20260001")], officer, key_id=key.pk)
    with acting_in(officer.scope):
        confirm(run_id=run.pk, by=officer, key_id=key.pk, at=timezone.now())
    ApiKey.objects.update(revoked_at=timezone.now())
    run = resume_run(run.pk, at=timezone.now())
    assert (run.stage, run.rows_new) == (ImportStage.REFUSED, 0)
    assert "吊销" in run.message


def test_the_offices_own_sheet_writes_by_the_acts_of_the_pages(market: Entity, officer: Actor) -> None:
    scale = in_ledger(market, **NOT_GREEN["overdue"])
    run = bring_in([row_of(scale, verified=NEW, model="XK-9", seal="QF77")], officer)

    it = seen(scale)
    assert (run.rows_updated, it.model, it.verified_on, it.state) == (1, "XK-9", date(2026, 10, 1), "in_use")
    assert (it.provenance, hanging(scale)) == ("recorded", (1, 1))
    with acting_in(EVERYTHING):
        told = Act.objects.unscoped().filter(instrument_id=scale.pk).order_by("pk")
        assert [(act.verb, act.batch_id) for act in told] == [
            (acts.INSTRUMENT_CHANGED, run.pk), (acts.SEAL_APPLIED, run.pk),
            (acts.VERIFICATION_RECORDED, run.pk),
        ]  # fmt: skip
    with acting_in(officer.scope):
        ask_to_undo(run_id=run.pk, reason="导错了", by=officer)
    run = resume_run(run.pk, at=timezone.now())
    assert (run.stage, seen(scale).model, seen(scale).verified_on) == ("undone", "ACS-30", date(2024, 1, 1))
    assert hanging(scale) == (0, 0)


@pytest.mark.parametrize(
    ("stands", "verified", "words"),
    [
        ("stopped", NEW, "不能办理此事项"),
        ("overdue", ("2026-10-01", "2027-09-30", "证1", "县计量所", "不合格"), ""),
    ],
)
def test_a_rule_that_refuses_the_act_refuses_the_row(
    market: Entity, officer: Actor, stands: str, verified: Any, words: str
) -> None:
    scale = in_ledger(market, **NOT_GREEN[stands])
    before = columns(scale)
    run = bring_in([row_of(scale, verified=verified, model="XK-9", seal="QF77")], officer)
    if not words:
        assert seen(scale).state == InstrumentState.FAILED
        return
    assert (run.rows_rejected, run.rows_updated) == (1, 0)
    assert words in told(run)[0][1]
    assert columns(scale) == before
    assert hanging(scale) == (0, 0)


def test_a_preview_left_open_changes_nothing_of_another_county_that_was_quicker(
    county: Area, market: Entity, officer: Actor
) -> None:
    run = preview([row(market.name, "20260001", verified=NEW), row(market.name, "20260002")], officer)
    foreign = in_ledger(make_entity(area=make_area()), serial_number="20260001", **NOT_GREEN["overdue"])
    before = columns(foreign)

    run = confirmed(run, officer)

    assert (run.stage, run.rows_new, run.rows_rejected) == (ImportStage.DONE, 1, 1)
    assert columns(foreign) == before
    [(action, words)] = told(run)
    assert action == RowAction.REJECTED
    assert "已在其他单位的台账中" in words


def test_a_right_that_was_lost_since_the_preview_writes_nothing_more(market: Entity, officer: Actor) -> None:
    """The county officer became an inspector: rows wait to be filed."""
    run = preview([row(market.name, "20260001", verified=NEW)], officer)
    with acting_in(EVERYTHING):
        Appointment.objects.filter(pk=officer.appointment_id or 0).update(role=Role.INSPECTOR)
    run = confirmed(run, officer)
    with acting_in(EVERYTHING):
        it = Instrument.objects.unscoped().get(import_run=run)
    assert (it.state, it.code) == (InstrumentState.FILING, None)


def test_an_appointment_that_ended_commits_nothing(market: Entity, officer: Actor) -> None:
    run = preview([row(market.name, "20260001")], officer)
    with acting_in(officer.scope):
        confirm(run_id=run.pk, by=officer, at=timezone.now())
    with acting_in(EVERYTHING):
        Appointment.objects.filter(pk=officer.appointment_id or 0).update(valid_to=date(2020, 1, 1))
    run = resume_run(run.pk, at=timezone.now())
    assert run.stage == ImportStage.REFUSED
    with acting_in(EVERYTHING):
        assert not Instrument.objects.unscoped().exists()


def test_whoever_confirms_writes_by_their_own_rights(market: Entity, officer: Actor, operator: Actor) -> None:
    """An officer's preview of a market's sheet is visible to the market: its operator may confirm it."""
    scale = in_ledger(market, **NOT_GREEN["overdue"])
    rows = [row_of(scale, verified=NEW), row(market.name, "20260001", verified=NEW)]
    run = confirmed(preview(rows, officer, entity_id=market.pk), operator)
    assert (run.rows_proposed, run.rows_new, seen(scale).verified_on) == (1, 1, date(2024, 1, 1))
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().get(import_run=run).state == InstrumentState.FILING


def test_the_office_accepts_what_was_asked_for_with_sight_of_the_paper(
    market: Entity, officer: Actor, operator: Actor, at: datetime
) -> None:
    scale = in_ledger(market, **NOT_GREEN["overdue"])
    bring_in([row_of(scale, verified=NEW, seal="QF77", model="XK-9")], operator)
    [asked] = proposals()
    paper = Paper(True, NEW[2], date.fromisoformat(NEW[1]))
    with acting_in(operator.scope), pytest.raises(NotYours):
        accept_proposal(proposal_id=asked.pk, paper=paper, by=operator, at=at)
    with acting_in(officer.scope):
        with pytest.raises(RuleBroken, match="已核对证书"):
            accept_proposal(proposal_id=asked.pk, by=officer, at=at)
        for other in (Paper(True, "别的证书", paper.valid_until), Paper(True, NEW[2], date(2027, 9, 1))):
            with pytest.raises(RuleBroken, match="与申请的不同"):
                accept_proposal(proposal_id=asked.pk, paper=other, by=officer, at=at)
        with pytest.raises(RuleBroken, match="照证书填写有效期至"):
            accept_proposal(proposal_id=asked.pk, paper=Paper(True, NEW[2]), by=officer, at=at)
        accept_proposal(proposal_id=asked.pk, paper=paper, by=officer, at=at)
        with pytest.raises(RuleBroken, match="已办理"):
            accept_proposal(proposal_id=asked.pk, paper=paper, by=officer, at=at)
    it = seen(scale)
    assert (it.model, it.verified_on, it.provenance) == ("XK-9", date(2026, 10, 1), "recorded")
    assert hanging(scale) == (1, 1)
    assert proposals()[0].state == ProposalState.ACCEPTED


def test_a_proposal_that_is_returned_changes_nothing_and_says_why(
    market: Entity, officer: Actor, operator: Actor, at: datetime
) -> None:
    scale = in_ledger(market, **NOT_GREEN["overdue"])
    bring_in([row_of(scale, verified=("2026-10-01", "", "", "", "合格"))], operator)
    before = columns(scale)
    [asked] = proposals()
    with acting_in(officer.scope):
        with pytest.raises(RuleBroken, match="没有证书编号"):
            accept_proposal(proposal_id=asked.pk, paper=Paper(True), by=officer, at=at)
        with pytest.raises(RuleBroken, match="退回原因"):
            return_proposal(proposal_id=asked.pk, reason=" ", by=officer, at=at)
        return_proposal(proposal_id=asked.pk, reason="请补证书", by=officer, at=at)
    assert (columns(scale), proposals()[0].reason) == (before, "请补证书")


def test_the_same_sheet_twice_asks_once_and_a_newer_one_takes_its_place(
    market: Entity, operator: Actor
) -> None:
    scale = in_ledger(market)
    for model in ("XK-9", "XK-9", "XK-10"):
        bring_in([row_of(scale, model=model)], operator)
    assert [(one.state, one.facts["model"]) for one in proposals()] == [
        ("overtaken", "XK-9"), ("waiting", "XK-10"),
    ]  # fmt: skip


def test_seals_that_an_operator_declares_are_on_record_when_the_office_accepts_the_filing(
    market: Entity, officer: Actor, operator: Actor, at: datetime
) -> None:
    run = bring_in([row(market.name, "20260001", verified=NEW, seal="QF:77")], operator)
    with acting_in(EVERYTHING):
        scale = Instrument.objects.unscoped().get(import_run=run)
    assert hanging(scale)[1] == 0
    with acting_in(officer.scope):
        accept(instrument_ids=[scale.pk], by=officer, at=timezone.now())
    with acting_in(EVERYTHING):
        seal = Seal.objects.unscoped().get(instrument=scale)
    assert (seal.number, seal.position, seal.applied_by) == ("QF:77", "scale_case", "")


def test_an_operator_takes_back_no_import_of_the_office(
    market: Entity, officer: Actor, operator: Actor
) -> None:
    run = bring_in([row(market.name, "20260001")], officer, entity_id=market.pk)
    with acting_in(operator.scope), pytest.raises(NotYours):
        ask_to_undo(run_id=run.pk, reason="不想要", by=operator)
    own = bring_in([row(market.name, "20260002")], operator)
    with acting_in(operator.scope):
        ask_to_undo(run_id=own.pk, reason="导错了", by=operator)
    assert resume_run(own.pk, at=timezone.now()).stage == ImportStage.UNDONE


def test_a_row_of_an_entity_that_was_closed_is_told(market: Entity, officer: Actor) -> None:
    run = preview([row(market.name, "20260001")], officer)
    with acting_in(EVERYTHING):
        closed = Entity.objects.unscoped().filter(pk=market.pk)
        closed.update(state="closed", credit_code="91510104MA00000000")
    run = confirmed(run, officer)
    assert (run.stage, run.rows_new + run.rows_rejected) == (ImportStage.DONE, 1)


LONG = ("2026-10-01", "2046-09-30", "证第0099号", "县计量所", "合格")


@pytest.mark.parametrize("known", [False, True])
def test_a_validity_that_the_rule_of_the_day_does_not_allow_is_bounded_and_told(
    market: Entity, officer: Actor, known: bool
) -> None:
    scale = in_ledger(market, **NOT_GREEN["overdue"])
    said = row_of(scale, verified=LONG) if known else row(market.name, "20260001", verified=LONG)
    run = bring_in([said], officer)
    with acting_in(EVERYTHING):
        it = seen(scale) if known else Instrument.objects.unscoped().get(import_run=run)
    assert (run.rows_rejected, it.valid_until) == (0, date(2027, 10, 1))
    assert any("按最晚的 2027-10-01 登记" in words for _action, words in told(run))


@pytest.mark.parametrize("known", [False, True])
def test_no_sheet_puts_a_certificate_of_somebody_else_on_an_instrument(
    market: Entity, officer: Actor, county: Area, known: bool
) -> None:
    other = in_ledger(make_entity(area=county))
    make_verification(other, certificate_number=NEW[2], institute=NEW[3])
    scale = in_ledger(market, **NOT_GREEN["overdue"])
    said = row_of(scale, verified=NEW) if known else row(market.name, "20260001", verified=NEW)
    run = bring_in([said], officer)
    assert (run.rows_new, run.rows_updated, run.rows_rejected) == (0, 0, 1)
    assert "已登记在其他单位的器具上" in told(run)[0][1]


@pytest.mark.parametrize(
    ("by_office", "verified", "source"),
    [
        (True, NEW, "recorded"), (True, (*NEW[:2], "", *NEW[3:]), "declared"),
        (True, (*NEW[:3], "", NEW[4]), "declared"), (False, NEW, "declared"),
    ],
)  # fmt: skip
def test_what_a_new_row_says_of_a_verification_is_worth_who_says_it(
    market: Entity, officer: Actor, operator: Actor, by_office: bool, verified: Any, source: str
) -> None:
    run = bring_in([row(market.name, "20260001", verified=verified)], officer if by_office else operator)
    with acting_in(EVERYTHING):
        it = Instrument.objects.unscoped().get(import_run=run)
        [row_of_history] = Verification.objects.unscoped().filter(instrument=it)
    assert (it.provenance, row_of_history.provenance) == (source, source)
