"""Acts become leaves of a public log that anybody can check, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from quanheng.adapters.public_log import LogFolder, LogKey, verify
from quanheng.apps.accounts import acts as accounts_acts
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.log import entries
from quanheng.apps.audit.log.checking import check
from quanheng.apps.audit.log.health import lag
from quanheng.apps.audit.log.proving import index_of, prove
from quanheng.apps.audit.log.sealing import LogForked, Sealed, published, seal
from quanheng.apps.audit.models import Act, Leaf, LogHead, UnsealedAct
from quanheng.apps.audit.services import draft, record, record_many
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.kit.acts import InPublicLog, Verb, verbs
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import open_checkpoint
from quanheng.regulation.transparency.evidence import check_evidence
from quanheng.regulation.transparency.frontier import Frontier
from tests.apps.audit.conftest import ORIGIN
from tests.factories.log import waiting_row

pytestmark = pytest.mark.django_db
Acts = Callable[[int], list[Act]]
Sealing = Callable[[], Sealed]


def test_what_was_done_can_be_proved_to_anybody_who_has_the_log_s_key(
    acts: Acts, sealing: Sealing, folder: LogFolder, key: LogKey
) -> None:
    third = acts(5)[2]
    assert sealing().added == 5
    index = index_of(third.pk)
    assert index == 2
    proof = prove(index, folder)
    checkpoint, signed = check_evidence(proof.entry, proof.evidence, ORIGIN, [key.public, key.timed], verify)
    assert checkpoint.size == 5
    assert any(one.time for one in signed)
    assert json.loads(proof.entry)["act"] == third.pk


def test_an_entry_says_what_the_scan_page_says_and_no_name_number_or_reason(acts: Acts) -> None:
    (act,) = acts(1)
    set_scope(EVERYTHING)
    row = waiting_row(act.pk)
    entry = json.loads(row.entry())
    assert entry["facts"] == {"result": "passed", "verified_on": "2026-11-20"}
    for secret in ("张三", "JD-7", "定期", SYSTEM.name):
        assert secret not in row.entry().decode()
        assert secret in row.content or secret == SYSTEM.name


@pytest.mark.parametrize(
    "verb", [verb for verb in verbs() if verb.in_public_log is InPublicLog.HASH_ALONE], ids=str
)
def test_the_log_does_not_tell_when_whom_signed_in_and_proves_it_all_the_same(
    verb: Verb, acts: Acts, sealing: Sealing, folder: LogFolder, key: LogKey, at: datetime
) -> None:
    acts(1)
    with acting_in(EVERYTHING):
        act = record(verb, by=SYSTEM, at=at, subject="xian", after={"address": "10.0.0.9"})
        row = waiting_row(act.pk)
    sealing()
    proof = prove(1, folder)
    assert json.loads(proof.entry) == {"content": row.content_hash(), "v": 2}
    check_evidence(proof.entry, proof.evidence, ORIGIN, [key.public, key.timed], verify)
    with acting_in(EVERYTHING):
        assert check(folder, published(folder) or fail()).findings == ()


def test_what_was_published_by_name_stays_as_it_was_published(
    acts: Acts, sealing: Sealing, folder: LogFolder, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(entries._row, "__defaults__", (1,))
        with acting_in(EVERYTHING):
            record(accounts_acts.SIGNED_IN, by=SYSTEM, at=at, subject="xian")
        sealing()
    assert json.loads(prove(0, folder).entry)["verb"] == "signed_in"
    with acting_in(EVERYTHING):
        LogHead.objects.filter(pk=1).update(named_until=1)
        record(accounts_acts.SIGNED_IN, by=SYSTEM, at=at, subject="xian")
    sealing()
    with acting_in(EVERYTHING):
        assert check(folder, published(folder) or fail()).findings == ()
    assert "verb" not in json.loads(prove(1, folder).entry)


def fail() -> Any:
    raise AssertionError("nothing is published")


def test_the_same_content_under_another_salt_is_another_hash(acts: Acts) -> None:
    first, second = acts(2)
    assert first.salt != second.salt
    set_scope(EVERYTHING)
    row = waiting_row(first.pk)
    salted = type(row)(
        row.act_id, bytes(second.salt), row.content, row.at, row.verb, row.instrument_id, row.after
    )
    assert salted.content_hash() != row.content_hash()


def test_the_log_grows_bundle_by_bundle_and_every_entry_stays_provable(
    acts: Acts, sealing: Sealing, folder: LogFolder, key: LogKey
) -> None:
    sizes = []
    for count in (1, 255, 3, 300):
        acts(count)
        sizes.append(sealing().checkpoint.size)
    assert sizes == [1, 256, 259, 559]
    assert not (folder.home / "tile" / "0" / "000.p").exists()
    for index in range(0, 559, 31):
        proof = prove(index, folder)
        check_evidence(proof.entry, proof.evidence, ORIGIN, [key.public], verify)
    with pytest.raises(CaseFault, match="559 条"):
        prove(559, folder)


def test_with_nothing_new_the_checkpoint_is_signed_again_with_its_time(
    acts: Acts, sealing: Sealing, folder: LogFolder, key: LogKey
) -> None:
    acts(1)
    sealing()
    before = folder.checkpoint()
    key._clock = lambda: 2_000_000_000
    assert sealing().added == 0
    after = folder.checkpoint()
    assert before is not None
    assert after is not None
    assert before != after
    _, _, signed = open_checkpoint(after, ORIGIN, [key.public, key.timed], verify)
    assert [one.time for one in signed] == [None, 2_000_000_000]


def test_acts_written_many_at_once_wait_for_the_log_too(at: datetime) -> None:
    with acting_in(EVERYTHING):
        record_many(
            [draft(instruments_acts.SEAL_APPLIED, by=SYSTEM, at=at, instrument_id=n) for n in range(3)]
        )
        assert UnsealedAct.objects.count() == 3


def test_a_leaf_is_never_changed_or_removed(acts: Acts, sealing: Sealing) -> None:
    acts(1)
    sealing()
    for change in ("UPDATE audit_leaf SET act_id = 7", "DELETE FROM audit_leaf"):
        with pytest.raises(Exception, match="permission denied"), acting_in(EVERYTHING):
            connection.cursor().execute(change)


class Breaking:
    """Files that fail, or die, at the nth thing that is asked of them."""

    def __init__(self, files: LogFolder, at_step: int, *, after_it: bool) -> None:
        self.files, self.left, self.after_it = files, at_step, after_it

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self.files, name)
        if name not in {"write", "sync", "publish"}:
            return inner

        def step(*given: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self.after_it:
                raise OSError(28, "no space")
            inner(*given)
            if self.left == 0:
                raise OSError(110, "the answer got lost")

        return step


@pytest.mark.parametrize("after_it", [False, True], ids=["failed", "done-but-failed"])
@pytest.mark.parametrize("step", range(1, 9))
def test_a_run_that_breaks_anywhere_is_made_good_by_the_next(
    step: int, after_it: bool, acts: Acts, folder: LogFolder, key: LogKey, at: datetime, sealing: Sealing
) -> None:
    acts(250)
    sealing()
    acts(10)
    broken = Breaking(folder, step, after_it=after_it)
    try:
        seal(broken, key.sign, origin=ORIGIN, at=at)
    except OSError:
        acts(3)  # the next run finds other acts waiting than the broken one did
    sealed = sealing()
    set_scope(EVERYTHING)
    assert sealed.checkpoint.size == Act.objects.unscoped().count() == Leaf.objects.count()
    assert UnsealedAct.objects.count() == 0
    for index in (0, 249, 250, 259):
        proof = prove(index, folder)
        check_evidence(proof.entry, proof.evidence, ORIGIN, [key.public], verify)


def test_a_database_that_was_set_back_seals_nothing(acts: Acts, sealing: Sealing) -> None:
    acts(3)
    sealing()
    LogHead.objects.update(frontier=Frontier().to_bytes())
    acts(1)
    with pytest.raises(LogForked, match="set back"):
        sealing()


def test_a_log_whose_files_are_gone_or_another_s_seals_nothing(
    acts: Acts, sealing: Sealing, folder: LogFolder, key: LogKey, at: datetime
) -> None:
    acts(3)
    sealing()
    with pytest.raises(LogForked, match="not to other"):
        seal(folder, key.sign, origin="other.example/log", at=at)
    elsewhere = LogFolder(folder.home.parent / "empty")
    with pytest.raises(LogForked, match="quanheng log publish"):
        seal(elsewhere, key.sign, origin=ORIGIN, at=at)


def test_files_that_hold_another_tree_stop_the_sealing(
    acts: Acts, sealing: Sealing, folder: LogFolder
) -> None:
    acts(3)
    sealing()
    tile = folder.home / "tile" / "0" / "000.p" / "3"
    tile.write_bytes(b"\x01" + tile.read_bytes()[1:])
    with pytest.raises(LogForked, match="another tree"):
        sealing()


@pytest.mark.parametrize("verb", [instruments_acts.IMPOUNDED, instruments_acts.CERTIFICATE_REVOKED])
def test_enforcement_is_refused_once_the_log_has_stood_still_too_long(
    verb: Verb, acts: Acts, sealing: Sealing
) -> None:
    acts(1)
    set_scope(EVERYTHING)
    since = UnsealedAct.objects.get().since
    record(verb, by=SYSTEM, at=since + settings.LOG_LIMIT)
    late = since + settings.LOG_LIMIT + timedelta(seconds=1)
    with pytest.raises(RuleBroken, match="公开记录中断 4 小时") as refused:
        record(verb, by=SYSTEM, at=late)
    assert refused.value.code == "log_stands_still"
    with pytest.raises(RuleBroken, match="公开记录中断"):
        record_many([draft(verb, by=SYSTEM, at=late)])
    record(instruments_acts.SEAL_BROKEN, by=SYSTEM, at=late)
    assert lag(late) > settings.LOG_LIMIT
    sealing()
    set_scope(EVERYTHING)
    record(verb, by=SYSTEM, at=late)


def test_nothing_waits_no_time_passes(at: datetime) -> None:
    assert lag(at) == timedelta(0)
