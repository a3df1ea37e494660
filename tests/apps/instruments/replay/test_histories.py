"""An honest history is clean, whatever acts it is made of and in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.accounts.services.reorganise_area import Naming, succeed_area
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.enums import CheckOutcome, Result, SealPosition
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.services import hold, repair
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.delete_draft import delete_draft
from quanheng.apps.instruments.services.file_instruments import (
    accept,
    return_filing,
    submit,
    withdraw_filing,
)
from quanheng.apps.instruments.services.issue_codes import issue_codes
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.register_instrument import change_instrument
from quanheng.apps.instruments.services.replace_code import replace_code
from quanheng.apps.instruments.services.resume_use import resume_use
from quanheng.apps.instruments.services.scrap import scrap
from quanheng.apps.instruments.services.seal_up import seal_up
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.instruments.services.void_verification import renumber_verification, void_verification
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.apps.instruments.replay.conftest import found, register, replayed
from tests.factories import make_actor, make_area, make_entity, make_institute

ACTS_EACH = 60
ON_ONE: dict[str, Any] = {"by": SYSTEM, "reason": "文书 1 号"}


class Chance:
    """Draws an act, an instrument and what the act asks for; what a rule refuses does not happen."""

    def __init__(self, seed: int, stalls: list[Entity], at: datetime) -> None:
        self.random = Random(seed)
        self.stalls, self.at = stalls, at
        self.turn = 0
        self.numbers: list[int] = []
        self.acts: list[Callable[[int], Any]] = [
            self._verify, self._verify, self._verify, self._seal, self._seal, self._break, self._file,
            self._file, self._register, self._move, self._change, self._code, self._recode, self._revoke,
            self._renumber, self._check, self._repair, self._repaired, self._hold, self._stop, self._resume,
        ]  # fmt: skip

    def live(self) -> None:
        """Let one act happen, or be refused and leave nothing."""
        self.turn += 1
        self.at += timedelta(hours=self.random.randrange(30))
        if not self.numbers:
            self._register(0)
        act, number = self.random.choice(self.acts), self.random.choice(self.numbers)
        with suppress(RuleBroken), transaction.atomic():
            act(number)

    @property
    def day(self) -> date:
        return self.at.date() - timedelta(days=self.random.randrange(4))

    def _register(self, number: int) -> None:
        part = self.random.random() < 0.3 and number
        row = self._row(number) if part else None
        entity = next(one for one in self.stalls if row is None or one.pk == row.entity_id)
        self.numbers.append(
            register(entity, f"SN-{self.turn}", by=SYSTEM, at=self.at, parent=number if part else None)
        )

    def _row(self, number: int) -> Instrument:
        return Instrument.objects.unscoped().get(pk=number)

    def _file(self, number: int) -> None:
        chosen = {number, self.random.choice(self.numbers)}
        for one in chosen:  # the same draft, step by step
            with suppress(RuleBroken):
                submit(instrument_ids=[one], by=SYSTEM, at=self.at)
        if self.random.random() < 0.1:
            withdraw_filing(instrument_ids=list(chosen), by=SYSTEM, at=self.at)
            delete_draft(instrument_id=number, by=SYSTEM, at=self.at)
            self.numbers.remove(number)
            return
        if self.random.random() < 0.3:
            return_filing(instrument_ids=list(chosen), reason="铭牌看不清", by=SYSTEM, at=self.at)
        accept(instrument_ids=list(chosen), by=SYSTEM, at=self.at)

    def _verify(self, number: int) -> None:
        record_verification(
            instrument_id=number, verified_on=self.day, result=self.random.choice(list(Result)),
            certificate_number=f"JD-{self.turn}", institute="市计量院",
            valid_until=self.at.date() + timedelta(days=200), by=SYSTEM, at=self.at,
        )  # fmt: skip

    def _seal(self, number: int) -> None:
        position = self.random.choice(list(SealPosition)[:2])
        apply_seal(
            instrument_id=number,
            number=f"封{self.turn}",
            position=position,
            on=self.day,
            by=SYSTEM,
            at=self.at,
        )

    def _break(self, number: int) -> None:
        seal = Seal.objects.unscoped().filter(instrument_id=number, broken_on=None).first()
        break_seal(
            instrument_id=number, seal_id=seal.pk if seal else 0, on=self.day, at=self.at, **ON_ONE,
        )  # fmt: skip

    def _move(self, number: int) -> None:
        to = self.random.choice(self.stalls)
        move_instrument(
            instrument_id=number, entity_id=to.pk, place=f"{self.turn}", on=self.day, at=self.at, **ON_ONE,
        )  # fmt: skip

    def _change(self, number: int) -> None:
        changes = {"model": f"M{self.turn}", "e_g": self.random.choice([None, 5, 10])}
        version = self._row(number).version
        change_instrument(instrument_id=number, changes=changes, version=version, by=SYSTEM, at=self.at)

    def _code(self, number: int) -> None:
        chosen = Instrument.objects.unscoped().filter(pk__in=[number, self.random.choice(self.numbers)])
        issue_codes(chosen=chosen, by=SYSTEM, at=self.at)

    def _recode(self, number: int) -> None:
        replace_code(instrument_id=number, at=self.at, **ON_ONE)

    def _certificate(self, number: int) -> str:
        row = Verification.objects.unscoped().filter(instrument_id=number).order_by("?").first()
        return row.certificate_number if row else "无"

    def _revoke(self, number: int) -> None:
        certificate = self._certificate(number)
        void_verification(instrument_id=number, certificate_number=certificate, at=self.at, **ON_ONE)

    def _renumber(self, number: int) -> None:
        old, new = self._certificate(number), f"HF-{self.turn}"
        renumber_verification(
            instrument_id=number, old_number=old, new_number=new, at=self.at, **ON_ONE,
        )  # fmt: skip

    def _check(self, number: int) -> None:
        record_check(
            instrument_id=number, outcome=CheckOutcome.NOTHING_WRONG, words="", on=self.day, by=SYSTEM,
            at=self.at,
        )  # fmt: skip

    def _repair(self, number: int) -> None:
        repair.send_to_repair(instrument_id=number, on=self.day, at=self.at, **ON_ONE)

    def _repaired(self, number: int) -> None:
        repair.record_repair(
            instrument_id=number, repairer="维修部", work="换传感器", on=self.day, by=SYSTEM, at=self.at
        )

    def _hold(self, number: int) -> None:
        act = self.random.choice([hold.lock, hold.unlock, hold.impound, hold.release])
        act(instrument_id=number, at=self.at, **ON_ONE)

    def _stop(self, number: int) -> None:
        acts = [stop_use, stop_use, seal_up, scrap]
        self.random.choice(acts)(instrument_id=number, on=self.day, at=self.at, **ON_ONE)

    def _resume(self, number: int) -> None:
        resume_use(instrument_id=number, on=self.day, at=self.at, **ON_ONE)


@pytest.fixture
def stalls(everything: None, market: Entity) -> list[Entity]:
    make_institute()
    second = make_entity("西门市场", kind="market_operator", area=make_area("青羊区"))
    return [make_entity(kind="stall", parent=one) for one in (market, market, second)]


def verbs() -> Iterator[str]:
    with acting_in(EVERYTHING):
        yield from Act.objects.unscoped().values_list("verb", flat=True)


@pytest.mark.parametrize("seed", range(6))
def test_a_random_history_of_acts_is_clean_and_one_change_in_it_is_not(
    seed: int, stalls: list[Entity], at: datetime
) -> None:
    chance = Chance(seed, stalls, at - timedelta(days=90))
    for _ in range(ACTS_EACH):
        chance.live()
    result = replayed()
    assert result.findings == []
    assert (result.instruments, result.partly) == (len(chance.numbers), 0)
    assert len(set(verbs())) > 8, "hardly anything happened"
    victim = chance.random.choice(chance.numbers)
    Instrument.objects.unscoped().filter(pk=victim).update(institute="另一家")
    assert [where.split(" (")[0] for where in found()] == [f"instrument {victim} institute"]


def test_a_reorganisation_takes_the_instruments_along_and_stays_clean(
    stalls: list[Entity], county: Area, at: datetime
) -> None:
    number = register(stalls[0], "SN-1", by=SYSTEM, at=at)
    administrator = make_actor(Role.SYSTEM_ADMINISTRATOR)
    naming = Naming("新锦江区", "519901", AreaLevel.COUNTY, county.parent_id or 0)
    heir = succeed_area(
        area_id=county.pk, naming=naming, on=at.date(), source="批复", by=administrator, at=at
    )
    set_scope(EVERYTHING)
    assert Instrument.objects.unscoped().get(pk=number).area_id == heir.pk
    assert found() == {}
    Instrument.objects.unscoped().filter(pk=number).update(area_id=stalls[2].area_id)
    assert [where.split(" (")[0] for where in found()] == [f"instrument {number} area_id"]
